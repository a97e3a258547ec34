import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { builtHub, jsonOf } from '../../scripts/built-hub.js';
import type { Reply } from '../../world/caller.js';
import { openWorld, type World } from '../../world/world.js';
import { refusalOf } from '../refusals.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const persisted = (sha256Hash: string): object => ({ persistedQuery: { version: 1, sha256Hash } });

let world: World;
const send = (who: string, body: object): Promise<Reply> =>
  world.as(who).send('POST', '/graphql', JSON.stringify(body), JSON_TYPE);
const dataOf = ({ body }: Reply): unknown => JSON.parse(body.toString('utf8')) as unknown;
const ME = { data: { me: { tenant: 'district-310101' } } };

/** Publishes texts; the hashes under which they are published. */
async function publish(...texts: string[]): Promise<string[]> {
  const paths = texts.map((_, n) => join(world.home, `document-${n}.graphql`));
  await Promise.all(paths.map((path, n) => writeFile(path, texts[n]!)));
  const { documents } = await jsonOf<{ documents: { sha256: string }[] }>(world, [
    ...['documents', 'publish', ...paths, '--operator', 'me'],
  ]);
  return documents.map(({ sha256 }) => sha256);
}

/** Asks until the answer is another than it was: running gateways look once a second. */
async function changed(ask: () => Promise<Reply>, from: number): Promise<Reply> {
  for (let tries = 0; tries < 100; tries++) {
    const reply = await ask();
    if (reply.status !== from) return reply;
    await pause(100);
  }
  throw new Error(`still ${from}`);
}

