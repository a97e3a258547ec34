import { type Caller } from '../../../world/caller.js';
import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';
import { aCase, codes, date, estimatesOf, estimating, hours, mustEstimate, sumOf } from './working.js';

let world: World;
let district: Caller;
beforeAll(async () => {
  world = await openWorld();
  district = world.as('district-310101');
  const ids = ['refused', 'linear', 'week', 'several', 'level'];
  await has(district, {
    enterprises: [anEnterprise()],
    buildings: [aBuilding()],
    meters: ids.map((id) => aMeter({ id, installedOn: date(1) })),
  });
}, 120_000);
afterAll(() => world.close());

const EVIDENCE = 'ab'.repeat(32);
const messages = ({ errors }: { errors?: { message: string }[] }): string | undefined => errors?.[0]?.message;

describe('refusals', () => {
  let id: string;
  beforeAll(async () => {
    await district.upload([hours('refused', 5, 1), hours('refused', 6, 1, { 3: null })]);
    id = await aCase(world, 'refused', 'COMPLETENESS', [5, 6], { isAssigned: false });
  });
  afterEach(async () => {
    expect(await estimatesOf(district, 'refused', true)).toEqual([]);
  });

  test('no case, a case that is not assigned, and who may not', async () => {
    const ask = (who: Caller, of = id) => estimating(who, of, 'LINEAR', [6, 6]);
    expect(codes(await ask(district, 'cas_0'))).toEqual(['NOT_FOUND']);
    expect(messages(await ask(district))).toBe('The case is OPEN; it is not ESTIMATED from there.');
    expect(codes(await ask(world.as('district-310104')))).toEqual(['NOT_FOUND']);
    expect(codes(await ask(world.as('enterprise-a')))).toEqual(['WRONG_STATE']);
    expect(codes(await ask(world.as('national')))).toEqual(['SCOPE_MISSING']);
    await aCase(world, 'refused', 'COMPLETENESS', [5, 6]);
    expect(codes(await ask(world.as('enterprise-a')))).toEqual(['ROW_OUT_OF_REACH']);
  });

  // prettier-ignore
  test.each([
    ['a day of which nothing is missing', 'LINEAR', [5, 5], {}, 'Nothing is missing from 2026-01-05 to 2026-01-05.'],
    ['too little for the method', 'SAME_DAY_LAST_WEEK', [6, 6], {}, 'needs 1 measured values without a finding seven days before'],
    ['too few like days', 'LOAD_PROFILE', [6, 6], {}, 'needs 3 WORKING days measured whole'],
    ['days that the case is not about', 'LINEAR', [6, 9], {}, 'The case is about 2026-01-05 to 2026-01-06.'],
    ['days that end before they begin', 'LINEAR', [6, 5], {}, 'from and to: 1 to 31 days, were 0.'],
    ['no reason', 'LINEAR', [6, 6], { note: ' ' }, 'note: say why'],
    ['by hand without evidence', 'MANUAL', [6, 6], { values: Array<null>(24).fill(null) }, 'evidenceSha256: MANUAL takes evidence.'],
    ['by hand without values', 'MANUAL', [6, 6], { evidence: EVIDENCE }, 'MANUAL takes them'],
    ['values for another method', 'LINEAR', [6, 6], { values: [1] }, 'no other method does'],
    ['too few values', 'MANUAL', [6, 6], { values: [1], evidence: EVIDENCE }, '2026-01-06 has 24 intervals, were 1'],
    ['a value for what was measured', 'MANUAL', [6, 6], { values: Array<number>(24).fill(1), evidence: EVIDENCE }, '2026-01-06 interval 0 was measured'],
    ['a negative value', 'MANUAL', [6, 6], { values: Array.from({ length: 24 }, (_, hour) => (hour === 3 ? -1 : null)), evidence: EVIDENCE }, 'below 0, which the rule NEGATIVE allows'],
  ] as const)('%s', async (_what, method, days, more, message) => {
    const reply = await estimating(district, id, method, [...days], more as object);
    expect([codes(reply), messages(reply)]).toEqual([['BAD_USER_INPUT'], expect.stringContaining(message)]);
  });

  test('a day that is not over', async () => {
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    await world.sql(`insert into metering.finding (rule, edition, meter, area, subject, date, last_date, found_by)
      select 'COMPLETENESS', 1, 'refused', '310101', subject, '${today}', '${today}', 'NIGHTLY' from metering.meter where id = 'refused'`);
    const reply = await district.ask(
      `mutation { estimateDays(id: "${id}", from: "${today}", to: "${today}", method: LINEAR, note: "x") { date } }`,
    );
    expect(messages(reply)).toContain('is not over where the meter stands');
  });

  test('a case that is closed', async () => {
    await district.mustAsk(`mutation { explainCase(id: "${id}", note: "x") { status } }`);
    await district.mustAsk(`mutation { closeCase(id: "${id}", note: "x") { status } }`);
    expect(codes(await estimating(district, id, 'LINEAR', [6, 6]))).toEqual(['WRONG_STATE']);
  });
});

