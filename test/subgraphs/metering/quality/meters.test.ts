import { jsonOf } from '../../../scripts/built-hub.js';
import { USCC_A } from '../../../world/parties.js';
import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

const [DAY, NEVER_JUDGED] = ['2026-03-01', '2026-03-02'] as const;

let world: World;
beforeAll(async () => {
  world = await openWorld();
  const district = world.as('district-310101');
  await has(district, {
    enterprises: [anEnterprise()],
    buildings: [aBuilding()],
    meters: ['bad', 'good', 'silent'].map((id) => aMeter({ id })),
  });
  await world.sql(`alter table metering.meter disable trigger user;
    update metering.meter set registered_at = '2026-01-01'; alter table metering.meter enable trigger user`);
  const values = Array.from({ length: 24 }, (_, hour) => hour % 3);
  await district.upload([
    { meter: 'bad', date: DAY, interval: 60, values: [-1, null, ...values.slice(2)] },
    { meter: 'good', date: DAY, interval: 60, values },
  ]);
  await jsonOf(world, ['quality', 'run', '--date', DAY]);
}, 120_000);
afterAll(() => world.close());

const MISSING = (date: string): string =>
  `{ missingMeterDays(date: "${date}", area: "310101") { nodes { meterId date area due meter { name } owner { uscc } } } }`;
const MOST = (more = ''): string =>
  `{ meterFindingCounts(from: "${DAY}", to: "${DAY}" ${more}) { meterId count meter { id } } }`;

test('to whom nothing of quality was given, neither is told; a neighbour sees none', async () => {
  for (const query of [MISSING(DAY), MOST()])
    expect(await world.as('service-co').ask(query)).toMatchObject({
      errors: [{ extensions: { code: 'SCOPE_MISSING' } }],
    });
  expect(await world.as('district-310104').ask(MISSING(DAY))).toEqual({
    data: { missingMeterDays: { nodes: [] } },
  });
  expect(await world.as('district-310104').ask(MOST())).toEqual({ data: { meterFindingCounts: [] } });
});

test.each([0, 101])('the %d meters with most findings are refused', async (most) => {
  expect(await world.as('district-310101').ask(MOST(`most: ${most}`))).toMatchObject({
    data: { meterFindingCounts: null },
    errors: [{ message: `most: must be 1 to 100, was ${most}`, extensions: { code: 'BAD_USER_INPUT' } }],
  });
});

test('meters that sent nothing are named with their owners; of a day that was not judged none', async () => {
  expect(await world.as('enterprise-a').ask(MISSING(DAY))).toEqual({
    data: {
      missingMeterDays: {
        nodes: [
          {
            ...{ meterId: 'silent', date: DAY, area: '310101', due: 24 },
            ...{ meter: { name: 'Gate' }, owner: { uscc: USCC_A } },
          },
        ],
      },
    },
  });
  expect((await world.as('district-310101').ask(MISSING(NEVER_JUDGED))).data).toEqual({
    missingMeterDays: { nodes: [] },
  });
});

test('meters are told by how many findings of theirs are in force, most first', async () => {
  const [counted] = await world.sql<{ count: number }>(
    `select count(*)::int as count from metering.finding where meter = 'bad' and superseded_at is null`,
  );
  const { data } = await world.as('enterprise-a').ask(MOST('most: 1'));
  expect(counted!.count).toBeGreaterThan(2);
  expect(data).toEqual({
    meterFindingCounts: [{ meterId: 'bad', count: counted!.count, meter: { id: 'bad' } }],
  });
});
