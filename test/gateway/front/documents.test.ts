import { Documents, type KnownDocument, type RefusedDocument } from '../../../gateway/front/documents.js';
import { Reading } from '../../../gateway/front/reading.js';
import { composeRooms } from '../../../gateway/composed.js';
import { Refusal } from '../../../gateway/errors.js';

const limits = {
  ...{ tokens: 4_000, depth: 15, fields: 2_000, aliases: 200 },
  ...{ rootFields: 100, directives: 100, objects: 200_000 },
};
let documents: Documents;
let fresh: () => Documents;
let reading: Reading;
beforeAll(async () => {
  const { supergraph, planner } = await composeRooms();
  const { schema } = planner.internals;
  const fault = (error: unknown): string => {
    throw error;
  };
  reading = await Reading.open({ schema, tokens: limits.tokens, introspection: true, fault });
  fresh = () => new Documents({ supergraph, reading, limits });
  documents = fresh();
}, 60_000);
afterAll(() => reading?.close());

const found = async (source: string): Promise<KnownDocument | RefusedDocument> =>
  documents.known(source) ?? (await documents.read(source));
const known = async (source: string): Promise<KnownDocument> => {
  const document = await found(source);
  if ('refused' in document) throw new Error(document.refused.toString());
  return document;
};
const refused = async (source: string): Promise<unknown> => {
  const document = await found(source);
  if (!('refused' in document)) return undefined;
  return JSON.parse(
    Buffer.isBuffer(document.refused) ? document.refused.toString() : JSON.stringify(document.refused),
  );
};

test.each(['{ me {', '{ gone }', `{ ${'me { tenant } '.repeat(2_000)} }`])(
  'what is refused is refused by the same bytes again, without being read: %.12s',
  async (source) => {
    const first = await documents.read(source);
    expect(first).toHaveProperty('refused');
    expect(documents.known(source)).toBe(first);
  },
);

test('a document is known by its exact text', async () => {
  const first = await known('{ me { tenant } }');
  expect(await known('{ me { tenant } }')).toBe(first);
  expect(first.operation(null)).toBe((await known('{ me { tenant } }')).operation(null));
  expect(await known('{ me  { tenant } }')).not.toBe(first);
});

test('a document of too many tokens is told from one that speaks of tokens', async () => {
  const codes = (source: string): Promise<unknown> => refused(source);
  expect(await codes(`{ ${'me { tenant } '.repeat(2_000)} }`)).toMatchObject({
    errors: [{ extensions: { code: 'QUERY_TOO_LONG' } }],
  });
  expect(await codes('{ me "tokens" }')).toMatchObject({
    errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }],
  });
});

test('an operation that the document does not have is no operation, however it is called', async () => {
  const document = await known('query A { me { tenant } } query B { me { tier } }');
  for (const name of [null, '', 'C', '__proto__', 'constructor'])
    expect(() => document.operation(name)).toThrow(Refusal);
  expect(document.operation('B').recorded).toMatchObject({ kind: 'QUERY', name: 'B' });
});

test('what an operation comes to is known before anybody asks', async () => {
  const { asked, used, acts, measure, unfit } = (
    await known(
      'query ($n: Int = 30) { buildings(first: $n) { nodes { id meters(first: 2) { nodes { id } } } } }',
    )
  ).operation(null);
  expect([...asked].sort()).toEqual(['buildings:read', 'meters:read']);
  expect([[...used], acts, unfit]).toEqual([[], ['QUERY'], null]);
  const [byDefault, given] = [measure.estimate({}).objects, measure.estimate({ n: 10 }).objects];
  expect((given - 1) * 3).toBe(byDefault - 1);
  expect([measure.shape.depth, measure.shape.fields]).toEqual([5, 6]);
});

/** Each fragment spreads the next twice: 2^60 fields, of which none is known. */
const DOUBLING = `{ me { ...F0 } } ${Array.from(
  { length: 60 },
  (_, n) => `fragment F${n} on Me { ...F${n + 1} ...F${n + 1} }`,
).join(' ')} fragment F60 on Me { gone }`;

test.each([
  ['what fragments spread out', DOUBLING, 'QUERY_TOO_WIDE'],
  ['a fragment that nothing spreads', DOUBLING.replace('...F0', 'tenant'), 'QUERY_TOO_WIDE'],
  ['another operation', `query A { me { tenant } } query B ${DOUBLING}`, 'QUERY_TOO_WIDE'],
  ['fields that are unknown', `{ me { ${'gone '.repeat(2_001)} } }`, 'QUERY_TOO_WIDE'],
  ['its depth', `${'{ me '.repeat(16)} { gone } ${'}'.repeat(16)}`, 'QUERY_TOO_DEEP'],
])('a document too large for %s is refused before it is validated', async (_what, source, code) => {
  expect(await refused(source)).toMatchObject({ errors: [{ extensions: { code } }] });
});

test('fragments in a circle are no fault of the hub', async () => {
  const circle = '{ me { ...A } } fragment A on Me { tenant ...B } fragment B on Me { tier ...A }';
  expect(await refused(circle)).toMatchObject({
    errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  });
});

test('who may not read a document has it refused before it is validated, and may another time', async () => {
  const source = '{ me { tenant } gone }';
  const reads = documents.read(source, async (parsed) => {
    expect(parsed.definitions).toHaveLength(1);
    throw new Refusal('CERTIFICATE_SUSPENDED');
  });
  await expect(reads).rejects.toThrow(Refusal);
  expect(documents.known(source)).toBeUndefined();
});

test('what is published stays, whatever else is asked', async () => {
  const published = await documents.publish('query Published { me { tenant } }');
  for (let number = 0; number < 200; number++) {
    await found(`{ me { tier } } # ${number} ${'y'.repeat(200_000)}`);
    await found(`${DOUBLING} # ${number} ${'y'.repeat(200_000)}`);
  }
  expect(documents.known('query Published { me { tenant } }')).toBe(published);
});

test('what is too large displaces no valid document', async () => {
  const first = await known('{ me { name tier } }');
  for (let number = 0; number < 200; number++)
    await found(`${DOUBLING.replace('gone', 'tenant')} # ${number} ${'z'.repeat(200_000)}`);
  expect(documents.known('{ me { name tier } }')).toBe(first);
});

test('a document counts as large as all that is kept of it', async () => {
  documents = fresh();
  const operations = Array.from({ length: 100 }, (_, n) => `query Q${n} { ...F }`).join(' ');
  const fields = Array.from({ length: 190 }, (_, n) => `a${n}: tenant`).join(' ');
  const document = await known(`${operations} fragment F on Query { me { ${fields} } }`);
  const first = document.operation('Q0');
  expect(document.operation('Q0')).toBe(first);
  for (const name of document.names) document.operation(name);
  expect(document.operation('Q0')).not.toBe(first);
  // 16 operations of the fragment's 190 fields each, beside some 1,200 tokens.
  expect(documents.kept.bytes).toBeGreaterThan(16 * 190 * 200 + 1_200 * 300);
});

test('more documents than fit displace the oldest, and what is refused displaces nothing', async () => {
  const first = await known('{ me { name } }');
  for (let number = 0; number < 200; number++) await found(`{ gone } # ${number} ${'x'.repeat(200_000)}`);
  expect(await known('{ me { name } }')).toBe(first);
  for (let number = 0; number < 200; number++)
    await found(`{ me { tier } } # ${number} ${'x'.repeat(200_000)}`);
  expect(await known('{ me { name } }')).not.toBe(first);
});
