import { aConsent, aScope, addScope, declarePurpose, recordConsents } from '../world/admin.js';
import { smallCity } from '../world/city.js';
import { PARTIES, USCC_A, USCC_SERVICE } from '../world/parties.js';
import { openWorld, type World } from '../world/world.js';

interface Decision {
  permission: string;
  allowed: boolean;
  rule: string;
  code: string | null;
  reason: string;
  remedy: string | null;
  scopes: string[];
  consents: string[];
  areas: string[];
  subjects: string[];
}

const DECISION = 'permission allowed rule code reason remedy scopes consents areas subjects';
const PURPOSE: Record<string, string> = {
  municipal: 'SUPERVISION',
  'district-310101': 'DATA_REPORTING',
  'service-co': 'ENERGY_SERVICE',
};

describe('me and accessDecision', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await smallCity(world);
    await recordConsents(world, world.as('enterprise-a'), aConsent());
    for (const tenant of ['district-310101', 'service-co']) await declarePurpose(world, tenant, 'STATISTICS');
  }, 60_000);
  afterAll(() => world.close());

  const ask = (name: string, query: string, purpose = PURPOSE[name]) =>
    world.as(name).ask(query, {}, purpose ? { 'x-hub-purpose': purpose } : {});

  async function decision(name: string, args: string): Promise<Decision> {
    const { data, errors } = await ask(name, `{ accessDecision(${args}) { ${DECISION} } }`);
    if (errors) throw new Error(JSON.stringify(errors));
    return data?.['accessDecision'] as Decision;
  }

  test.each(PARTIES)(
    'me tells $id who it is, as the certificate and the register say',
    async ({ id, name, tier, area, uscc, stage }) => {
      const { data } = await ask(id, '{ me { tenant name tier area uscc stage fingerprint } }');

      expect(data?.['me']).toEqual({
        tenant: id,
        name,
        tier,
        area,
        uscc,
        stage,
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    },
  );

  // prettier-ignore
  const REFUSED: [string, string, string, string][] = [
    ['scopeless', 'category: "buildings"', 'SCOPE_MISSING', 'scope/named'],
    ['national', 'category: "buildings", action: "write"', 'SCOPE_MISSING', 'scope/named'],
    ['municipal', 'category: "buildings", purpose: "STATISTICS"', 'PURPOSE_NOT_DECLARED', 'purpose/declared'],
    ['district-310101', 'category: "consents"', 'SCOPE_MISSING', 'scope/named'],
    ['district-310101', 'category: "buildings", purpose: "STATISTICS"', 'PURPOSE_NOT_ALLOWED', 'scope/purpose'],
    ['enterprise-a', 'category: "readings", action: "write"', 'SCOPE_MISSING', 'scope/named'],
    ['service-co', 'category: "readings"', 'CONSENT_REQUIRED', 'third-party/consent'],
    ['service-co', 'category: "inspections"', 'SCOPE_MISSING', 'scope/named'],
    ['service-co', 'category: "buildings", purpose: "STATISTICS"', 'PURPOSE_NOT_ALLOWED', 'scope/purpose'],
  ];
  test.each(REFUSED)(
    '%s is refused %s: the rule, the reason and what would change it',
    async (name, args, code, rule) => {
      const refused = await decision(name, args);

      expect(refused).toMatchObject({ allowed: false, code, rule, areas: [], subjects: [], consents: [] });
      expect([refused.reason, refused.remedy]).toEqual([
        expect.stringMatching(/\w{3}/),
        expect.stringMatching(/\w{3}/),
      ]);
      if (code === 'SCOPE_MISSING' || code === 'PURPOSE_NOT_DECLARED') expect(refused.scopes).toEqual([]);
      else expect(refused.scopes).toEqual([expect.stringMatching(/^scp_/)]);
    },
  );

  // prettier-ignore
  const ALLOWED: [string, string, string, string[], string[]][] = [
    ['national', 'category: "readings"', 'platform/area', [''], []],
    ['municipal', 'category: "tenants", action: "write"', 'platform/area', ['31'], []],
    ['district-310101', 'category: "buildings", action: "write"', 'platform/area', ['310101'], []],
    ['enterprise-a', 'category: "inspections"', 'enterprise/own', [], [USCC_A]],
    ['service-co', 'category: "buildings"', 'third-party/consent', [], [USCC_A]],
  ];
  test.each(ALLOWED)('%s is allowed %s: the rule and how far', async (name, args, rule, areas, subjects) => {
    const allowed = await decision(name, args);

    expect(allowed).toMatchObject({ allowed: true, rule, areas, subjects, code: null, remedy: null });
    expect(allowed.scopes).toHaveLength(1);
    expect(allowed.consents).toHaveLength(name === 'service-co' ? 1 : 0);
  });

  test('asked about one place or subject, a yes becomes a no where the rows lie outside', async () => {
    const [there, elsewhere] = [
      await decision('district-310101', 'category: "readings", area: "310101"'),
      await decision('district-310101', 'category: "readings", area: "310104"'),
    ];
    expect([there.allowed, elsewhere]).toMatchObject([true, { allowed: false, code: 'ROW_OUT_OF_REACH' }]);
    expect((await decision('district-310101', 'category: "readings", area: "310000"')).allowed).toBe(false);
    expect((await decision('national', 'category: "readings", area: "110000"')).allowed).toBe(true);

    expect((await decision('service-co', `category: "buildings", subject: "${USCC_A}"`)).allowed).toBe(true);
    expect(await decision('service-co', `category: "buildings", subject: "${USCC_SERVICE}"`)).toMatchObject({
      allowed: false,
      code: 'CONSENT_REQUIRED',
    });
  });

  test('an operator asks about a tenant of its area and gets that tenant’s own answer', async () => {
    for (const [tenant, args] of [
      ['service-co', 'category: "buildings", purpose: "ENERGY_SERVICE"'],
      ['service-co', 'category: "readings", purpose: "ENERGY_SERVICE"'],
      ['scopeless', 'category: "buildings", purpose: "DATA_REPORTING"'],
      ['enterprise-a', 'category: "audits", purpose: "OWN_MANAGEMENT"'],
    ])
      // prettier-ignore
      expect(await decision('municipal', `tenant: "${tenant}", ${args}`)).toEqual(await decision(tenant ?? '', args ?? ''));
  });

  // prettier-ignore
  const MISTAKES: [string, string, string][] = [
    ['district-310101', 'tenant: "district-310104", category: "buildings"', 'SCOPE_MISSING'],
    ['enterprise-a', 'tenant: "service-co", category: "buildings"', 'SCOPE_MISSING'],
    ['municipal', 'tenant: "national", category: "buildings"', 'BAD_USER_INPUT'],
    ['municipal', 'tenant: "nobody", category: "buildings"', 'BAD_USER_INPUT'],
    ['municipal', 'category: "weather"', 'BAD_USER_INPUT'],
    ['municipal', 'category: "buildings", action: "delete"', 'BAD_USER_INPUT'],
    ['municipal', 'category: "constructor"', 'BAD_USER_INPUT'],
    ['municipal', 'category: "buildings", purpose: "FUN"', 'PURPOSE_UNKNOWN'],
  ];
  test.each(MISTAKES)('%s gets no answer to accessDecision(%s)', async (name, args, code) => {
    expect(await ask(name, `{ accessDecision(${args}) { allowed } }`)).toMatchObject({
      data: { accessDecision: null },
      errors: [{ extensions: { code } }],
    });
  });

  test('me.may is true: what it says of each permission is what happens', async () => {
    for (const { id } of PARTIES) {
      const { data } = await ask(
        id,
        `{ me { may { ${DECISION} } } ${Object.entries(LISTS)
          .map(([category, list]) => `${category}: ${list} { __typename }`)
          .join(' ')} }`,
      );
      const { may } = (data ?? {})['me'] as { may: Decision[] };
      const allowed = may
        .filter(({ allowed: yes, permission }) => yes && permission.endsWith(':read'))
        .map(({ permission }) => permission.slice(0, -5));
      const answered = Object.keys(LISTS).filter((category) => data?.[category] !== null);
      expect([id, answered.sort()]).toEqual([id, allowed.filter((category) => category in LISTS).sort()]);
      expect(may.map(({ permission }) => permission)).toEqual(
        [...new Set(may.map(({ permission }) => permission))].sort(),
      );
    }
  });

  const LISTS = {
    buildings: 'buildings', enterprises: 'enterprises', meters: 'meters', audits: 'energyAudits', reviews: 'meteringReviews',
    inspections: 'inspections', batches: 'batches', packages: 'packages', tenants: 'tenants', scopes: 'scopes', consents: 'consents',
  }; // prettier-ignore

  test('a scope beside or above the tenant’s own area reaches nothing', async () => {
    const own =
      '{ accessDecision(category: "buildings") { allowed code rule reason remedy } buildings { nodes { id } } }';
    for (const area of ['310101', '310000']) await addScope(world, aScope({ tenant: 'scopeless', area }));

    expect(await ask('scopeless', own)).toMatchObject({
      data: {
        accessDecision: { allowed: false, code: 'AREA_OUT_OF_REACH', rule: 'platform/area' },
        buildings: null,
      },
      errors: [{ path: ['buildings'], extensions: { code: 'AREA_OUT_OF_REACH', rule: 'platform/area' } }],
    });

    await addScope(world, aScope({ tenant: 'scopeless', area: '310106' }));
    expect(await ask('scopeless', own)).toMatchObject({
      data: { accessDecision: { allowed: true }, buildings: { nodes: [] } },
    });
  });
});