describe('with other documents beside those that are published', () => {
  beforeAll(async () => {
    world = await openWorld();
  }, 120_000);
  afterAll(() => world.close());

  const TEXT = '{ me { tenant } }';

  test.each([
    ['no hash', persisted('abc')],
    ['an upper-case hash', persisted(hashOf(TEXT).toUpperCase())],
    ['another version', { persistedQuery: { version: 2, sha256Hash: hashOf(TEXT) } }],
    ['no hash at all', { persistedQuery: { version: 1 } }],
    ['a text', { persistedQuery: 'x' }],
  ])('a persisted query that is %s is refused', async (_what, extensions) => {
    expect(refusalOf(await send('district-310101', { query: TEXT, extensions }))).toEqual([
      400,
      'BAD_REQUEST',
    ]);
  });

  test('a document under the hash of another is refused, and is not known under it afterwards', async () => {
    const extensions = persisted(hashOf('{ me { tier } }'));
    expect(refusalOf(await send('district-310101', { query: TEXT, extensions }))[1]).toBe('BAD_REQUEST');
    expect(refusalOf(await send('district-310101', { extensions }))[1]).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  test('a query persists with its hash, for the tenant that sent it and for no other', async () => {
    const extensions = persisted(hashOf(TEXT));
    const unknown = await send('district-310101', { extensions });
    expect(unknown.status).toBe(200);
    expect(dataOf(unknown)).toMatchObject({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });

    expect(dataOf(await send('district-310101', { query: TEXT, extensions }))).toEqual(ME);
    expect(dataOf(await send('district-310101', { extensions }))).toEqual(ME);
    expect(refusalOf(await send('district-310104', { extensions }))[1]).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  test('a persisted mutation is none by GET', async () => {
    const query = 'mutation { setTenantStatus(id: "national", status: "CLOSED") { id } }';
    const extensions = persisted(hashOf(query));
    await send('district-310101', { query, extensions });
    const inAddress = encodeURIComponent(JSON.stringify(extensions));
    const path = `/graphql?extensions=${inAddress}`;
    const reply = await world.as('district-310101').send('GET', path, null, JSON_TYPE);
    expect(refusalOf(reply)).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });

  test.each(['x', '', 'sha256:', hashOf('unknown'), '../../etc/passwd'])(
    'the document %j is not known',
    async (documentId) => {
      expect(refusalOf(await send('district-310101', { documentId }))).toEqual([404, 'DOCUMENT_UNKNOWN']);
    },
  );

  test('what does not fit the schema is not published, and nothing with it', async () => {
    const [good, bad] = [join(world.home, 'good.graphql'), join(world.home, 'bad.graphql')];
    await writeFile(good, '{ me { tier } }');
    await writeFile(bad, '{ me {\n tenants } }');
    const { status, err } = await builtHub(world, [
      ...['documents', 'publish', good, bad, '--operator', 'me'],
    ]);
    expect([status, err]).toEqual([1, expect.stringContaining('bad.graphql, line 2') as string]);
    expect(await jsonOf(world, ['documents', 'list'])).toEqual({ documents: [] });
  });

  test('a document is published, named by every caller, recorded by its hash, and revoked, all while the hub runs', async () => {
    const text = 'query Mine { me { tenant } }\n';
    expect(await publish(text)).toEqual([hashOf(text)]);
    const sha256 = hashOf(text);

    const ask = (): Promise<Reply> => send('district-310101', { documentId: `sha256:${sha256}` });
    expect(dataOf(await changed(ask, 404))).toEqual(ME);
    expect(dataOf(await send('district-310101', { documentId: sha256 }))).toEqual(ME);
    expect(dataOf(await send('district-310101', { extensions: persisted(sha256) }))).toEqual(ME);
    const entries = await world.sql<{ n: number }>(
      `select count(*)::int as n from ledger.entry where facts::json -> 'operation' ->> 'sha256' = $1`,
      [sha256],
    );
    expect(entries[0]?.n).toBe(3);

    await jsonOf(world, ['documents', 'revoke', sha256, '--operator', 'me']);
    expect(refusalOf(await changed(ask, 200))).toEqual([404, 'DOCUMENT_UNKNOWN']);
    const acts = await world.sql<{ act: string }>(
      `select facts::json ->> 'act' as act from ledger.entry where facts::json ->> 'object' = $1 order by sequence`,
      [sha256],
    );
    expect(acts.map(({ act }) => act)).toEqual(['DOCUMENT_PUBLISHED', 'DOCUMENT_REVOKED']);
    const again = await builtHub(world, ['documents', 'revoke', sha256, '--operator', 'me']);
    expect([again.status, again.err]).toEqual([1, expect.stringContaining('NOT_FOUND') as string]);
  });
});

describe('with published documents alone', () => {
  beforeAll(async () => {
    world = await openWorld({
      settings: { HUB_TRUSTED_DOCUMENTS: 'only', HUB_INTROSPECTION: 'false' },
    });
  }, 120_000);
  afterAll(() => world.close());

  test('no other is answered, by whatever way it comes', async () => {
    const query = '{ me { tenant } }';
    const refused = [403, 'DOCUMENT_NOT_TRUSTED'];
    const address = `/graphql?query=${encodeURIComponent(query)}`;
    expect(refusalOf(await send('district-310101', { query }))).toEqual(refused);
    expect(refusalOf(await send('district-310101', { query, extensions: persisted(hashOf(query)) }))).toEqual(
      refused,
    );
    expect(refusalOf(await world.as('district-310101').send('GET', address, null, JSON_TYPE))).toEqual(
      refused,
    );
    expect(refusalOf(await send('district-310101', { extensions: persisted(hashOf(query)) }))[1]).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
    expect(refusalOf(await send('district-310101', { query: '{ not graphql' }))).toEqual(refused);
  });

  const MINE = 'query Mine { me { tenant } }';
  const SCHEMA = '{ __schema { queryType { name } } }';
  const misses = async (): Promise<number[]> => {
    const text = await (await fetch(`${world.hub.operationsUrl}/metrics`)).text();
    return ['documents', 'plans'].map((name) =>
      Number(new RegExp(`^hub_${name}_misses (\\d+)$`, 'm').exec(text)?.[1]),
    );
  };

  test('a published one is read and planned before anybody asks for it', async () => {
    const [documents, plans] = (await misses()) as [number, number];
    await publish(SCHEMA, MINE);
    for (let tries = 0; tries < 100 && (await misses())[1] === plans; tries++) await pause(100);
    const warm = await misses();
    expect(warm).toEqual([documents + 2, plans + 1]);

    const documentId = hashOf(MINE);
    expect(dataOf(await changed(() => send('district-310101', { documentId }), 404))).toEqual(ME);
    expect(await misses()).toEqual(warm);
  });

  test('a published one is answered in full, too', async () => {
    expect(dataOf(await send('district-310101', { query: MINE }))).toEqual(ME);
  });

  test('a published document asks no more of the schema than any other may', async () => {
    const reply = await send('district-310101', { documentId: hashOf(SCHEMA) });
    expect(refusalOf(reply)).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });
});
