import type { RecordedFacts } from '../../gateway/ledger/entry.js';
import { verifyLedger } from '../../gateway/ledger/verify.js';
import { Client } from 'pg';
import type { GraphqlReply } from '../world/caller.js';
import { USCC_A } from '../world/parties.js';
import { openWorld, type World } from '../world/world.js';
import { daily, manifestOf, part, sha256 } from './packages.js';
import { day, meters, quarantine, upload } from './sample.js';

const READING = '8765.4321';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await meters(world);
}, 120_000);
afterAll(() => world.close());

/** What the ledger has gained when `act` has been answered, in order. */
async function recordedBy<T>(act: () => Promise<T>): Promise<{ rows: RecordedFacts[]; answer: T }> {
  const [before] = await world.sql<{ last: string }>(
    'select coalesce(max(sequence), 0) as last from ledger.entry',
  );
  const answer = await act();
  const rows = await world.sql<{ facts: string }>(
    'select facts from ledger.entry where sequence > $1 order by sequence',
    [before?.last],
  );
  return { rows: rows.map(({ facts }) => JSON.parse(facts) as RecordedFacts), answer };
}

const asked = (query: string): unknown => ({ kind: 'QUERY', name: null, sha256: sha256(query) });

test('a query is recorded with what it asked for and the hash of what it was told', async () => {
  const query = '{ me { tenant } enterprises { nodes { uscc } } }';
  const { rows, answer } = await recordedBy(() => world.as('district-310101').ask(query));

  expect(rows).toMatchObject([
    {
      event: 'DECISION_AND_RELEASE',
      tenant: 'district-310101',
      purpose: 'DATA_REPORTING',
      operation: asked(query),
      permissions: ['enterprises:read'],
      allowed: true,
      refusals: [],
      release: {
        kind: 'ANSWER',
        sha256: sha256(JSON.stringify(answer)),
        bytes: JSON.stringify(answer).length,
      },
    },
    { event: 'DISCLOSURE', tenant: 'district-310101', operation: 'QUERY', object: null, count: 1 },
  ]);
});

test('a refused field is recorded with its rule, and that nothing was allowed', async () => {
  const { rows } = await recordedBy(() => world.as('enterprise-a').ask('{ tenants { nodes { id } } }'));

  const refusals = [{ permission: 'tenants:read', rule: 'scope/named', code: 'SCOPE_MISSING' }];
  expect(rows).toMatchObject([{ tenant: 'enterprise-a', allowed: false, refusals }]);
});

test.each([
  ['that nobody knows', 'NONSENSE', 'PURPOSE_UNKNOWN'],
  ['that the tenant has not declared', 'STATISTICS', 'PURPOSE_NOT_DECLARED'],
  ['that was not stated', undefined, 'PURPOSE_REQUIRED'],
] as const)(
  'a request for a purpose %s is recorded though it was not read, at both doors',
  async (_what, purpose, code) => {
    const headers: Record<string, string> = purpose ? { 'x-hub-purpose': purpose } : {};
    const { rows } = await recordedBy(async () => {
      await world.as('municipal').ask('{ me { tenant } }', {}, headers);
      await world.as('municipal').send('GET', '/packages/pkg_x/manifest', null, headers);
    });

    const refused = {
      event: 'DECISION',
      tenant: 'municipal',
      purpose: null,
      allowed: false,
      refusals: [{ permission: null, code }],
    };
    expect(rows).toMatchObject([
      { ...refused, operation: asked('{ me { tenant } }') },
      { ...refused, operation: { kind: 'DOOR', name: 'GET /packages/:id/manifest' } },
    ]);
  },
);

test('of an answer that came in part, the hash is of the part that came', async () => {
  const query = '{ me { tenant } tenants { nodes { id } } }';
  const { rows, answer } = await recordedBy(() => world.as('district-310101').ask(query));

  expect(answer).toMatchObject({ data: { me: { tenant: 'district-310101' }, tenants: null }, errors: [{}] });
  expect(rows).toMatchObject([{ release: { sha256: sha256(JSON.stringify({ data: answer.data })) } }]);
});

test('a mutation is recorded before it is done, and its answer after', async () => {
  const { rows } = await recordedBy(() =>
    world.as('district-310101').ask('mutation { registerMeters(meters: []) { id } }'),
  );

  expect(rows.map(({ event }) => event)).toEqual(['DECISION', 'DECISION_AND_RELEASE']);
  expect(rows).toMatchObject([
    { operation: { kind: 'MUTATION' }, permissions: expect.arrayContaining(['meters:write']) as string[] },
    { allowed: true },
  ]);
});

