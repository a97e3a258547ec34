import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Reply } from '../../world/caller.js';
import { openWorld, type World } from '../../world/world.js';
import { publish, registerCity, report, theMonth } from '../../subgraphs/metering/statistics/city.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await registerCity(world);
  await report(world, theMonth());
  await publish(world);
}, 60_000);
afterAll(() => world.close());

const CELLS = 'cells(first: 500) { nodes { area buildingType energyItem unit total subjects } }';
const EDITION = `{ statisticsEdition(month: "2026-01-01") { id revision ${CELLS} } }`;
const get = (query: string, headers: Record<string, string> = {}): Promise<Reply> =>
  world.as('district-310101').send('GET', `/graphql?query=${encodeURIComponent(query)}`, null, {
    'content-type': 'application/json',
    ...headers,
  });
const lastRow = async (): Promise<{ event: string; allowed: boolean; release?: object }> => {
  const [row] = await world.sql<{ facts: string }>(
    `select facts from ledger.entry where facts::json ->> 'permissions' is not null order by sequence desc limit 1`,
  );
  return JSON.parse(row!.facts) as never;
};

describe('published statistics', () => {
  test('are not sent again to who has them, and the ledger says that nothing was released', async () => {
    const first = await get(EDITION);
    expect([first.status, first.headers['cache-control']]).toEqual([200, 'private, no-cache']);
    expect((await lastRow()).event).toBe('DECISION_AND_RELEASE');

    for (const tag of [first.headers['etag']!, `"other", ${first.headers['etag']}`]) {
      const { status, headers, body } = await get(EDITION, { 'if-none-match': tag });
      expect([status, headers['etag'], body.length]).toEqual([304, first.headers['etag'], 0]);
      expect(await lastRow()).toMatchObject({ event: 'DECISION', allowed: true });
    }
  });

  test('are sent to who has another answer, and asked for in another way', async () => {
    const { headers } = await get(EDITION);
    expect((await get(EDITION, { 'if-none-match': 'W/"other"' })).status).toBe(200);
    const other = await get(EDITION.replace('revision', 'month'), { 'if-none-match': headers['etag']! });
    expect(other.status).toBe(200);
    expect(other.headers['etag']).not.toBe(headers['etag']);
  });

  test('are not given to who may not see them any more, whatever it has', async () => {
    const { headers } = await get(EDITION);
    await world.sql(
      `update tenants.scope set valid_to = now() where tenant = 'district-310101' and category = 'statistics'`,
    );
    await world.registryCatchesUp();

    const reply = await get(EDITION, { 'if-none-match': headers['etag']! });

    expect([reply.status, reply.headers['etag'], reply.headers['cache-control']]).toEqual([
      200,
      undefined,
      'no-store',
    ]);
    expect(reply.body.toString('utf8')).toContain('SCOPE_MISSING');
    await world.sql(`update tenants.scope set valid_to = null`);
    await world.registryCatchesUp();
  });

  test('are sent anew once there is a revision', async () => {
    const { headers } = await get(EDITION);
    const changed = theMonth().map((one) => ({ ...one, amount: one.amount + 1 }));
    await report(world, changed);
    await publish(world);

    const reply = await get(EDITION, { 'if-none-match': headers['etag']! });

    expect(reply.status).toBe(200);
    expect(reply.headers['etag']).not.toBe(headers['etag']);
  });
});

test.each([
  ['anything else by GET', '{ buildings { nodes { id } } }'],
  [
    'statistics beside anything else',
    `{ me { tenant } buildings(first: 1) { nodes { id } } statisticsEditions { nodes { id } } }`,
  ],
  ['nobody’s data', '{ __typename }'],
])('%s is nothing to keep', async (_what, query) => {
  const { headers } = await get(query, { 'if-none-match': '*' });
  expect([headers['etag'], headers['cache-control']]).toEqual([undefined, 'no-store']);
});

const DECODERS = { gzip: gunzipSync, zstd: zstdDecompressSync };
describe('an answer that is large', () => {
  const LARGE = '{ __schema { types { name description } } }';
  const ask = (encoding?: string, query = LARGE): Promise<Reply> =>
    world.as('district-310101').send('POST', '/graphql', JSON.stringify({ query }), {
      'content-type': 'application/json',
      ...(encoding !== undefined && { 'accept-encoding': encoding }),
    });

  test.each([
    ['gzip', 'gzip'],
    ['zstd', 'gzip, deflate, br, zstd'],
    ['gzip', 'zstd;q=0.5, gzip'],
    ['gzip', 'zstd;q=0, gzip;q=0.1'],
  ] as const)('comes by %s to who accepts "%s"', async (encoding, accepted) => {
    const [plain, reply] = [await ask(), await ask(accepted)];

    expect(reply.headers['content-encoding']).toBe(encoding);
    expect(reply.body.length * 3).toBeLessThan(plain.body.length);
    expect(DECODERS[encoding](reply.body)).toEqual(plain.body);
    expect(reply.headers['content-length']).toBe(String(reply.body.length));
  });

  test.each([undefined, '', 'identity', '*', 'br', 'gzip;q=0', ';;=,,', 'constructor'])(
    'comes as it is to who accepts %p',
    async (accepted) => {
      const { headers, body } = await ask(accepted);
      expect(headers['content-encoding']).toBeUndefined();
      expect(JSON.parse(body.toString('utf8'))).toHaveProperty('data.__schema.types');
    },
  );

  test('a small one comes as it is', async () => {
    expect((await ask('gzip, zstd', '{ me { tenant } }')).headers['content-encoding']).toBeUndefined();
  });
});
