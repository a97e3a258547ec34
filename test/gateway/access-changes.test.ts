import { atConsole } from '../../scripts/console/session.js';
import { aConsent, aScope, addScope, declarePurpose, recordConsents, revokeConsent } from '../world/admin.js';
import { smallCity, USCC_NORTH } from '../world/city.js';
import { USCC_A } from '../world/parties.js';
import { usccOf } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

interface Decision {
  allowed: boolean;
  code: string | null;
  rule: string;
  remedy: string | null;
  changes: { kind: string; text: string; by: string | null; pending: string | null }[];
  ends: { kind: string; ids: string[]; at: string | null }[];
  until: string | null;
  declarations: string[];
}

const FIELDS =
  'allowed code rule remedy changes { kind text by pending } ends { kind ids at } until declarations';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 120_000);
afterAll(() => world.close());

/** The operator asks, about any tenant of the city. */
async function decision(args: string): Promise<Decision> {
  const { accessDecision } = await world
    .as('municipal')
    .for('SUPERVISION')
    .mustAsk<{ accessDecision: Decision }>(`{ accessDecision(${args}) { ${FIELDS} } }`);
  return accessDecision;
}
const texts = ({ changes }: Decision): string[] => changes.map(({ text }) => text);
const operator = () => world.as('municipal').for('PLATFORM_OPERATION');

// prettier-ignore
const NEVER: [string, string, string][] = [
  ['a third party to write', 'tenant: "service-co", category: "readings", action: "write", purpose: "ENERGY_SERVICE"', 'SCOPE_MISSING'],
  ['a district the district beside it', 'tenant: "district-310101", category: "readings", area: "310104", purpose: "DATA_REPORTING"', 'ROW_OUT_OF_REACH'],
  ['a district an enterprise of the district beside it', `tenant: "district-310101", category: "readings", subject: "${USCC_NORTH}", purpose: "DATA_REPORTING"`, 'ROW_OUT_OF_REACH'],
  ['an enterprise another’s data', `tenant: "enterprise-a", category: "readings", subject: "${USCC_NORTH}", purpose: "OWN_MANAGEMENT"`, 'ROW_OUT_OF_REACH'],
];
test.each(NEVER)('nothing would allow %s, and it is said so', async (_what, args, code) => {
  expect(await decision(args)).toMatchObject({
    ...{ allowed: false, code, changes: [], ends: [], until: null },
    remedy: 'Nothing that an admin, an operator or a subject may set would change it.',
  });
});