test('what is missing is estimated beside what was measured: the total stays, and says what it holds', async () => {
  await district.upload([hours('linear', 5, 2), hours('linear', 6, 2, { 9: 2, 10: null, 11: null, 12: 8 })]);
  const id = await aCase(world, 'linear', 'COMPLETENESS', [6]);
  const before = await sumOf(district, 'meter(id: "linear")', [5, 6]);
  expect(before).toMatchObject({ total: '120', estimatedTotal: '0', estimatedValues: 0, isComplete: false });

  const [preview] = await mustEstimate(district, id, 'LINEAR', [6, 6], { field: 'estimatePreview' });
  expect(preview).toMatchObject({ version: 0, total: '10', estimated: 2, note: null });
  expect(await estimatesOf(district, 'linear', true)).toEqual([]);

  const [made] = await mustEstimate(district, id, 'LINEAR', [6, 6]);
  expect(made).toMatchObject({
    version: 1,
    change: 'ESTIMATED',
    total: '10',
    estimated: 2,
    method: 'LINEAR',
    isBounded: false,
    estimatedBy: 'district-310101',
    parameters: [
      { name: '10.after', value: '8' },
      { name: '10.before', value: '2' },
    ],
    madeFrom: [{ date: date(6), version: 1 }],
  });
  expect(made!.values.slice(9, 13)).toEqual([null, '4', '6', null]);
  expect(await sumOf(district, 'meter(id: "linear")', [5, 6])).toEqual({
    total: '120',
    present: 46,
    estimatedTotal: '10',
    replacedTotal: '0',
    estimatedValues: 2,
    isComplete: true,
  });
  expect(await sumOf(district, 'meter(id: "linear")', [5, 6], '')).toMatchObject({
    total: '120',
    estimatedTotal: null,
    isComplete: null,
  });
  const { case: held } = await district.mustAsk<{ case: object }>(
    `{ case(id: "${id}") { status events { event note } } }`,
  );
  expect(held).toMatchObject({ status: 'ESTIMATED' });
  expect((held as { events: object[] }).events.at(-1)).toEqual({
    event: 'ESTIMATED',
    note: 'the link was down',
  });
});

