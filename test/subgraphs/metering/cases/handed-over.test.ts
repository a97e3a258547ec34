import { smallCity, USCC_B } from '../../../world/city.js';
import { USCC_A } from '../../../world/parties.js';
import { aMeter, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  await has(world.as('district-310101'), { meters: [aMeter({ id: 'sold' })] });
  await finds('310101', USCC_A, '2026-01-05');
}, 120_000);
afterAll(() => world.close());

/** As the engine would. */
const finds = (area: string, subject: string, date: string): Promise<unknown> =>
  world.sql(
    `insert into metering.finding (rule, edition, meter, area, subject, date, last_date, version, found_by)
     values ('STUCK', 1, 'sold', $1, $2, $3, $3, 1, 'NIGHTLY')`,
    [area, subject, date],
  );

interface Row {
  findingCount: number;
  lastDate: string;
}
const casesOf = async (tenant: string): Promise<Row[]> =>
  (
    await world
      .as(tenant)
      .mustAsk<{ cases: { nodes: Row[] } }>('{ cases(meterId: "sold") { nodes { findingCount lastDate } } }')
  ).cases.nodes;

test('what is found of a meter after it changed hands is no part of its former owner’s case', async () => {
  await finds('310101', USCC_B, '2026-02-01');

  expect(await casesOf('enterprise-a')).toEqual([{ findingCount: 1, lastDate: '2026-01-05' }]);
  expect(await casesOf('district-310101')).toHaveLength(2);
});

test('nor of the district’s in which it stood', async () => {
  await finds('310104', USCC_A, '2026-03-01');

  expect((await casesOf('district-310101')).map(({ lastDate }) => lastDate)).not.toContain('2026-03-01');
});

test('what is found again of whose it is joins its case', async () => {
  await finds('310101', USCC_B, '2026-02-02');

  expect(await casesOf('district-310101')).toContainEqual({ findingCount: 2, lastDate: '2026-02-02' });
});
