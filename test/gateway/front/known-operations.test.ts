import {
  aConsent,
  aScope,
  addScope,
  endScope,
  recordConsents,
  revokeConsent,
  until,
} from '../../world/admin.js';
import type { Reply } from '../../world/caller.js';
import { smallCity } from '../../world/city.js';
import { openWorld, type World } from '../../world/world.js';

/** An operation is parsed, validated, decided on and planned for its text; whose request it is, is asked each time. */
describe('an operation that the hub knows is judged anew for every request', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ settings: { HUB_QUERY_OBJECTS: '5000' } });
    await smallCity(world);
  }, 60_000);
  afterAll(() => world.close());

  const SEEN = '{ buildings { nodes { id } } }';
  const send = (name: string, body: string, headers: Record<string, string> = {}): Promise<Reply> =>
    world.as(name).send('POST', '/graphql', body, { 'content-type': 'application/json', ...headers });
  const textOf = async (reply: Promise<Reply>): Promise<string> => (await reply).body.toString('utf8');
  const seenBy = (name: string): Promise<string> => textOf(send(name, JSON.stringify({ query: SEEN })));
  const recorded = async (): Promise<
    { tenant: string; allowed: boolean; operation: { sha256: string } }[]
  > => {
    const rows = await world.sql<{ facts: string }>(
      `select facts from ledger.entry where facts::json ->> 'permissions' is not null order by sequence`,
    );
    return rows.map(({ facts }) => JSON.parse(facts) as never);
  };

  test('a scope that ends between two requests of the same bytes', async () => {
    const id = await addScope(world, aScope({ tenant: 'scopeless', area: '310106', category: 'buildings' }));
    expect(await seenBy('scopeless')).toBe('{"data":{"buildings":{"nodes":[]}}}');

    await endScope(world, id);

    expect(await until(async () => (await seenBy('scopeless')).includes('SCOPE_MISSING'))).toBeLessThan(
      1_000,
    );
    await addScope(world, aScope({ tenant: 'scopeless', area: '310106', category: 'buildings' }));
    expect(await until(async () => !(await seenBy('scopeless')).includes('SCOPE_MISSING'))).toBeLessThan(
      1_000,
    );
  });

  test('a consent that is withdrawn between two requests of the same bytes', async () => {
    const [id] = await recordConsents(world, world.as('enterprise-a'), aConsent());
    expect(await seenBy('service-co')).toContain('310101A001');

    await revokeConsent(world.as('enterprise-a'), id!);

    expect(await until(async () => (await seenBy('service-co')).includes('CONSENT_REQUIRED'))).toBeLessThan(
      1_000,
    );
    expect(await seenBy('service-co')).not.toContain('310101A001');
  });

  test('each caller has its own reach: what one was told is told to no other', async () => {
    expect(await seenBy('district-310101')).toContain('310101A001');
    expect(await seenBy('district-310104')).not.toContain('310101A001');
    expect(await seenBy('service-co')).toContain('"buildings":null');
  });

  test('of two callers of whom the same is refused each is told its own reason', async () => {
    const query = JSON.stringify({ query: '{ inspections { nodes { id } } me { tenant } }' });
    const [service, scopeless] = [
      await textOf(send('service-co', query)),
      await textOf(send('scopeless', query)),
    ];

    expect(service).toContain('"data":{"inspections":null,"me":{"tenant":"service-co"}}');
    expect(scopeless).toContain('"data":{"inspections":null,"me":{"tenant":"scopeless"}}');
  });

  test('the purpose and the standing of a request', async () => {
    const body = JSON.stringify({ query: SEEN });
    expect((await send('municipal', body, { 'x-hub-purpose': 'SUPERVISION' })).status).toBe(200);
    expect(await textOf(send('municipal', body))).toContain('PURPOSE_REQUIRED');
    expect(await textOf(send('municipal', body, { 'x-hub-purpose': 'STATISTICS' }))).toContain(
      'PURPOSE_NOT_DECLARED',
    );
  });

  test('variables: their form, their bounds, and what they make of the answer', async () => {
    const page = (variables: object): Promise<string> =>
      textOf(
        send(
          'district-310101',
          JSON.stringify({ query: 'query ($n: Int!) { buildings(first: $n) { nodes { id } } }', variables }),
        ),
      );
    expect(JSON.parse(await page({ n: 1 }))).toMatchObject({ data: { buildings: { nodes: [{}] } } });
    expect(await page({ n: 'x' })).toContain('BAD_USER_INPUT');
    expect(await page({ n: 6_000 })).toContain('QUERY_TOO_WIDE');
    expect(JSON.parse(await page({ n: 2 }))).toMatchObject({ data: { buildings: { nodes: [{}, {}] } } });
  });

  test('the name of the operation', async () => {
    const query = 'query A { me { tenant } } query B { me { tier } }';
    const named = (operationName?: unknown): Promise<string> =>
      textOf(send('district-310101', JSON.stringify({ query, operationName })));
    expect(await named('A')).toBe('{"data":{"me":{"tenant":"district-310101"}}}');
    expect(await named('B')).toBe('{"data":{"me":{"tier":"DISTRICT"}}}');
    for (const operationName of [undefined, null, '', 'C', '__proto__', 5, ['A']]) {
      expect(await named(operationName)).toContain('BAD_REQUEST');
    }
    expect(await named('A')).toBe('{"data":{"me":{"tenant":"district-310101"}}}');
  });

  test('the ledger has a row of each, the refused ones too', async () => {
    const before = (await recorded()).length;
    for (const name of ['district-310101', 'district-310101', 'service-co']) await seenBy(name);

    const rows = (await recorded()).slice(before);
    expect(rows.map(({ tenant, allowed }) => [tenant, allowed])).toEqual([
      ['district-310101', true],
      ['district-310101', true],
      ['service-co', false],
    ]);
    expect(new Set(rows.map(({ operation }) => operation.sha256)).size).toBe(1);
  });

  test('a certificate that is revoked between two requests of the same bytes, also of a document that is refused', async () => {
    const refused = JSON.stringify({ query: '{ gone }' });
    const [first, second] = [
      await textOf(send('enterprise-a', refused)),
      await textOf(send('enterprise-a', refused)),
    ];
    expect(first).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(second).toBe(first);
    const { me } = await world.as('enterprise-a').mustAsk<{ me: object }>('{ me { fingerprint } }');

    await world.as('municipal').mustAsk(
      'mutation ($fingerprint: ID!) { revokeCertificate(fingerprint: $fingerprint, reason: "KEY_COMPROMISE") { status } }',
      { ...me }, { 'x-hub-purpose': 'PLATFORM_OPERATION' }); // prettier-ignore

    expect(
      await until(async () => (await seenBy('enterprise-a')).includes('CERTIFICATE_REVOKED')),
    ).toBeLessThan(1_000);
    expect(await textOf(send('enterprise-a', refused))).toContain('CERTIFICATE_REVOKED');
  });
});