test('each interval says where its value comes from, and by hours and days a series does', async () => {
  const intervals = (withEstimates: boolean) =>
    district.mustAsk<{ meter: { intervals: { nodes: unknown[] } } }>(`{ meter(id: "linear") {
      intervals(first: 3, after: ${JSON.stringify(Buffer.from('["MeterInterval",540]').toString('base64url'))}, date: "${date(6)}", withEstimates: ${withEstimates}) {
        nodes { startMinute value source method } } } }`);
  const none = { value: null, source: null, method: null };
  const last = { startMinute: 720, value: '8', source: 'MEASURED', method: null };
  expect((await intervals(false)).meter.intervals.nodes).toEqual([
    { startMinute: 600, ...none },
    { startMinute: 660, ...none },
    last,
  ]);
  const estimated = { source: 'ESTIMATED', method: 'LINEAR' };
  expect((await intervals(true)).meter.intervals.nodes).toEqual([
    { startMinute: 600, value: '4', ...estimated },
    { startMinute: 660, value: '6', ...estimated },
    last,
  ]);
  const series = async (step: string, first: number) =>
    (
      await district.mustAsk<{
        meter: { consumptionSeries: { nodes: object[] } };
      }>(`{ meter(id: "linear") { consumptionSeries(
        first: ${first}, step: ${step}, from: "${date(6)}", to: "${date(7)}", withEstimates: true) {
        nodes { hour total estimatedTotal replacedTotal isComplete } } } }`)
    ).meter.consumptionSeries.nodes;
  expect((await series('HOUR', 12)).slice(9)).toEqual([
    { hour: 9, total: '2', estimatedTotal: '0', replacedTotal: '0', isComplete: true },
    { hour: 10, total: null, estimatedTotal: '4', replacedTotal: '0', isComplete: true },
    { hour: 11, total: null, estimatedTotal: '6', replacedTotal: '0', isComplete: true },
  ]);
  expect(await series('DAY', 2)).toEqual([
    { hour: null, total: '60', estimatedTotal: '10', replacedTotal: '0', isComplete: true },
    { hour: null, total: null, estimatedTotal: '0', replacedTotal: '0', isComplete: false },
  ]);
});

test('days that never came are estimated whole, in the sums of building, owner and area too; the month says so', async () => {
  await district.upload(Array.from({ length: 7 }, (_, day) => hours('week', 5 + day, 1 + day)));
  const id = await aCase(world, 'week', 'NOT_UPLOADED', [12, 13]);
  const of = 'building(id: "310101A001")';
  const before = await sumOf(district, of, [12, 13]);
  const made = await mustEstimate(district, id, 'SAME_DAY_LAST_WEEK', [12, 13]);
  expect(made.map(({ date: day, total, estimated }) => [day, total, estimated])).toEqual([
    [date(12), '36', 24],
    [date(13), '60', 24],
  ]);
  for (const one of [of, 'enterprise(uscc: "91310101HUB000011G")', ''])
    expect(await sumOf(district, one, [12, 13])).toMatchObject({
      total: before.total,
      estimatedTotal: '96',
      estimatedValues: 48,
    });
  expect(await sumOf(district, 'meter(id: "week")', [5, 13])).toMatchObject({
    total: '756',
    estimatedTotal: '96',
    isComplete: true,
  });
});

test('a case is estimated in parts by several methods; what is withdrawn stays to be seen, and what is closed stays', async () => {
  await district.upload([hours('several', 5, 1, { 3: null }), hours('several', 6, 1, { 20: null })]);
  const id = await aCase(world, 'several', 'COMPLETENESS', [5, 6]);
  const given = Array.from({ length: 24 }, (_, hour) => (hour === 20 ? '7.25' : null));
  await mustEstimate(district, id, 'LINEAR', [5, 5]);
  await mustEstimate(district, id, 'MANUAL', [6, 6], { values: given, evidence: EVIDENCE });
  const withdraw = (day: number) =>
    district.ask(
      `mutation { withdrawEstimate(id: "${id}", date: "${date(day)}", note: "the log was found") { change estimated } }`,
    );
  expect(codes(await withdraw(7))).toEqual(['WRONG_STATE']);
  expect((await withdraw(6)).data).toEqual({ withdrawEstimate: { change: 'WITHDRAWN', estimated: 0 } });
  expect(codes(await withdraw(6))).toEqual(['WRONG_STATE']);
  expect(await sumOf(district, 'meter(id: "several")', [5, 6])).toMatchObject({
    estimatedTotal: '1',
    isComplete: false,
  });
  const history = await estimatesOf(district, 'several', true);
  expect(
    history.map(({ date: day, version, change, note, supersededAt }) => [
      day,
      version,
      change,
      note,
      supersededAt !== null,
    ]),
  ).toEqual([
    [date(5), 1, 'ESTIMATED', 'the link was down', false],
    [date(6), 1, 'ESTIMATED', 'the link was down', true],
    [date(6), 2, 'WITHDRAWN', 'the log was found', false],
  ]);
  await district.mustAsk(`mutation { closeCase(id: "${id}", note: "x") { status } }`);
  expect(codes(await withdraw(5))).toEqual(['WRONG_STATE']);
});
