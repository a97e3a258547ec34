import { atConsole } from '../../scripts/console/session.js';
import { refusalOf, refusals } from '../gateway/refusals.js';
import { USCC_A } from '../world/parties.js';
import type { Caller, Reply } from '../world/caller.js';
import { openWorld, type World } from '../world/world.js';
import { blocksOf, daily, manifestOf, part, type Package } from './packages.js';
import { day, meters, upload } from './sample.js';

const OPERATOR = { 'x-hub-purpose': 'PLATFORM_OPERATION' };

let world: World;
let district: Caller;
let ours: Package;
beforeAll(async () => {
  world = await openWorld();
  await meters(world);
  await upload(world, `${day('m1', '2026-01-01')}\n${day('m2', '2026-01-01')}\n`);
  district = world.as('district-310101');
  ours = await daily(district, '2026-01-01');
}, 120_000);
afterAll(() => world.close());

const both = async (
  caller: Caller,
  { id, manifestUrl }: Package,
  headers: Record<string, string> = {},
): Promise<Reply[]> => [
  await caller.send('GET', manifestUrl, null, headers),
  await part(caller, id, 1, headers),
];

test.each([
  ['a neighbour', 'district-310104', {}],
  ['the city', 'municipal', { 'x-hub-purpose': 'SUPERVISION' }],
  ['the nation', 'national', {}],
] as const)(
  'the package of a district is not there for %s, who may ask for its own',
  async (_what, tenant, headers) => {
    for (const reply of await both(world.as(tenant), ours, headers))
      expect(refusalOf(reply)).toEqual([404, 'NOT_FOUND']);
  },
);

test.each(['enterprise-a', 'service-co', 'scopeless'])(
  '%s without a scope for packages is refused',
  async (tenant) => {
    for (const reply of await both(world.as(tenant), ours))
      expect(refusalOf(reply)).toEqual([403, 'SCOPE_MISSING']);
    const answer = await world.as(tenant).ask('{ dailyPackage(date: "2026-01-01") { id } }');
    expect(answer).toMatchObject({
      data: { dailyPackage: null },
      errors: [{ extensions: { code: 'SCOPE_MISSING' } }],
    });
  },
);

test('the same id on the TEST stage is nothing', async () => {
  for (const reply of await both(world.as('newcomer'), ours))
    expect(refusalOf(reply)).toEqual([404, 'NOT_FOUND']);
});

test.each([
  '2026-02-30',
  '1999-12-31',
  '2101-01-01',
  '0001-01-01',
  '9999-12-31',
  'yesterday',
  '2026-1-1',
  '',
])('no package is built for the day %j', async (date) => {
  const query = 'query ($date: LocalDate!) { dailyPackage(date: $date) { id } }';
  const reply = await district.send('POST', '/graphql', JSON.stringify({ query, variables: { date } }), {
    'content-type': 'application/json',
  });
  expect(refusals(reply).map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
});

test.each(['pkg_none', 'bat_1', "pkg_';--", 'pkg_%00', '..%2f..'])('there is no package %s', async (id) => {
  const [, code] = refusalOf(await district.send('GET', `/packages/${id}/manifest`));
  expect(['NOT_FOUND', 'BAD_USER_INPUT']).toContain(code);
});

test('the door that builds packages does not answer to the outside', async () => {
  const [status] = refusalOf(await district.send('POST', '/packages?date=2026-01-01'));
  expect(status).toBe(404);
});

test('when a scope becomes narrower, what was packed under the wide one is not served any more, and a new package has less', async () => {
  const national = world.as('national');
  await upload(world, day('south', '2026-01-01'), {}, 'district-310104');
  const wide = await daily(national, '2026-01-01');
  expect((await both(national, wide)).map(({ status }) => status)).toEqual([200, 200]);

  const [scope] = await world.sql<{ id: string }>(
    `select id from tenants.scope where tenant = 'national' and category = 'readings' and action = 'read'`,
  );
  const narrow = {
    tenant: 'national',
    category: 'readings',
    action: 'read',
    area: '310104',
    purposes: ['SUPERVISION'],
  };
  await atConsole('FORMAL', world.databases, async ({ scopes }) => {
    await scopes.endScope(scope?.id ?? '');
    await scopes.addScopes([narrow]);
  });
  await world.registryCatchesUp();

  for (const reply of await both(national, wide)) expect(refusalOf(reply)).toEqual([404, 'NOT_FOUND']);
  const less = await manifestOf(national, await daily(national, '2026-01-01'));
  expect((await blocksOf(national, less.manifest)).map(({ meter }) => meter)).toEqual(['south']);
});

test('what a third party was packed under a consent is not served when the consent is revoked', async () => {
  const city = world.as('municipal');
  const third = world.as('service-co');
  await city.mustAsk(
    'mutation ($scopes: [ScopeInput!]!) { addScopes(scopes: $scopes) { id } }',
    {
      scopes: [
        {
          tenant: 'service-co',
          category: 'packages',
          action: 'read',
          area: '310000',
          purposes: ['ENERGY_SERVICE'],
        },
      ],
    },
    OPERATOR,
  );
  const consent = {
    subject: USCC_A,
    area: '310101',
    recipient: 'service-co',
    categories: ['readings', 'meters'],
    purpose: 'ENERGY_SERVICE',
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2030-01-01T00:00:00Z',
  };
  const { recordConsents } = await world
    .as('enterprise-a')
    .mustAsk<{ recordConsents: { id: string }[] }>(
      'mutation ($consents: [ConsentInput!]!) { recordConsents(consents: $consents) { id } }',
      { consents: [consent] },
    );
  await world.registryCatchesUp();
  const packed = await daily(third, '2026-01-01');
  expect(
    (await blocksOf(third, (await manifestOf(third, packed)).manifest)).map(({ meter }) => meter),
  ).toEqual(['m1', 'm2', 'south']);

  const revoke = 'mutation ($id: ID!) { revokeConsent(id: $id) { status } }';
  await world.as('enterprise-a').mustAsk(revoke, { id: recordConsents[0]?.id });
  await world.registryCatchesUp();

  for (const reply of await both(third, packed)) expect(refusalOf(reply)).toEqual([403, 'CONSENT_REQUIRED']);
});
