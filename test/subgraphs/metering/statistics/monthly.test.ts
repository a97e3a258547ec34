import { setTimeout as pause } from 'node:timers/promises';
import { jsonOf } from '../../../scripts/built-hub.js';
import { openWorld, type World } from '../../../world/world.js';
import { publish, registerCity, report, theMonth } from './city.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({ settings: { HUB_HOUSEKEEPING_SECONDS: '1', HUB_STATISTICS_DAY: '1' } });
  await registerCity(world);
}, 120_000);
afterAll(() => world.close());

/** The first day of the month so many before this one, in China. */
function monthBefore(months: number): string {
  const today = new Date(Date.now() + 8 * 3_600_000);
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - months, 1))
    .toISOString()
    .slice(0, 10);
}

interface Listed {
  month: string;
  revision: number;
  content: string;
}

const published = async (): Promise<Listed[]> => {
  const { statisticsEditions } = await world
    .as('district-310101')
    .mustAsk<{ statisticsEditions: { nodes: Listed[] } }>(
      '{ statisticsEditions { nodes { month revision content } } }',
    );
  return statisticsEditions.nodes;
};
const dayOf = (month: string): string => `${month.slice(0, 8)}15`;
const judged = (month: string): Promise<unknown> => jsonOf(world, ['quality', 'run', '--date', dayOf(month)]);
const rounds = (): Promise<void> => pause(2_500);
const [earlier, later] = [monthBefore(3), monthBefore(2)];

test('nothing is published of a city that has not published, of a month whose nights have not run, nor of this one', async () => {
  await report(world, theMonth(), dayOf(earlier));
  await world.sql(`delete from metering.quality_night where date = $1`, [dayOf(earlier)]);
  await rounds();
  expect(await published()).toEqual([]);

  await report(world, theMonth());
  await publish(world);
  await rounds();
  expect(await published()).toMatchObject([{ month: '2026-01-01', revision: 1 }]);
});

test('once its nights have run, a month is published by the hub, once, and recorded before it is', async () => {
  await report(world, theMonth(), dayOf(later));
  await judged(later);
  await judged(earlier);
  for (let waited = 0; waited < 40 && (await published()).length < 3; waited++) await pause(250);
  await rounds();

  const editions = await published();
  expect(editions.map(({ month, revision }) => [month, revision])).toEqual([
    [later, 1],
    [earlier, 1],
    ['2026-01-01', 1],
  ]);
  expect(JSON.parse(editions[0]!.content)).toMatchObject({ publisher: 'hub', area: '310000', month: later });
  expect(
    await world.sql(
      `select facts::jsonb ->> 'actor' as actor, facts::jsonb ->> 'object' as object from ledger.entry
       where facts::jsonb ->> 'act' = 'STATISTICS_PUBLISHED' order by 2`,
    ),
  ).toEqual([
    { actor: 'hub', object: `310000 ${earlier.slice(0, 7)}` },
    { actor: 'hub', object: `310000 ${later.slice(0, 7)}` },
  ]);
});

test('what the hub published is acknowledged like any other, and published again by hand where figures changed', async () => {
  const { statisticsEdition: edition } = await world
    .as('district-310101')
    .mustAsk<{ statisticsEdition: { id: string; sha256: string } }>(
      `{ statisticsEdition(month: "${later}") { id sha256 } }`,
    );
  await world
    .as('district-310101')
    .mustAsk(
      `mutation { acknowledgeStatistics(id: "${edition.id}", sha256: "${edition.sha256}") { receipt } }`,
    );
  await report(
    world,
    theMonth().map((one) => ({ ...one, amount: one.amount + 9 })),
    dayOf(later),
  );
  await rounds();
  expect((await published()).filter(({ month }) => month === later)).toHaveLength(1);

  expect(await publish(world, later)).toMatchObject({ revision: 2 });
});
