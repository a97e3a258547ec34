import { daily } from '../../exchange/packages.js';
import { aConsent, recordConsents } from '../../world/admin.js';
import { smallCity, USCC_B, USCC_NORTH } from '../../world/city.js';
import { USCC_A } from '../../world/parties.js';
import { openWorld, type World } from '../../world/world.js';
import { toldBy } from './told.js';

const NAMES: Record<string, string> = { [USCC_A]: 'A', [USCC_B]: 'B', [USCC_NORTH]: 'North' };

describe.each(['together', 'apart'] as const)('what answers tell of whom, rooms %s', (rooms) => {
  let world: World;
  let pkg: string;
  beforeAll(async () => {
    world = await openWorld({ rooms });
    await smallCity(world);
    pkg = (await daily(world.as('district-310101'), '2026-01-01')).id;
  }, 120_000);
  afterAll(() => world.close());

  /** `category subject amount` of what was told. */
  async function brief(party: string, query: string): Promise<string[]> {
    const { told } = await toldBy(world, () => world.as(party).ask(query));
    return told.map(({ category, subject, amount }) => `${category} ${NAMES[subject]} ${amount}`).sort();
  }

  test('nothing is told by a refusal, an empty answer, a question about the caller, or an enterprise’s own data', async () => {
    expect(await brief('district-310104', '{ building(id: "310101A001") { id } }')).toEqual([]);
    expect(await brief('service-co', '{ buildings { nodes { id } } }')).toEqual([]);
    expect(await brief('scopeless', '{ buildings { nodes { id } } me { tenant } }')).toEqual([]);
    expect(
      await brief(
        'enterprise-a',
        '{ meters { nodes { id days(from: "2026-01-01", to: "2026-01-02") { nodes { total } } } } }',
      ),
    ).toEqual([]);
  });

  test('progress tells of each unit that was counted, though the answer names none of them', async () => {
    const counted = ['enterprises A 1', 'meters A 0', 'quality A 0'];
    expect(await brief('district-310101', '{ accessProgress { nodes { uploading } } }')).toEqual(counted);
    expect(await brief('district-310101', '{ accessReportsDue { nodes { units } } }')).toEqual([
      'enterprises A 0',
    ]);
  });

  test('a query over four rooms tells each subject of its rows, a category at a time', async () => {
    const query = `{ buildings { nodes { id owner { name } meters { nodes { id } } energyAudits { nodes { year } } } } }`;

    expect(await brief('district-310101', query)).toEqual([
      'audits A 2',
      'audits B 1',
      'buildings A 2',
      'buildings B 1',
      'enterprises A 1',
      'enterprises B 1',
      'meters A 3',
      'meters B 1',
    ]);
  });

  test('of readings the values count, in nested lists and in those of all meters', async () => {
    const nested =
      '{ meter(id: "a-gate") { days(from: "2026-01-01", to: "2026-01-02") { nodes { total } } } }';
    const all = '{ meterDays(from: "2026-01-01", to: "2026-01-02") { nodes { values } } }';

    expect(await brief('district-310101', nested)).toEqual(['meters A 1', 'readings A 48']);
    expect(await brief('district-310101', all)).toEqual(['readings A 48', 'readings B 24']);
  });

  test('a sum tells each subject whose readings went into it', async () => {
    const period = 'from: "2026-01-01", to: "2026-01-02"';

    expect(await brief('national', `{ consumption(${period}, energyItem: "01000") { total } }`)).toEqual([
      'readings A 48',
      'readings B 24',
      'readings North 24',
    ]);
    expect(
      await brief('district-310101', `{ building(id: "310101A001") { consumption(${period}) { total } } }`),
    ).toEqual(['buildings A 1', 'readings A 48']);
  });

  test('a page tells of its own rows, by their cursors too, and of none that would follow', async () => {
    expect(
      await brief('district-310101', '{ buildings(first: 1) { nodes { id } edges { node { id } } } }'),
    ).toEqual(['buildings A 1']);
    expect(await brief('district-310101', '{ buildings(first: 1) { pageInfo { endCursor } } }')).toEqual([
      'buildings A 1',
    ]);
  });

  test('a row counts once an answer, in however many lists and other ways it was found', async () => {
    const ways = `{ one: buildings(first: 1) { nodes { id } } again: buildings(first: 1) { nodes { name } } building(id: "310101A001") { area } }`;

    expect(await brief('district-310101', ways)).toEqual(['buildings A 1']);
  });

  test('node(id) tells that there is such a thing, or what was asked of it', async () => {
    expect(await brief('district-310101', '{ node(id: "b-gate") { id } }')).toEqual(['meters B 0']);
    expect(await brief('district-310101', '{ node(id: "b-gate") { ... on Meter { name } } }')).toEqual([
      'meters B 1',
    ]);
    expect(await brief('district-310104', '{ node(id: "b-gate") { id } }')).toEqual([]);
  });

  test('who registers something is told what was registered', async () => {
    const meter = `{ id: "b-new", name: "New", buildingId: "310101A002", level: 2, energyItem: "01A00", unit: "kWh", intervalMinutes: 60, timeZone: "Asia/Shanghai" }`;

    expect(await brief('district-310101', `mutation { registerMeters(meters: [${meter}]) { id } }`)).toEqual([
      'meters B 1',
    ]);
  });

  test('when what it tells cannot be recorded, no answer leaves', async () => {
    await world.sql('revoke insert on ledger.disclosure from hub_gateway');
    try {
      const { data, errors } = await world.as('district-310101').ask('{ buildings { nodes { id } } }');
      expect([data ?? null, errors]).toMatchObject([null, [{ extensions: { code: 'INTERNAL' } }]]);
      const part = await world.as('district-310101').send('GET', `/packages/${pkg}/parts/1`);
      expect([part.status, part.body.toString('utf8')]).toEqual([500, expect.stringContaining('INTERNAL')]);
      expect((await world.as('district-310101').ask('{ me { tenant } }')).data).toBeTruthy();
    } finally {
      await world.sql('grant insert on ledger.disclosure to hub_gateway');
    }
  });

  test('a third party is told under the consents that cover it, and under no others', async () => {
    const [buildings = '', meters = '', ended = ''] = await recordConsents(
      world,
      world.as('enterprise-a'),
      aConsent({ categories: ['buildings'] }),
      aConsent({ categories: ['buildings', 'meters'] }),
      aConsent({
        categories: ['meters'],
        validFrom: '2020-01-01T00:00:00Z',
        validTo: '2021-01-01T00:00:00Z',
      }),
    );

    const { told, entries, answer } = await toldBy(world, () =>
      world.as('service-co').ask('{ buildings { nodes { meters { nodes { id } } } } }'),
    );

    expect([answer.errors, entries, ended]).toEqual([undefined, 1, expect.any(String)]);
    expect(told).toEqual([
      {
        category: 'buildings',
        subject: USCC_A,
        area: '310101',
        amount: 2,
        consents: expect.arrayContaining([buildings, meters]) as string[],
      },
      { category: 'meters', subject: USCC_A, area: '310101', amount: 3, consents: [meters] },
    ]);
    expect(told[0]?.consents).toHaveLength(2);
  });
});
