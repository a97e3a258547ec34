import {
  aConsent,
  declarePurpose,
  pastEvents,
  recordConsents,
  revokeConsent,
  until,
} from '../world/admin.js';
import { smallCity, USCC_B } from '../world/city.js';
import type { Caller } from '../world/caller.js';
import { USCC_A } from '../world/parties.js';
import { openWorld, type World } from '../world/world.js';

const RECORD = 'mutation ($consents: [ConsentInput!]!) { done: recordConsents(consents: $consents) { id } }';
const SEEN = '{ buildings { nodes { id } } }';
const A_HOUSES = { buildings: { nodes: [{ id: '310101A001' }, { id: '310101B001' }] } };
const NOT_CONSENTED = {
  data: { buildings: null },
  errors: [{ path: ['buildings'], extensions: { code: 'CONSENT_REQUIRED', rule: 'third-party/consent' } }],
};

describe.each(['together', 'apart'] as const)('consents, rooms %s', (rooms) => {
  let world: World;
  let service: Caller;
  let enterprise: Caller;
  beforeAll(async () => {
    world = await openWorld({ rooms });
    await smallCity(world);
    [service, enterprise] = [world.as('service-co').for('ENERGY_SERVICE'), world.as('enterprise-a')];
    await world.sql(
      `insert into tenants.tenant (id, name, tier, area) values ('other-co', 'Another', 'THIRD_PARTY', '310104')`,
    );
    await declarePurpose(world, 'other-co', 'ENERGY_SERVICE');
  }, 120_000);
  afterAll(() => world.close());
  afterEach(async () => {
    if ((await world.sql(`select from tenants.consent where status = 'GRANTED'`)).length === 0) return;
    await pastEvents(
      world,
      `update tenants.consent set status = 'REVOKED', ended_at = now() where status = 'GRANTED'`,
    );
    await world.registryCatchesUp();
  });

  test('without any consent a third party gets nothing, and learns how it would', async () => {
    const answer = await service.ask(SEEN);

    expect(answer).toMatchObject(NOT_CONSENTED);
    expect(answer.errors?.[0]?.extensions.remedy).toContain('consent');
  });

  const NOT_ENOUGH: Parameters<typeof aConsent>[0][] = [
    { recipient: 'other-co' },
    { categories: ['meters', 'readings'] },
    { purpose: 'STATISTICS' },
    { validFrom: '2020-01-01T00:00:00Z', validTo: '2026-01-01T00:00:00Z' },
    { validFrom: '2099-01-01T00:00:00Z' },
  ];
  test('consent to another recipient, category, purpose or period opens nothing', async () => {
    const declared = await declarePurpose(world, 'service-co', 'STATISTICS');
    await recordConsents(world, enterprise, ...NOT_ENOUGH.map((rest) => aConsent(rest)));

    expect(await service.ask(SEEN)).toMatchObject(NOT_CONSENTED);
    await world.sql(`update tenants.purpose_declaration set status = 'ENDED' where id = $1`, [declared]);
    await world.registryCatchesUp();
  });

  test('consent opens the rows of its subject, in its categories, and no others', async () => {
    await recordConsents(world, enterprise, aConsent());

    expect(await service.ask(SEEN)).toEqual({ data: A_HOUSES });
    const query = `{ building(id: "310101A002") { id } meters(first: 50) { nodes { id } } meter(id: "b-gate") { id } node(id: "b-gate") { id }
      energyAudits { nodes { id } } }`;
    expect(await service.ask(query)).toMatchObject({
      data: {
        building: null,
        meters: { nodes: [{ id: 'a-gate' }, { id: 'a-heat' }, { id: 'a-light' }] },
        meter: null,
        node: null,
        energyAudits: null,
      },
      errors: [{ path: ['energyAudits'], extensions: { code: 'CONSENT_REQUIRED' } }],
    });
  });

  test('consents add up: two subjects, two categories, each its own', async () => {
    const operator = world.as('municipal');
    await recordConsents(
      world,
      enterprise,
      aConsent({ categories: ['buildings'] }),
      aConsent({ categories: ['audits'] }),
    );
    const text = RECORD.replace('done:', '');
    await operator.mustAsk(
      text,
      {
        consents: [
          aConsent({
            subject: USCC_B,
            categories: ['buildings', 'readings', 'meters'],
            evidenceSha256: 'ab'.repeat(32),
          }),
        ],
      },
      { 'x-hub-purpose': 'SUPERVISION' },
    );
    await world.registryCatchesUp();

    const query = `{ buildings { nodes { id energyAudits { nodes { year } } meters { nodes { id } }
      consumption(from: "2026-01-01", to: "2026-01-02") { total } } } }`;
    const nothing = { meters: { nodes: [] }, consumption: { total: '0' } };
    expect(await service.ask(query)).toEqual({
      data: {
        buildings: {
          nodes: [
            { id: '310101A001', energyAudits: { nodes: [{ year: 2025 }, { year: 2024 }] }, ...nothing },
            {
              id: '310101A002',
              energyAudits: { nodes: [] },
              meters: { nodes: [{ id: 'b-gate' }] },
              consumption: { total: '24' },
            },
            { id: '310101B001', energyAudits: { nodes: [] }, ...nothing },
          ],
        },
      },
    });
  });

  test('a revoked consent closes within a second, on the connection that is open', async () => {
    const [id = ''] = await recordConsents(world, enterprise, aConsent());
    expect(await service.ask(SEEN)).toEqual({ data: A_HOUSES });

    await revokeConsent(enterprise, id);

    expect(await until(async () => (await service.ask(SEEN)).data?.['buildings'] === null)).toBeLessThan(
      1_000,
    );
    expect(await service.ask(SEEN)).toMatchObject(NOT_CONSENTED);
  });

  test('a consent ends by itself at the end of its period', async () => {
    const validTo = new Date(Date.now() + 1_500);
    await recordConsents(world, enterprise, aConsent({ validTo: validTo.toISOString() }));
    expect((await service.ask(SEEN)).data).toEqual(A_HOUSES);

    await until(async () => (await service.ask(SEEN)).data?.['buildings'] === null);

    expect(Math.abs(Date.now() - validTo.getTime())).toBeLessThan(1_000);
  });

  const REFUSED: [string, string, object, string][] = [
    ['enterprise-a', 'for another enterprise', { subject: USCC_B }, 'ROW_OUT_OF_REACH'],
    ['service-co', 'for itself', {}, 'FOUR_EYES'],
    ['service-co', 'for another recipient', { recipient: 'national' }, 'ROW_OUT_OF_REACH'],
    ['municipal', 'without the paper', {}, 'BAD_USER_INPUT'],
    ['municipal', 'for its own benefit', { recipient: 'municipal' }, 'FOUR_EYES'],
    ['enterprise-a', 'to its own benefit', { recipient: 'enterprise-a' }, 'FOUR_EYES'],
    ['enterprise-a', 'to an energy kind that is none', { energyKinds: ['99'] }, 'BAD_USER_INPUT'],
    ['enterprise-a', 'to a meter level that is none', { meterLevels: [4] }, 'BAD_USER_INPUT'],
    ['enterprise-a', 'to a granularity that is none', { finest: 'MINUTE' }, 'BAD_USER_INPUT'],
    [
      'enterprise-a',
      'with a limit that none of its categories knows',
      { categories: ['audits'], energyKinds: ['01'] },
      'BAD_USER_INPUT',
    ],
    ['enterprise-a', 'with an erasure before its end', { eraseBy: '2050-01-01T00:00:00Z' }, 'BAD_USER_INPUT'],
    ['district-310101', 'without a scope for it', {}, 'SCOPE_MISSING'],
    ['enterprise-a', 'to a platform of the nation', { recipient: 'national' }, 'CONSENT_WITHOUT_EFFECT'],
    [
      'municipal',
      'from paper, to a district',
      { recipient: 'district-310104', evidenceSha256: 'ab'.repeat(32) },
      'CONSENT_WITHOUT_EFFECT',
    ],
    ['enterprise-a', 'to a recipient that is none', { recipient: 'nobody' }, 'PURPOSE_NOT_DECLARED'],
    ['enterprise-a', 'to a category that is none', { categories: ['everything'] }, 'BAD_USER_INPUT'],
    ['enterprise-a', 'to no category', { categories: [] }, 'BAD_USER_INPUT'],
    ['enterprise-a', 'for a purpose that is none', { purpose: 'ADVERTISING' }, 'PURPOSE_UNKNOWN'],
    [
      'enterprise-a',
      'for a period that ends before it begins',
      { validTo: '2019-01-01T00:00:00Z' },
      'BAD_USER_INPUT',
    ],
    ['enterprise-a', 'to what is no data about it', { categories: ['packages'] }, 'BAD_USER_INPUT'],
    [
      'enterprise-a',
      'for what its recipient has not declared',
      { purpose: 'INSPECTION' },
      'PURPOSE_NOT_DECLARED',
    ],
    ['enterprise-a', 'with a hash that is none', { evidenceSha256: 'x' }, 'BAD_USER_INPUT'],
  ];
  test.each(REFUSED)('%s records no consent %s', async (name, _what, rest, code) => {
    const headers = name === 'municipal' ? { 'x-hub-purpose': 'SUPERVISION' } : undefined;
    const answer = await world.as(name).ask(RECORD, { consents: [aConsent(rest)] }, headers);

    expect([answer.data?.['done'] ?? null, answer.errors]).toMatchObject([null, [{ extensions: { code } }]]);
    expect(await world.sql(`select id from tenants.consent where status = 'GRANTED'`)).toEqual([]);
  });

  test('nobody revokes another’s consent, nor one twice', async () => {
    const [id = ''] = await recordConsents(world, enterprise, aConsent());
    const revoke = (name: string) =>
      world
        .as(name)
        .ask(
          'mutation ($id: ID!) { done: revokeConsent(id: $id) { id } }',
          { id },
          name === 'municipal' ? { 'x-hub-purpose': 'SUPERVISION' } : {},
        );

    expect((await revoke('service-co')).errors).toMatchObject([
      {
        extensions: {
          code: 'ROW_OUT_OF_REACH',
          rule: 'consents/actor',
          remedy: 'Leave it to the SUBJECT or the OPERATOR of the consent.',
        },
      },
    ]);
    expect((await revoke('national')).errors).toMatchObject([{ extensions: { code: 'SCOPE_MISSING' } }]);
    expect((await revoke('enterprise-a')).data).toEqual({ done: { id } });
    expect((await revoke('enterprise-a')).errors).toMatchObject([{ extensions: { code: 'WRONG_STATE' } }]);
    expect((await revoke('municipal')).errors).toMatchObject([{ extensions: { code: 'WRONG_STATE' } }]);
  });

  test('the enterprise and the operator of its area list what was consented; the answer names who recorded it', async () => {
    await recordConsents(world, enterprise, aConsent());
    const query = `{ consents(subject: "${USCC_A}", status: "GRANTED") { nodes { recipient categories purpose grantedBy } } }`;
    const consent = {
      recipient: 'service-co',
      categories: ['buildings', 'meters'],
      purpose: 'ENERGY_SERVICE',
      grantedBy: 'enterprise-a',
    };

    expect(await enterprise.ask(query)).toEqual({ data: { consents: { nodes: [consent] } } });
    expect(await world.as('municipal').ask(query, {}, { 'x-hub-purpose': 'SUPERVISION' })).toEqual({
      data: { consents: { nodes: [consent] } },
    });
  });
});
