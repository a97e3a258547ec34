import { BAD_VALUES, type Mutation, MUTATIONS } from './bad-values.js';
import { smallCity, USCC_B, USCC_NORTH } from '../world/city.js';
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

const TABLES = `select (select count(*) from enterprises.enterprise)::int as enterprises, (select count(*) from buildings.building)::int as buildings,
  (select count(*) from metering.meter)::int as meters, (select count(*) from audits.energy_audit)::int as audits,
  (select count(*) from audits.metering_review)::int as reviews, (select count(*) from inspections.inspection)::int as inspections,
  (select count(*) from inspections.document)::int as documents`;

describe('mutations', () => {
  let world: World;
  let district: Caller;
  beforeAll(async () => {
    world = await openWorld();
    await smallCity(world);
    district = world.as('district-310101');
  }, 60_000);
  afterAll(() => world.close());

  function submit(mutation: Mutation, rows: object[], caller = district) {
    const [argument, input, key] = MUTATIONS[mutation];
    return caller.ask(`mutation ($rows: [${input}!]!) { done: ${mutation}(${argument}: $rows) { ${key} } }`, {
      rows,
    });
  }

  /** Refused with the code, and not one row of any table the more. */
  async function expectRefused(mutation: Mutation, rows: object[], code: string, message?: string | RegExp) {
    const before = await world.sql(TABLES);
    const { data, errors } = await submit(mutation, rows);
    const text = message ? { message: expect.stringMatching(message) as string } : {};
    expect([data?.['done'] ?? null, errors]).toMatchObject([null, [{ ...text, extensions: { code } }]]);
    expect(await world.sql(TABLES)).toEqual(before);
  }

  // prettier-ignore
  const OUT_OF_REACH: [Mutation, string, object][] = [
    ['registerEnterprises', 'of another district', anEnterprise({ uscc: usccOf(9), area: '310104' })],
    ['registerEnterprises', 'of the whole city', anEnterprise({ uscc: usccOf(9), area: '310000' })],
    ['registerEnterprises', 'that another district registered', anEnterprise({ uscc: USCC_NORTH })],
    ['registerBuildings', 'of another district', aBuilding({ id: '310104A009' })],
    ['registerBuildings', 'that another district registered', aBuilding({ id: '310104A001' })],
    ['registerMeters', 'that another district registered', aMeter({ id: 'n-gate' })],
  ];
  test.each(OUT_OF_REACH)('%s refuses one %s', async (mutation, _what, row) => {
    await expectRefused(mutation, [row], 'ROW_OUT_OF_REACH');
  });

  // prettier-ignore
  const UNSEEN: [Mutation, string, object, RegExp][] = [
    ['registerMeters', 'in a building of another district', aMeter({ id: 'x', buildingId: '310104A001' }), /310104A001 is not among/],
    ['registerMeters', 'of an enterprise of another district', aMeter({ id: 'x', enterpriseUscc: USCC_NORTH }), /is not among/],
    ['registerMeters', 'in no building of no enterprise', { ...aMeter({ id: 'x' }), buildingId: null }, /x: give buildingId or/],
    ['recordEnergyAudits', 'of a building of another district', anAudit({ buildingId: '310104A001' }), /310104A001 is not among/],
    ['recordEnergyAudits', 'of a building that nobody has', anAudit({ buildingId: '310101Z999' }), /310101Z999 is not among/],
    ['recordMeteringReviews', 'of an enterprise of another district', aReview({ enterpriseUscc: USCC_NORTH }), /is not among/],
    ['archiveInspections', 'of an enterprise of another district', anInspection({ enterpriseUscc: USCC_NORTH }), /is not among/],
  ];
  test.each(UNSEEN)('%s refuses one %s, as if it were absent', async (mutation, _what, row, message) => {
    await expectRefused(mutation, [row], 'BAD_USER_INPUT', message);
  });

  test.each(BAD_VALUES)('%s refuses %s', async (mutation, _what, row) => {
    await expectRefused(mutation, [row], 'BAD_USER_INPUT');
  });

  test('one bad row among good ones refuses them all', async () => {
    const good = [usccOf(20), usccOf(21)].map((uscc) => anEnterprise({ uscc }));
    await expectRefused(
      'registerEnterprises',
      [...good, anEnterprise({ uscc: usccOf(22), annualTce: '-1' })],
      'BAD_USER_INPUT',
    );
    const task = anInspection({ taskNumber: 'T-90', documents: [{ name: 'Notice' }] });
    await expectRefused(
      'archiveInspections',
      [task, anInspection({ taskNumber: 'T-91', documents: [{ name: '' }] })],
      'BAD_USER_INPUT',
    );
  });

  test('two fields of one mutation in one room succeed or fail together', async () => {
    const before = await world.sql(TABLES);
    const answer = await district.ask(
      `mutation ($good: [EnterpriseInput!]!, $bad: [EnterpriseInput!]!) {
        good: registerEnterprises(enterprises: $good) { uscc } bad: registerEnterprises(enterprises: $bad) { uscc } }`,
      {
        good: [anEnterprise({ uscc: usccOf(23) })],
        // Refused before any statement, so that only the rollback can undo the other.
        bad: [anEnterprise({ uscc: usccOf(24).slice(0, 17) + 'X' })],
      },
    );

    expect(answer).toMatchObject({
      data: { good: null, bad: null },
      errors: [{ path: ['bad'], extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(await world.sql(TABLES)).toEqual(before);
  });

  test('more than 500 rows at once are refused, 500 are taken', async () => {
    const rows = Array.from({ length: 501 }, (_, index) => aMeter({ id: `bulk-${index}` }));
    await expectRefused('registerMeters', rows, 'BAD_USER_INPUT', /At most 500 rows at once, were 501/);

    expect((await submit('registerMeters', rows.slice(0, 500))).errors).toBeUndefined();
  });

  test('a row that is named twice in one list is refused', async () => {
    await expectRefused('registerEnterprises', [anEnterprise(), anEnterprise()], 'BAD_USER_INPUT', /twice/);
  });

  test('a task number that is taken in its area is a conflict; in another area it is not', async () => {
    await expectRefused('archiveInspections', [anInspection({ enterpriseUscc: USCC_B })], 'CONFLICT');
    await expectRefused(
      'archiveInspections',
      [anInspection({ taskNumber: 'T-5' }), anInspection({ taskNumber: 'T-5' })],
      'CONFLICT',
    );

    const north = world.as('district-310104');
    expect(
      (
        await submit(
          'archiveInspections',
          [anInspection({ taskNumber: 'T-2', enterpriseUscc: USCC_NORTH })],
          north,
        )
      ).errors,
    ).toBeUndefined();
  });

  test('who may only read writes nothing and learns why', async () => {
    const before = await world.sql(TABLES);
    const answer = await submit('registerEnterprises', [anEnterprise()], world.as('enterprise-a'));

    expect(answer).toMatchObject({
      data: { done: null },
      errors: [
        {
          path: ['done'],
          extensions: { code: 'SCOPE_MISSING', rule: 'scope/named', remedy: expect.any(String) },
        },
      ],
    });
    expect(await world.sql(TABLES)).toEqual(before);
  });

  test('what is registered again is changed, what is left out and its neighbours in the table are not', async () => {
    const other = aBuilding({ id: '310101H001' });
    await has(district, { buildings: [aBuilding({ name: 'New name', address: 'Road 1' }), other] });

    expect(
      await district.mustAsk('{ buildings { nodes { id name typeCode address floorAreaM2 } } }'),
    ).toEqual({
      buildings: {
        nodes: [
          { id: '310101A001', name: 'New name', typeCode: 'A', address: 'Road 1', floorAreaM2: '1000' },
          { id: '310101A002', name: 'House 310101A002', typeCode: 'A', address: null, floorAreaM2: null },
          { id: '310101B001', name: 'House 310101B001', typeCode: 'B', address: null, floorAreaM2: null },
          { id: '310101H001', name: 'House 310101H001', typeCode: 'Z', address: null, floorAreaM2: null },
        ],
      },
    });
  });
});
