import { Documents, type KnownDocument } from '../../../gateway/front/documents.js';
import { Reading } from '../../../gateway/front/reading.js';
import { composeRooms } from '../../../gateway/composed.js';
import { Refusal } from '../../../gateway/errors.js';

let documents: Documents;
let reading: Reading;
beforeAll(async () => {
  const { supergraph, planner } = await composeRooms();
  const { schema } = planner.internals;
  const fault = (error: unknown): string => {
    throw error;
  };
  reading = await Reading.open({ schema, tokens: 4_000, introspection: true, fault });
  documents = new Documents({ supergraph, reading });
}, 60_000);
afterAll(() => reading?.close());

const known = async (source: string): Promise<KnownDocument> => {
  const found = await documents.of(source);
  if ('refused' in found) throw new Error(found.refused.toString('utf8'));
  return found;
};
const refused = async (source: string): Promise<unknown> => {
  const found = await documents.of(source);
  return 'refused' in found ? JSON.parse(found.refused.toString('utf8')) : undefined;
};

test.each(['{ me {', '{ gone }', `{ ${'me { tenant } '.repeat(2_000)} }`])(
  'what is refused is refused by the same bytes again, without being read: %.12s',
  async (source) => {
    const first = await documents.of(source);
    expect(first).toHaveProperty('refused');
    expect(documents.of(source)).toBe(first);
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

test('more documents than fit displace the oldest, and what is refused displaces nothing', async () => {
  const first = await known('{ me { name } }');
  for (let number = 0; number < 200; number++)
    await documents.of(`{ gone } # ${number} ${'x'.repeat(200_000)}`);
  expect(await known('{ me { name } }')).toBe(first);
  for (let number = 0; number < 200; number++)
    await documents.of(`{ me { tier } } # ${number} ${'x'.repeat(200_000)}`);
  expect(await known('{ me { name } }')).not.toBe(first);
});
