import { aConsent, addScope, aScope, recordConsents, revokeConsent } from '../world/admin.js';
import { hours, smallCity } from '../world/city.js';
import { USCC_A } from '../world/parties.js';
import { openWorld, type World } from '../world/world.js';

const NOW = new Date();
/** The first day of a month, counted from this one. */
const firstOf = (months: number): string =>
  new Date(Date.UTC(NOW.getUTCFullYear(), NOW.getUTCMonth() + months, 1)).toISOString().slice(0, 10);

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  const days = ['2026-01-31', '2026-02-01', '2026-02-27', '2026-02-28', '2026-03-01', firstOf(0)];
  await world.as('district-310101').upload(days.map((date, place) => hours('a-gate', date, 10 ** place)));
  const terms = { categories: ['buildings', 'meters', 'readings', 'enterprises'], finest: 'MONTH' };
  await addScope(
    world,
    aScope({ tenant: 'service-co', area: '310101', category: 'packages', purposes: ['ENERGY_SERVICE'] }),
  );
  await recordConsents(world, world.as('enterprise-a'), aConsent(terms));
}, 60_000);
afterAll(() => world.close());

const PLACES = ['', `enterprise(uscc: "${USCC_A}")`, 'building(id: "310101A001")', 'meter(id: "a-gate")'];
const at = (place: string, field: string): string =>
  place === '' ? `{ ${field} }` : `{ it: ${place} { ${field} } }`;

type Reply = { errors?: readonly { extensions: Record<string, unknown> }[] };
const ruleOf = ({ errors }: Reply): unknown[] => [
  errors?.[0]?.extensions['code'],
  errors?.[0]?.extensions['rule'],
];

describe.each(PLACES)('who may be told months alone, asking about %p', (place) => {
  test.each([
    ['a day', 'consumption(from: "2026-02-01", to: "2026-02-01") { total }'],
    ['all days of a month but one', 'consumption(from: "2026-02-01", to: "2026-02-27") { total }'],
    ['a month and a day more', 'consumption(from: "2026-01-31", to: "2026-02-28") { total }'],
    ['a month that is not over', `consumption(from: "${firstOf(0)}", to: "${firstOf(1)}") { total }`],
    [
      'a month as of a moment',
      `consumption(from: "2026-02-01", to: "2026-02-28", asOf: "${NOW.toISOString()}") { total }`,
    ],
    [
      'a month with its estimates, which are of days',
      'consumption(from: "2026-02-01", to: "2026-02-28", withEstimates: true) { total }',
    ],
    [
      'estimates',
      'consumption(from: "2026-02-01", to: "2026-02-28", withEstimates: true) { total estimatedTotal }',
    ],
    ['days', 'consumptionSeries(step: DAY, from: "2026-02-01", to: "2026-02-28") { nodes { total } }'],
    ['hours', 'consumptionSeries(step: HOUR, from: "2026-02-01", to: "2026-02-28") { nodes { total } }'],
    [
      'months cut short',
      'consumptionSeries(step: MONTH, from: "2026-02-02", to: "2026-03-31") { nodes { total } }',
    ],
  ])('is refused %s, and told what to ask for', async (_what, field) => {
    const reply = await world.as('service-co').ask(at(place, field));

    expect(ruleOf(reply)).toEqual(['ROW_OUT_OF_REACH', 'limits/month']);
    expect(reply.errors?.[0]?.extensions['remedy']).toMatch(/^Ask for consumption by months or years/);
  });

  test('is given whole months, as the subject itself is', async () => {
    const sum = at(
      place,
      'consumption(from: "2026-01-01", to: "2026-02-28") { total meters meterDays unit }',
    );
    const months = at(
      place,
      'consumptionSeries(step: MONTH, from: "2026-01-01", to: "2026-03-31") { nodes { from total present } }',
    );
    for (const query of [sum, months]) {
      const answer = await world.as('service-co').mustAsk(query);
      expect(answer).toEqual(await world.as('enterprise-a').mustAsk(query));
      expect(JSON.stringify(answer)).toMatch(/"total":"[1-9]/);
    }
  });
});

test('no day leaves: not online, not in a package, not in a breakdown or the year as coal', async () => {
  const recipient = world.as('service-co');
  const online = await recipient.mustAsk(
    `{ meterDays(from: "2026-02-01", to: "2026-02-28") { nodes { total } } meter(id: "a-gate") { days(from: "2026-02-01", to: "2026-02-28") { nodes { total } } } }`,
  );
  expect(online).toEqual({ meterDays: { nodes: [] }, meter: { days: { nodes: [] } } });
  for (const query of [
    '{ building(id: "310101A001") { energyBreakdown(energyClass: "01", from: "2026-02-01", to: "2026-02-28") { total { total } } } }',
    `{ comprehensiveEnergy(uscc: "${USCC_A}", year: 2026, basis: EQUIVALENT) { value } }`,
  ])
    expect(ruleOf(await recipient.ask(query))).toEqual(['ROW_OUT_OF_REACH', 'limits/month']);
});

test('a package says of its meters that months alone may be seen, whether their day is there or not', async () => {
  const missing = async (day: string): Promise<unknown> => {
    const { dailyPackage } = await world
      .as('service-co')
      .mustAsk<{ dailyPackage: { manifestUrl: string } }>(`{ dailyPackage(date: "${day}") { manifestUrl } }`);
    const { body } = await world.as('service-co').send('GET', dailyPackage.manifestUrl);
    const manifest = JSON.parse(body.toString('utf8')) as { blocks: number; missing: unknown[] };
    expect(manifest.blocks).toBe(0);
    return manifest.missing;
  };
  const there = await missing('2026-02-01');
  expect(there).toContainEqual({ meter: 'a-gate', reason: 'MONTH_ONLY' });
  expect(await missing('2026-02-02')).toEqual(there);
});

test('a finer consent beside it opens the days again', async () => {
  const [finer = ''] = await recordConsents(
    world,
    world.as('enterprise-a'),
    aConsent({ categories: ['readings'], finest: 'DAY', meterLevels: [1] }),
  );
  const day = at('meter(id: "a-gate")', 'consumption(from: "2026-02-01", to: "2026-02-01") { total }');
  expect(await world.as('service-co').mustAsk(day)).toEqual(await world.as('district-310101').mustAsk(day));
  await revokeConsent(world.as('enterprise-a'), finer);
  await world.registryCatchesUp();
  expect(ruleOf(await world.as('service-co').ask(day))).toEqual(['ROW_OUT_OF_REACH', 'limits/month']);
});
