import { correctableDays } from '../../../../subgraphs/metering/corrections/repository.js';
import type { Ask } from '../../../../subgraphs/metering/quality/judging/judge-stored.js';
import { runQualityNight } from '../../../../subgraphs/metering/quality/nights/repository.js';
import { ReadingsWorld, testServer } from '../readings/readings-world.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has({ id: 'm1', registered_at: '2026-01-01T00:00:00Z' });
});

type Values = (number | null)[];

/** 24 values that differ, with some set: `[from, to, value]`, the last one included. */
const hours = (...set: [number, number, number | null][]): Values =>
  Array.from({ length: 24 }, (_, hour) => {
    const found = set.find(([from, to]) => hour >= from && hour <= to);
    return found ? found[2] : 1 + (hour % 7) / 10;
  });
const line = (day: number, values: Values, meter = 'm1'): string =>
  `${JSON.stringify({ meter, date: `2026-03-0${day}`, interval: 1440 / values.length, values })}\n`;
const LINES: Record<string, string> = {
  evening: line(1, hours([16, 23, 5])),
  morning: line(2, hours([0, 3, 5])),
  quiet: line(2, hours()),
};

interface Row {
  rule: string;
  from: string;
  to: string;
  count: string;
}
const findings = (where = 'superseded_at is null'): Promise<Row[]> =>
  world.rows<Row>(
    `select rule, to_char(date, 'DD') || ' ' || first_interval as from, to_char(last_date, 'DD') || ' ' || last_interval as to,
       evidence ->> 'count' as count
     from metering.finding where ${where} and first_interval is not null order by date, first_interval, last_date`,
  );
const spans = async (): Promise<string[]> =>
  (await findings()).map(({ rule, from, to, count }) => `${rule} ${from} to ${to}: ${count}`);

const night = (date: string): Promise<object[]> =>
  world
    .session('hub', { 'quality:write': { areas: [''], subjects: [] } })
    .transaction((client) =>
      runQualityNight((async (sql, bound) => (await client.query(sql, bound)).rows) as Ask, date),
    );

const correct = (day: number, values: Values): Promise<unknown> => {
  const reach = { areas: ['310101'], subjects: [] };
  const approver = world.session('approver', { 'corrections:approve': reach, 'readings:read': reach });
  return correctableDays.apply(approver, {
    correction: `cor_of_${day}`,
    proposedBy: 'district',
    target: { kind: 'METER_DAY', record: 'm1', date: `2026-03-0${day}` },
    after: { interval: 60, values: values.map(String) },
    version: 1,
  } as never);
};

describe('is no run', () => {
  test.each<[string, string[]]>([
    ['one value fewer than the bound', [line(1, hours([17, 23, 5])), line(2, hours([0, 3, 5]))]],
    ['another value after midnight', [line(1, hours([16, 23, 5])), line(2, hours([0, 10, 6]))]],
    [
      'a missing value at midnight',
      [line(1, hours([16, 22, 5], [23, 23, null])), line(2, hours([0, 10, 5]))],
    ],
    ['a day between that did not come', [line(1, hours([16, 23, 5])), line(3, hours([0, 10, 5]))]],
    [
      'the same after another interval',
      [line(1, hours([16, 23, 5])), line(2, [...hours([0, 3, 5]), ...hours()])],
    ],
    ['zeros for an hour less than a day', [line(1, hours([12, 23, 0])), line(2, hours([0, 10, 0]))]],
  ])('%s', async (_name, lines) => {
    await world.upload(lines.join(''));

    expect(await spans()).toEqual([]);
  });

  test('what goes on at another owner’s', async () => {
    await world.upload(LINES['evening']!);
    await world.rows(`update metering.meter set subject = 'B'`);
    await world.upload(LINES['morning']!);

    expect(await spans()).toEqual([]);
  });
});

test.each([
  ['in their order', ['evening', 'morning']],
  ['the later first', ['morning', 'evening']],
])('a run over midnight is one finding of its whole length, days that come %s', async (_name, order) => {
  for (const name of order) await world.upload(LINES[name]!);

  expect(await spans()).toEqual(['STUCK 01 16 to 02 3: 12']);
  expect(await world.rows(`select evidence from metering.finding where rule <> 'LATE'`)).toEqual([
    { evidence: { value: '5', count: '12', bound: '12' } },
  ]);
});

test('values alike at another scale, or brought by single readings, are alike', async () => {
  await world.upload(LINES['evening']!.replace('1.1', '1.125'));
  await world.upload(
    ['01', '02', '03', '00']
      .map((hour) => `{"meter":"m1","time":"2026-03-02T${hour}:00","value":5}\n`)
      .join(''),
  );

  expect(await spans()).toEqual(['STUCK 01 16 to 02 3: 12']);
});

