import { jsonOf } from '../../../scripts/built-hub.js';
import type { Caller } from '../../../world/caller.js';
import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
let municipal: Caller;
beforeAll(async () => {
  world = await openWorld();
  const district = world.as('district-310101');
  municipal = world.as('municipal').for('PLATFORM_OPERATION');
  await has(district, {
    enterprises: [anEnterprise()],
    buildings: [aBuilding()],
    meters: [
      aMeter({ id: 'gate', level: 1 }),
      aMeter({ id: 'part', level: 2, parentId: 'gate' }),
      aMeter({ id: 'still', level: 1 }),
    ],
  });
  const days = ['2026-02-27', '2026-02-28'];
  const values = (each: (hour: number) => number): number[] =>
    Array.from({ length: 24 }, (_, hour) => each(hour));
  await district.upload(
    days.flatMap((date, day) => [
      { meter: 'gate', date, interval: 60, values: values((hour) => 10 + (hour % 2)) },
      { meter: 'part', date, interval: 60, values: values((hour) => 10.5 + (hour % 2)) },
      {
        meter: 'still',
        date,
        interval: 60,
        values: values((hour) => ((day ? hour < 3 : hour > 20) ? 5 : hour)),
      },
    ]),
  );
  await district.ask(
    'mutation { reportMonths(months: [{ meterId: "gate", month: "2026-02-01", value: "480" }]) { id } }',
  );
  await jsonOf(world, ['quality', 'run', '--from', days[0]!, '--to', days[1]!]);
}, 120_000);
afterAll(() => world.close());

interface Answer {
  data?: unknown;
  errors?: { extensions: Record<string, unknown> }[];
}

async function replayed(who: Caller, from: string, ...changes: object[]): Promise<Answer> {
  const drafted = (await municipal.ask(
    `mutation ($changes: [QualityChangeInput!]!) { proposeQualityEdition(changes: $changes, reason: "trial") { number } }`,
    { changes },
  )) as { data: { proposeQualityEdition: { number: number } } };
  const { number } = drafted.data.proposeQualityEdition;
  return who.ask(`{ replayQualityEdition(edition: ${number}, from: "${from}", to: "2026-02-28") {
    meterDays rules { rule adopted draft } examples { meterId date rule isNew } } }`);
}
const BALANCE = { rule: 'BALANCE', name: 'tolerance', value: '4' };

test('of days out of reach nothing is said', async () => {
  expect(await replayed(world.as('district-310104'), '2026-02-27', BALANCE)).toEqual({
    data: { replayQualityEdition: { meterDays: 0, rules: [], examples: [] } },
  });
  const { errors } = await replayed(world.as('service-co'), '2026-02-27', BALANCE);
  expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['SCOPE_MISSING']);
});

test.each([
  ['levels against each other', BALANCE, 'BALANCE', [0, 2], ['gate 2026-02-27', 'gate 2026-02-28']],
  [
    'days against the month',
    { rule: 'DAY_MONTH', name: 'tolerance', value: '4' },
    'DAY_MONTH',
    [0, 1],
    ['gate 2026-02-28'],
  ],
  [
    'runs over midnight',
    { rule: 'STUCK', name: 'count', value: '6' },
    'STUCK',
    [0, 2],
    ['still 2026-02-27', 'still 2026-02-28'],
  ],
])('a draft is replayed over %s', async (_name, change, rule, [adopted, draft], examples) => {
  const { data } = await replayed(municipal, '2026-02-27', change);
  const replay = (data as { replayQualityEdition: { examples: { meterId: string; date: string }[] } })
    .replayQualityEdition;

  expect(replay).toMatchObject({ meterDays: 6, rules: [{ rule, adopted, draft }] });
  expect(replay.examples.map(({ meterId, date }) => `${meterId} ${date}`)).toEqual(examples);
});

test('of a run that began before the first day asked for, the days asked for are told', async () => {
  expect(await replayed(municipal, '2026-02-28', { rule: 'STUCK', name: 'count', value: '6' })).toEqual({
    data: {
      replayQualityEdition: {
        meterDays: 3,
        rules: [{ rule: 'STUCK', adopted: 0, draft: 1 }],
        examples: [{ meterId: 'still', date: '2026-02-28', rule: 'STUCK', isNew: true }],
      },
    },
  });
});

test('jumps are those of the days before each day, as each edition counts them', async () => {
  const values = (most: number): number[] =>
    Array.from({ length: 24 }, (_, hour) => (hour === 7 ? most : 3 + (hour % 2)));
  await world.as('district-310101').upload(
    Array.from({ length: 9 }, (_, at) => ({
      meter: 'still',
      date: `2026-01-0${at + 1}`,
      interval: 60,
      values: values([5, 5, 5, 5, 5, 5, 5, 26, 15][at]!),
    })),
  );
  await jsonOf(world, ['quality', 'run', '--from', '2026-01-01', '--to', '2026-01-09']);
  const jumps = async (change: object): Promise<unknown> => {
    const { data } = await replayed(municipal, '2026-01-01', change);
    const { rules, examples } = (
      data as { replayQualityEdition: { rules: { rule: string }[]; examples: object[] } }
    ).replayQualityEdition;
    return { rules: rules.filter(({ rule }) => rule === 'JUMP'), examples };
  };

  expect(await jumps({ rule: 'JUMP', name: 'times', value: '5.2' })).toEqual({
    rules: [{ rule: 'JUMP', adopted: 1, draft: 0 }],
    examples: [{ meterId: 'still', date: '2026-01-08', rule: 'JUMP', isNew: false }],
  });
  expect(await jumps({ rule: 'JUMP', name: 'history_days', value: '8' })).toMatchObject({
    rules: [{ rule: 'JUMP', adopted: 1, draft: 0 }],
  });
});
