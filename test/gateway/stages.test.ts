import { hours, smallCity } from '../world/city.js';
import type { Caller } from '../world/caller.js';
import {
  aBuilding,
  aMeter,
  anAudit,
  anEnterprise,
  anInspection,
  aReview,
  has,
  usccOf,
} from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

const LISTS = `{ enterprises { nodes { uscc } } buildings { nodes { id } } meters { nodes { id } } energyAudits { nodes { id } }
  meteringReviews { nodes { id } } inspections { nodes { id } } batches { nodes { id } } packages { nodes { id } }
  meterDays(from: "2020-01-01", to: "2026-12-31") { nodes { date } } }`;

/** Rows of every table that holds data of callers, by table. */
const TABLES = `select relnamespace::regnamespace || '.' || relname as name, (xpath('/row/n/text()', query_to_xml(
    format('select count(*) as n from %I.%I', relnamespace::regnamespace, relname), false, true, '')))[1]::text::int as rows
  from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace::regnamespace::text
    in ('buildings', 'enterprises', 'metering', 'audits', 'inspections', 'exchange', 'ledger') order by 1`;

describe('the TEST stage is another database', () => {
  let world: World;
  let newcomer: Caller;
  beforeAll(async () => {
    world = await openWorld();
    await smallCity(world);
    newcomer = world.as('newcomer');
    // Rows of the newcomer's own district, that the city registered in the FORMAL database.
    await has(world.as('municipal').for('SUPERVISION'), things('city'));
  }, 60_000);
  afterAll(() => world.close());

  function things(name: string) {
    return {
      enterprises: [anEnterprise({ uscc: usccOf(15), name, area: '310115' })],
      buildings: [aBuilding({ id: '310115A001', name, ownerUscc: usccOf(15) })],
      meters: [aMeter({ id: 'p-gate', name, buildingId: '310115A001' })],
      audits: [anAudit({ buildingId: '310115A001' })],
      reviews: [aReview({ enterpriseUscc: usccOf(15) })],
      inspections: [anInspection({ enterpriseUscc: usccOf(15) })],
    };
  }

  const rows = async (stage: 'TEST' | 'FORMAL') =>
    Object.fromEntries(
      (await world.sql<{ name: string; rows: number }>(TABLES, [], stage)).map((table) => [
        table.name,
        table.rows,
      ]),
    );

  test('a newcomer sees nothing of the FORMAL database, not even its own district in it', async () => {
    const { data, errors } = await newcomer.ask(LISTS);

    expect(errors).toBeUndefined();
    expect(Object.values(data ?? {})).toEqual(Array(9).fill({ nodes: [] }));
    expect(
      await newcomer.ask(
        '{ me { tenant stage } building(id: "310115A001") { id } node(id: "p-gate") { id } }',
      ),
    ).toEqual({
      data: { me: { tenant: 'newcomer', stage: 'TEST' }, building: null, node: null },
    });
  });

  test('what it registers, uploads and is handed lies in the TEST database alone', async () => {
    const before = await rows('FORMAL');
    await has(newcomer, things('newcomer'));
    const { status, json } = await newcomer.upload([
      hours('p-gate', '2026-01-01', 7),
      hours('a-gate', '2026-01-01', 7),
    ]);
    const { dailyPackage } = await newcomer.mustAsk<{ dailyPackage: { id: string; blocks: number } }>(
      '{ dailyPackage(date: "2026-01-01") { id blocks } }',
    );
    const manifest = await newcomer.send('GET', `/packages/${dailyPackage.id}/manifest`);

    expect([status, json]).toMatchObject([
      200,
      { accepted: 1, quarantined: 1, reasons: { UNKNOWN_METER: 1 } },
    ]);
    expect(JSON.parse(manifest.body.toString('utf8'))).toMatchObject({
      stage: 'TEST',
      recipient: 'newcomer',
      blocks: 1,
    });
    expect(await rows('FORMAL')).toEqual(before);
    expect(await rows('TEST')).toMatchObject({
      'buildings.building': 1,
      'enterprises.enterprise': 1,
      'metering.meter': 1,
      'metering.day_block': 1,
      'audits.energy_audit': 1,
      'audits.metering_review': 1,
      'inspections.inspection': 1,
      'exchange.batch': 1,
      'exchange.package': 1,
    });
  });

  test('nobody of the FORMAL stage sees it, by list, by id or at a door', async () => {
    const { batches, packages } = await newcomer.mustAsk<
      Record<'batches' | 'packages', { nodes: [{ id: string }] }>
    >('{ batches { nodes { id } } packages { nodes { id } } }');
    const municipal = world.as('municipal').for('SUPERVISION');
    const query = `query ($batch: ID!, $package: ID!) { building(id: "310115A001") { name } batch: node(id: $batch) { id } package: node(id: $package) { id }
      consumption(area: "310115", from: "2026-01-01", to: "2026-01-01") { total } }`;
    const ids = { batch: batches.nodes[0].id, package: packages.nodes[0].id };

    expect(await municipal.ask(query, ids)).toEqual({
      data: { building: { name: 'city' }, batch: null, package: null, consumption: { total: '0' } },
    });
    for (const path of [
      `/packages/${ids.package}/manifest`,
      `/packages/${ids.package}/parts/1`,
      `/upload/batches/${ids.batch}/quarantine`,
    ])
      expect([path, (await municipal.send('GET', path)).status]).toEqual([path, 404]);
  });

  test('its decisions are in the ledger of its own database', async () => {
    const tenants = async (stage: 'TEST' | 'FORMAL') =>
      (
        await world.sql<{ tenant: string }>(
          `select distinct facts::json ->> 'tenant' as tenant from ledger.entry`,
          [],
          stage,
        )
      ).map(({ tenant }) => tenant);

    expect(await tenants('TEST')).toEqual(['newcomer']);
    expect(await tenants('FORMAL')).not.toContain('newcomer');
  });
});