// prettier-ignore
const MISTAKES: [string, string][] = [
  ['an energy kind of buildings', 'category: "buildings", energyKind: "01"'],
  ['an energy kind of no list', 'category: "meters", energyKind: "99"'],
  ['a level of no list', 'category: "meters", meterLevel: 4'],
  ['an area of no list', 'category: "meters", area: "31"'],
  ['an enterprise that it cannot find', `tenant: "district-310101", category: "meters", subject: "${usccOf(77)}"`],
];
test.each(MISTAKES)('asked about %s it answers nothing', async (_what, args) => {
  const answer = await operator().ask(`{ accessDecision(${args}) { allowed } }`);
  expect(answer).toMatchObject({
    data: { accessDecision: null },
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
});

test('a newcomer is told of declaration and scope; with one of them it is told of the other, with both it gets the data', async () => {
  const args = 'tenant: "scopeless", category: "meters", purpose: "STATISTICS"';
  expect(texts(await decision(args))).toEqual([
    'a declaration of STATISTICS approved by an admin of 310000',
    'a scope meters:read over 310106 for STATISTICS set by an admin of 310000',
  ]);

  const declaration = await declarePurpose(world, 'scopeless', 'STATISTICS');
  expect(texts(await decision(args))).toEqual([
    'a scope meters:read over 310106 for STATISTICS set by an admin of 310000',
  ]);
  const scope = await addScope(
    world,
    aScope({ tenant: 'scopeless', area: '310106', category: 'meters', purposes: ['STATISTICS'] }),
  );
  expect(await decision(args)).toMatchObject({ allowed: true, changes: [], declarations: [declaration] });
  const scopeless = world.as('scopeless').for('STATISTICS');
  expect(await scopeless.ask('{ meters { nodes { id } } }')).toEqual({ data: { meters: { nodes: [] } } });

  const end = 'mutation ($id: ID!) { endPurposeDeclaration(id: $id, reason: "Done") { id } }';
  await operator().mustAsk(end, { id: declaration });
  expect(texts(await decision(args))).toEqual(['a declaration of STATISTICS approved by an admin of 310000']);
  expect((await decision(args)).ends).toEqual([]);
  expect(scope).toMatch(/^scp_/);
});

test('a declaration that waits is named, so that it can be approved', async () => {
  const declare = `mutation { declarePurposes(declarations: [{ tenant: "district-310104", purpose: "INSPECTION",
    basis: "LAW", basisText: "Law 1" }]) { id } }`;
  const { declarePurposes } = await operator().mustAsk<{ declarePurposes: [{ id: string }] }>(declare);
  const [{ id }] = declarePurposes;

  const { changes } = await decision(
    'tenant: "district-310104", category: "inspections", purpose: "INSPECTION"',
  );

  expect(changes).toEqual([
    expect.objectContaining({
      kind: 'DECLARATION',
      pending: id,
      text: `the declaration ${id} of INSPECTION approved by an admin of 310000`,
    }),
    expect.objectContaining({ kind: 'SCOPE', by: '310000' }),
  ]);
});

test('a third party is told whose consent is missing; its end, and that of what else the yes rests on, are named', async () => {
  const args = `tenant: "service-co", category: "readings", purpose: "ENERGY_SERVICE", subject: "${USCC_A}", energyKind: "01"`;
  expect(await decision(args)).toMatchObject({
    code: 'CONSENT_REQUIRED',
    changes: [
      {
        kind: 'CONSENT',
        by: USCC_A,
        text: `a consent of ${USCC_A} for readings for ENERGY_SERVICE, energy kind 01`,
      },
    ],
  });

  const validTo = '2099-01-01T00:00:00.000Z';
  const [consent = ''] = await recordConsents(
    world,
    world.as('enterprise-a'),
    aConsent({ categories: ['readings'], validTo }),
  );
  const allowed = await decision(args);
  expect(allowed).toMatchObject({ allowed: true, changes: [] });
  expect(allowed.ends.map(({ kind, ids, at }) => [kind, ids.length, at])).toEqual([
    ['TENANT', 0, null],
    ['CERTIFICATE', 1, expect.any(String)],
    ['DECLARATION', 1, null],
    ['SCOPE', 1, null],
    ['CONSENT', 1, validTo],
  ]);
  expect(allowed.ends.at(-1)?.ids).toEqual([consent]);
  expect(Date.parse(allowed.until ?? '')).toBeLessThan(Date.parse(validTo));

  await revokeConsent(world.as('enterprise-a'), consent);
  expect((await decision(args)).code).toBe('CONSENT_REQUIRED');
});

test('a scope limited to gas answers no about electricity, and says which scope would do', async () => {
  await declarePurpose(world, 'scopeless', 'METERING_REVIEW');
  await addScope(
    world,
    aScope({
      tenant: 'scopeless',
      area: '310106',
      category: 'readings',
      purposes: ['METERING_REVIEW'],
      energyKinds: ['03'],
    }),
  );
  const about = (kind: string) =>
    decision(`tenant: "scopeless", category: "readings", purpose: "METERING_REVIEW", energyKind: "${kind}"`);

  expect((await about('03')).allowed).toBe(true);
  const no = await about('01');
  expect([no.code, no.remedy, ...texts(no)]).toEqual([
    'ROW_OUT_OF_REACH',
    'Have what is named under changes brought about.',
    'a scope readings:read over 310106 for METERING_REVIEW, energy kind 01, set by an admin of 310000',
  ]);
});

test('standing comes first: a suspended tenant, a tenant without a certificate in force', async () => {
  const args = 'tenant: "district-310101", category: "readings", purpose: "DATA_REPORTING"';
  const set = 'mutation ($to: String!) { setTenantStatus(id: "district-310101", status: $to) { id } }';
  await operator().mustAsk(set, { to: 'SUSPENDED' });
  expect(await decision(args)).toMatchObject({
    ...{ allowed: false, code: 'TENANT_INACTIVE', rule: 'identity/tenant' },
    changes: [{ kind: 'TENANT', text: 'the tenant made active again by an admin of 310000' }],
  });
  await operator().mustAsk(set, { to: 'ACTIVE' });
  expect((await decision(args)).allowed).toBe(true);

  await world.sql(
    `update tenants.certificate set status = 'REVOKED', revoked_at = now(), reason = 'UNSPECIFIED' where tenant = 'district-310101'`,
  );
  expect(await decision(args)).toMatchObject({
    ...{ allowed: false, code: 'CERTIFICATE_REVOKED', rule: 'identity/registered' },
    changes: [{ kind: 'CERTIFICATE' }],
  });
});

test('who does not see every consent that a tenant has got is not told half the truth', async () => {
  await recordConsents(world, world.as('enterprise-a'), aConsent());
  await atConsole('FORMAL', world.databases, ({ scopes }) =>
    scopes.addScopes(
      ['tenants', 'purposes', 'scopes', 'consents'].map((category) =>
        aScope({ tenant: 'district-310104', area: '310104', category }),
      ),
    ),
  );
  await world.registryCatchesUp();

  const answer = await world
    .as('district-310104')
    .ask(
      '{ accessDecision(tenant: "service-co", category: "readings", purpose: "ENERGY_SERVICE") { allowed } }',
      {},
      { 'x-hub-purpose': 'DATA_REPORTING' },
    );

  expect(answer).toMatchObject({
    data: { accessDecision: null },
    errors: [{ extensions: { code: 'ROW_OUT_OF_REACH', rule: 'access/all-facts' } }],
  });
});