test('a counter that stands still from one noon to the next used nothing all that time', async () => {
  await world.has({ id: 'counter', kind: 'REGISTER' });
  const showing = (of: (hour: number) => number): Values => Array.from({ length: 24 }, (_, hour) => of(hour));
  await world.upload(
    line(
      1,
      showing((hour) => Math.min(hour, 11)),
      'counter',
    ),
  );
  await world.upload(
    line(
      2,
      showing((hour) => Math.max(0, hour - 11) ** 2 + 11),
      'counter',
    ),
  );

  expect(await spans()).toEqual(['ZERO_RUN 01 12 to 02 11: 24']);
});

test('a run takes the place of what a day by itself was found to have, and of a shorter run', async () => {
  await world.upload(line(3, hours([0, 23, 0])) + line(2, hours([18, 23, 0])));
  expect(await spans()).toEqual(['ZERO_RUN 02 18 to 03 23: 30']);
  await world.upload(line(4, hours([0, 1, 0])));

  expect(await spans()).toEqual(['ZERO_RUN 02 18 to 04 1: 32']);
  expect(await findings('superseded_at is not null')).toHaveLength(2);
});

test('the day that joins two runs makes them one', async () => {
  const whole = hours([0, 23, 0]);
  await world.upload(line(1, whole) + line(2, whole) + line(4, whole) + line(5, whole));
  expect(await spans()).toEqual(['ZERO_RUN 01 0 to 02 23: 48', 'ZERO_RUN 04 0 to 05 23: 48']);
  await world.upload(line(3, whole));

  expect(await spans()).toEqual(['ZERO_RUN 01 0 to 05 23: 120']);
});

test('a run that a correction cuts falls apart into what is left of it', async () => {
  const whole = hours([0, 23, 0]);
  for (let day = 1; day <= 5; day++) await world.upload(line(day, whole));
  await correct(4, hours([0, 2, 0]));

  expect(await spans()).toEqual(['ZERO_RUN 01 0 to 04 2: 75', 'ZERO_RUN 05 0 to 05 23: 24']);
});

test('what a day had by itself holds again when the run does not, and other runs of that day stay', async () => {
  await world.upload(line(1, hours([0, 5, 5], [8, 23, 4])) + line(2, hours([0, 1, 4])));
  expect(await spans()).toEqual(['STUCK 01 8 to 02 1: 18']);
  await world.upload(LINES['quiet']!);

  expect(await spans()).toEqual(['STUCK 01 8 to 01 23: 16']);
});

test('the same again changes nothing, nor does the night; history from before the rules is joined by it', async () => {
  await world.upload(LINES['evening']! + LINES['morning']!);
  const ofRuns = `select * from metering.finding where rule = 'STUCK'`;
  const stored = await world.rows(ofRuns);
  await world.upload(LINES['evening']! + LINES['morning']!);
  await night('2026-03-02');
  expect(await world.rows(ofRuns)).toEqual(stored);

  await world.rows('truncate metering.run_edge');
  await world.rows('update metering.finding set superseded_at = now()');
  await night('2026-03-02');
  expect(await spans()).toEqual(['STUCK 01 16 to 02 3: 12']);
});

test('values of a run over midnight count as values with a finding, each once', async () => {
  await world.upload(line(1, hours([8, 23, 4])) + line(2, hours([0, 1, 4])) + line(3, hours()));
  for (const day of [1, 2, 3]) await night(`2026-03-0${day}`);

  expect(await world.rows('select marked from metering.quality_day order by date')).toEqual([
    { marked: 16 },
    { marked: 2 },
    { marked: 0 },
  ]);
});

describe('a case of a run', () => {
  const cases = (): Promise<object[]> =>
    world.rows(
      `select status, last_date::text as until, finding_count as findings from metering.quality_case where rule = 'STUCK'`,
    );
  const close = async (): Promise<void> => {
    const platform = world.session('district', { 'quality:write': { areas: ['31'], subjects: [] } });
    for (const step of ['EXPLAINED', 'CLOSED'])
      await platform.transaction((client) =>
        client.query(
          `insert into metering.case_event (case_id, event, actor, note) select id, $1, 'PLATFORM', 'nobody is in' from metering.quality_case`,
          [step],
        ),
      );
  };

  test('knows it when it is closed, and opens again when the run went on', async () => {
    await world.upload(LINES['evening']! + line(2, hours([0, 23, 5])));
    await close();
    await world.rows(`update metering.finding set superseded_at = now() where rule = 'STUCK'`);
    await night('2026-03-02');
    expect(await cases()).toEqual([{ status: 'CLOSED', until: '2026-03-02', findings: 1 }]);

    await world.upload(line(3, hours([0, 1, 5])));
    expect(await cases()).toEqual([{ status: 'OPEN', until: '2026-03-03', findings: 2 }]);
  });

  test('does not open again for what a correction leaves of the run', async () => {
    const whole = hours([0, 23, 5]);
    await world.upload(line(1, whole) + line(2, whole) + line(3, whole));
    await close();
    await correct(2, hours());

    expect(await spans()).toEqual(['STUCK 01 0 to 01 23: 24', 'STUCK 03 0 to 03 23: 24']);
    expect(await cases()).toEqual([{ status: 'CLOSED', until: '2026-03-03', findings: 1 }]);
  });
});
