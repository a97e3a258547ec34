import { daily, manifestOf, part } from '../../exchange/packages.js';
import { aConsent, addScope, aScope, recordConsents } from '../../world/admin.js';
import { hours, smallCity, USCC_B } from '../../world/city.js';
import { USCC_A } from '../../world/parties.js';
import { openWorld, type World } from '../../world/world.js';
import { toldBy, type ToldRow } from './told.js';

const DAY = '2026-01-01';
const ROW = { category: 'readings', area: '310101', consents: [] };

/** Rows in the order of the subject. */
const bySubject = (rows: ToldRow[]): ToldRow[] =>
  rows.toSorted((one, other) => (one.subject < other.subject ? -1 : 1));

describe.each(['together', 'apart'] as const)('what downloads tell of whom, rooms %s', (rooms) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ rooms });
    await smallCity(world);
  }, 120_000);
  afterAll(() => world.close());

  test('a part tells each subject of its values, as often as it is fetched; a manifest of the meters without any', async () => {
    const district = world.as('district-310101');
    const made = await toldBy(world, () => daily(district, DAY));
    expect(made.told).toEqual([]);

    const manifest = await toldBy(world, () => manifestOf(district, made.answer));
    const missing = manifest.answer.manifest.missing;
    expect(missing.map(({ meter }) => meter)).toEqual(['a-heat', 'a-light', 'b-boiler']);
    expect(Object.keys(missing[0] ?? {})).toEqual(['meter', 'reason']);
    expect(manifest.told).toEqual(
      bySubject([
        { ...ROW, subject: USCC_A, amount: 2 },
        { ...ROW, subject: USCC_B, amount: 1 },
      ]),
    );

    const values = bySubject([
      { ...ROW, subject: USCC_A, amount: 24 },
      { ...ROW, subject: USCC_B, amount: 24 },
    ]);
    for (const headers of [{}, { range: 'bytes=0-9' }] as Record<string, string>[]) {
      const fetched = await toldBy(world, () => part(district, made.answer.id, 1, headers));
      expect([fetched.answer.body.length > 0, fetched.entries]).toEqual([true, 1]);
      expect(fetched.told).toEqual(values);
    }
  });

  test('what is not sent tells nothing: a part that the caller has, one that there is not, one of somebody else', async () => {
    const district = world.as('district-310101');
    const { id } = await daily(district, DAY);
    const { headers } = await part(district, id, 1);

    const known = await toldBy(world, () =>
      part(district, id, 1, { 'if-none-match': headers['etag'] ?? '' }),
    );
    expect([known.answer.status, known.told]).toEqual([304, []]);
    for (const [party, number] of [
      ['district-310101', 9],
      ['national', 1],
    ] as const) {
      const refused = await toldBy(world, () => part(world.as(party), id, number));
      expect([refused.answer.status, refused.told]).toEqual([404, []]);
    }
  });

  test('a third party is told under the consent that its package was built on, of sums where only sums were consented', async () => {
    for (const action of ['read', 'write']) {
      await addScope(
        world,
        aScope({
          tenant: 'service-co',
          area: '310000',
          category: 'packages',
          action,
          purposes: ['ENERGY_SERVICE'],
        }),
      );
    }
    const [consent] = await recordConsents(
      world,
      world.as('enterprise-a'),
      aConsent({ categories: ['readings', 'meters'], finest: 'DAY' }),
    );
    const { id } = await daily(world.as('service-co'), DAY);

    const { told } = await toldBy(world, () => part(world.as('service-co'), id, 1));

    expect(told).toEqual([{ ...ROW, subject: USCC_A, amount: 1, consents: [consent] }]);
    const online = await toldBy(world, () =>
      world.as('service-co').ask('{ meterDays(from: "2026-01-01", to: "2026-01-02") { nodes { values } } }'),
    );
    expect(online.told).toEqual([{ ...ROW, subject: USCC_A, amount: 2, consents: [consent] }]);
  });

  test('rejected lines tell of the owners of the meters that they name', async () => {
    const { json } = await world
      .as('district-310101')
      .upload([
        hours('a-gate', '2026-01-05', -1e30),
        { ...hours('b-gate', '2026-01-05', 1), interval: 7 },
        hours('nobody', '2026-01-05', 1),
      ]);

    const { told, answer } = await toldBy(world, () =>
      world.as('district-310101').send('GET', String(json['quarantine'])),
    );

    const lines = answer.body
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number });
    expect(lines.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(told).toEqual(
      bySubject([
        { ...ROW, subject: USCC_A, amount: 1 },
        { ...ROW, subject: USCC_B, amount: 1 },
      ]),
    );
  });
});