test('a refused upload leaves its refusal, one taken in its decision and its batch', async () => {
  const refused = await recordedBy(() => upload(world, day('m1', '2026-01-01'), {}, 'enterprise-a'));
  const taken = await recordedBy(() =>
    upload(world, `${day('m1', '2026-01-01', READING)}\n${day('nobody', '2026-01-01')}`),
  );

  const operation = { kind: 'DOOR', name: 'POST /upload/readings' };
  expect(refused.rows).toMatchObject([
    { event: 'DECISION', allowed: false, operation, permissions: ['readings:write'] },
  ]);
  const { receipt } = taken.answer;
  expect(taken.rows).toMatchObject([
    { event: 'DECISION', allowed: true, operation },
    {
      event: 'RELEASE',
      release: { kind: 'UPLOAD', object: receipt.batch, sha256: receipt.sha256, items: 2 },
    },
  ]);
  const read = await recordedBy(() => quarantine(world, receipt.quarantine));
  expect(read.rows).toMatchObject([
    { event: 'DECISION_AND_RELEASE', release: { kind: 'QUARANTINE', object: receipt.batch, items: 1 } },
  ]);
});

test('a manifest and each part leave what was told, and a range counts as the part', async () => {
  const national = world.as('national');
  const found = await daily(national, '2026-01-01');
  const { rows, answer } = await recordedBy(async () => {
    const { body, manifest } = await manifestOf(national, found);
    await part(national, found.id, 1, { range: 'bytes=0-9' });
    await part(national, found.id, 99);
    return { body, manifest };
  });

  expect(rows.map(({ event }) => event)).toEqual([
    ...['DECISION_AND_RELEASE', 'DISCLOSURE'],
    ...['DECISION_AND_RELEASE', 'DISCLOSURE'],
    'DECISION',
  ]);
  const releases = rows.flatMap((row) => ('release' in row ? [row.release] : []));
  expect(releases).toMatchObject([
    { kind: 'MANIFEST', object: found.id, sha256: sha256(answer.body), items: 1 },
    { kind: 'PART', object: `${found.id}/1`, sha256: answer.manifest.parts[0]?.sha256, items: 1 },
  ]);
});

test('a door of which one permission of two is missing is recorded as not allowed', async () => {
  const scope = {
    tenant: 'service-co',
    category: 'packages',
    action: 'read',
    area: '310000',
    purposes: ['ENERGY_SERVICE'],
  };
  const add = 'mutation ($scopes: [ScopeInput!]!) { addScopes(scopes: $scopes) { id } }';
  await world.as('municipal').mustAsk(add, { scopes: [scope] }, { 'x-hub-purpose': 'PLATFORM_OPERATION' });
  await world.registryCatchesUp();

  const { rows } = await recordedBy(() => world.as('service-co').send('GET', '/packages/pkg_x/manifest'));

  expect(rows).toMatchObject([
    { allowed: false, refusals: [{ permission: 'readings:read', code: 'CONSENT_REQUIRED' }] },
  ]);
});

test('a receipt and a manifest carry a checkpoint that the ledger holds', async () => {
  const { receipt } = await upload(world, day('m1', '2026-01-03'));
  const { manifest } = await manifestOf(
    world.as('national'),
    await daily(world.as('national'), '2026-01-03'),
  );

  const given = [receipt.checkpoint, manifest.checkpoint];
  const client = new Client({ connectionString: world.ownerUrl });
  await client.connect();
  const { checkpoints, problem } = await verifyLedger(client, { given });
  await client.end();
  expect([checkpoints, problem]).toEqual([2, undefined]);
});

test('after all this the ledger holds, and no reading, key, name or credit code stands in it', async () => {
  const secrets: ((world: World) => Promise<GraphqlReply>)[] = [
    ({ as }) => as.call(world, 'district-310101').ask(`{ enterprise(uscc: "${USCC_A}") { uscc name } }`),
    ({ as }) =>
      as.call(world, 'enterprise-a').ask('query ($u: ID!) { enterprise(uscc: $u) { name } }', { u: USCC_A }),
    ({ as }) =>
      as
        .call(world, 'district-310101')
        .ask('{ meter(id: "m1") { name days(from: "2026-01-01", to: "2026-01-01") { nodes { total } } } }'),
  ];
  for (const ask of secrets) expect((await ask(world)).errors).toBeUndefined();

  const facts = (await world.sql<{ facts: string }>('select facts from ledger.entry'))
    .map((row) => row.facts)
    .join('\n');
  expect(facts.length).toBeGreaterThan(5_000);
  for (const secret of [
    READING,
    USCC_A,
    'Works',
    'House 310101A001',
    'Gate',
    'District 310101',
    'BEGIN',
    'meter(id',
    '/etc/',
  ]) {
    expect(facts).not.toContain(secret);
  }
  const client = new Client({ connectionString: world.ownerUrl });
  await client.connect();
  try {
    const { entries, problem } = await verifyLedger(client);
    expect([problem, entries > 20]).toEqual([undefined, true]);
  } finally {
    await client.end();
  }
});
