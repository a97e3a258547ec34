import { refusalOf } from './refusals.js';
import type { Reply } from '../world/caller.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({
    settings: {
      HUB_QUERY_TOKENS: '4000',
      HUB_QUERY_DEPTH: '10',
      HUB_QUERY_FIELDS: '1000',
      HUB_QUERY_ALIASES: '1000',
      HUB_QUERY_ROOT_FIELDS: '600',
      HUB_QUERY_OBJECTS: '100000',
    },
  });
}, 120_000);
afterAll(() => world.close());

const ask = (query: string, variables?: Record<string, unknown>): Promise<Reply> =>
  world.as('district-310101').send('POST', '/graphql', JSON.stringify({ query, variables }), {
    'content-type': 'application/json',
  });
const times = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const nested = (levels: number): string =>
  `{ meter(id: "x") ${'{ parent '.repeat(levels)}{ id }${' }'.repeat(levels)} }`;

test('a document of more tokens than allowed is refused, one of fewer is answered', async () => {
  const document = (fields: number): string => `{ me { ${times(fields, (n) => `a${n}: tenant`)} } }`;

  expect(refusalOf(await ask(document(1_400)))).toEqual([400, 'QUERY_TOO_LONG']);
  expect((await ask(document(900))).status).toBe(200);
});

test('a query nested more deeply than allowed is refused, one at the limit is answered', async () => {
  expect(refusalOf(await ask(nested(9)))).toEqual([400, 'QUERY_TOO_DEEP']);
  expect((await ask(nested(8))).status).toBe(200);
});

test('fragments count as deep as what they stand for', async () => {
  const query = `{ meter(id: "x") { ...A } } ${times(11, (n) => `fragment ${'A'.repeat(n + 1)} on Meter { parent { ${n < 10 ? `...${'A'.repeat(n + 2)}` : 'id'} } }`)}`;
  expect(refusalOf(await ask(query))).toEqual([400, 'QUERY_TOO_DEEP']);
});

test('the same list under more names than allowed fields is refused', async () => {
  const query = `{ ${times(501, (n) => `a${n}: me { tenant }`)} }`;
  expect(refusalOf(await ask(query))).toEqual([400, 'QUERY_TOO_WIDE']);
});

const WIDE = 'meters(first: 500) { nodes { children(first: 500) { nodes { id } } } }';
test.each([
  ['written out', `{ ${WIDE} }`, undefined],
  ['by variables', `query ($n: Int!) { ${WIDE.replaceAll('500', '$n')} }`, { n: 500 }],
  ['by a variable’s default', `query ($n: Int! = 500) { ${WIDE.replaceAll('500', '$n')} }`, undefined],
  ['by a variable’s default beside null', `query ($n: Int = 500) { ${WIDE.replaceAll('500', '$n')} }`, {}],
  [
    'in a fragment',
    '{ ...A } fragment A on Query { meters(first: 500) { nodes { ...B } } } fragment B on Meter { children(first: 500) { nodes { id } } }',
    undefined,
  ],
  [
    'in an inline fragment',
    '{ ... on Query { meters(first: 500) { nodes { ... on Meter { children(first: 500) { nodes { id } } } } } } }',
    undefined,
  ],
  [
    'by edges',
    '{ meters(first: 500) { edges { node { children(first: 500) { edges { node { id } } } } } } }',
    undefined,
  ],
  ['side by side', `{ ${times(250, (n) => `a${n}: meters(first: 500) { nodes { id } }`)} }`, undefined],
] as const)('pages of 500 in pages of 500, %s, are too wide', async (_what, query, variables) => {
  expect(refusalOf(await ask(query, variables))).toEqual([400, 'QUERY_TOO_WIDE']);
});

test('a page of 500 with a page of 20 in each is answered', async () => {
  expect(
    (await ask('{ meters(first: 500) { nodes { children(first: 20) { nodes { id } } } } }')).status,
  ).toBe(200);
});

test.each([
  [
    '28 fragments that double each time',
    `{ me { ...F0 } } ${times(28, (n) => `fragment F${n} on Me { ...F${n + 1} ...F${n + 1} }`)} fragment F28 on Me { tenant }`,
  ],
  [
    '28 fragments that double each time under names',
    `{ meter(id: "x") { ...F0 } } ${times(28, (n) => `fragment F${n} on Meter { a${n}: parent { ...F${n + 1} } b${n}: parent { ...F${n + 1} } }`)} fragment F28 on Meter { id }`,
  ],
  ['a thousand times the same object', `{ ${times(990, () => 'me { tenant }')} }`],
  [
    'a thousand times the same list, each with the same list',
    `{ ${times(180, () => 'meters { nodes { children { nodes { id } } } }')} }`,
  ],
  [
    'introspection through itself',
    `{ __schema { types ${'{ fields { type '.repeat(6)} { name } ${'} }'.repeat(6)} } }`,
  ],
])('%s: decided within a second', async (_what, query) => {
  const before = performance.now();
  const { status } = await ask(query);

  expect(performance.now() - before).toBeLessThan(1_000);
  expect([200, 400]).toContain(status);
});
