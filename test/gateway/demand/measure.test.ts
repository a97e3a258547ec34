import { buildSchema, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { checkLimits, type Limits } from '../../../gateway/demand/limits.js';
import { Measure } from '../../../gateway/demand/measure.js';

const schema = buildSchema(`
  directive @cost(weight: Int!) on FIELD_DEFINITION | SCALAR | OBJECT
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
  scalar Series @cost(weight: 20)
  type Query {
    rows(first: Int! = 20): Rows @listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"])
    days: [Row!] @listSize(assumedSize: 366)
    few: [Row!]
    index(of: String): Int @cost(weight: 200)
  }
  type Rows { nodes: [Row!]! edges: [Edge!]! total: Int! }
  type Edge { node: Row! }
  type Row { id: ID! values: Series sum: Row @cost(weight: 5) rows(first: Int! = 20): Rows
    @listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"]) }
`);

function measured(text: string): Measure {
  const document = parse(text);
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  return new Measure(schema, document, operation as OperationDefinitionNode);
}

const GENEROUS: Limits = {
  depth: 50,
  fields: 2_000,
  aliases: 50,
  rootFields: 50,
  directives: 50,
  objects: 1e6,
};
const times = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

test.each([
  ['aliases', `{ rows { ${times(51, (n) => `a${n}: total`)} } }`],
  [
    'aliases',
    `{ rows { ${times(6, () => '...F')} } } fragment F on Rows { ${times(10, (n) => `a${n}: total`)} }`,
  ],
  ['root fields', `{ ${times(51, () => 'index')} }`],
  ['root fields', `{ ${times(6, () => '...F')} } fragment F on Query { ${times(9, () => 'index')} }`],
  ['directives', `{ rows { nodes { ${times(51, () => 'id @include(if: true)')} } } }`],
  ['directives', `{ rows { ${times(51, () => '... @include(if: true) { total }')} } }`],
  ['fields', `{ rows { nodes { ${times(2_001, () => 'id')} } } }`],
])('too many %s are refused, fragments spread out', (what, text) => {
  expect(() => checkLimits(measured(text), {}, { ...GENEROUS })).toThrow(new RegExp(` ${what}; `));
});

test('fragments that double are measured at once, and are too wide', () => {
  const doubling = (type: string, field: string, last: string): string =>
    times(40, (n) => `fragment F${n} on ${type} { ${field} { ...F${n + 1} } ...F${n + 1} ...F${n + 1} }`) +
    ` fragment F40 on ${type} { ${last} }`;
  const text = `{ rows { nodes { ...F0 } } } ${doubling('Row', 'sum', 'id')}`;
  expect(() => checkLimits(measured(text), {}, GENEROUS)).toThrow(/fields; 2000 are allowed/);
  const atRoot = `{ ...F0 } ${times(40, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F40 on Query { index }`;
  expect(() => checkLimits(measured(atRoot), {}, GENEROUS)).toThrow(/fields; 2000 are allowed/);
});

test.each([
  ['a page', '{ rows(first: 100) { nodes { id } } }', {}, { objects: 101, cost: 101 }],
  ['a page by edges', '{ rows(first: 100) { edges { node { id } } total } }', {}, { objects: 201, cost: 201 }],
  ['the schema’s default', '{ rows { nodes { id } } }', {}, { objects: 21, cost: 21 }],
  ['a variable', 'query ($n: Int!) { rows(first: $n) { nodes { id } } }', { n: 9 }, { objects: 10, cost: 10 }],
  ['its default', 'query ($n: Int = 7) { rows(first: $n) { nodes { id } } }', {}, { objects: 8, cost: 8 }],
  ['an assumed size', '{ days { id } }', {}, { objects: 366, cost: 366 }],
  ['a list of no known size', '{ few { id } }', {}, { objects: 20, cost: 20 }],
  ['a scalar of some size', '{ rows(first: 10) { nodes { values } } }', {}, { objects: 211, cost: 211 }],
  ['a dear field', '{ index a: index }', {}, { objects: 0, cost: 400 }],
  ['a dear field of many', '{ rows(first: 10) { nodes { sum { id } } } }', {}, { objects: 21, cost: 71 }],
  ['pages in pages', '{ rows(first: 10) { nodes { rows(first: 3) { nodes { id } } } } }', {}, { objects: 51, cost: 51 }],
  ['fragments with the page around them', '{ a: rows(first: 3) { ...R } b: rows(first: 5) { ...R } } fragment R on Rows { nodes { id } }', {}, { objects: 10, cost: 10 }],
])('the estimate knows %s', (_what, text, variables, size) => {
  expect(measured(text).estimate(variables)).toEqual(size);
}); // prettier-ignore

test.each([
  ['objects that came, not those that could', '{ rows(first: 500) { nodes { id } } }', { rows: { nodes: [{ id: 1 }, { id: 2 }] } }, 3],
  ['nothing for what is null', '{ rows { nodes { values sum { id } } } }', { rows: { nodes: [{ values: null, sum: null }] } }, 7],
  ['a dear field that was answered', '{ i: index }', { i: 5 }, 200],
  ['a dear field that was answered with nothing', '{ i: index }', { i: null }, 200],
  ['no field that was withheld', '{ i: index }', {}, 0],
  ['series', '{ rows { nodes { values } } }', { rows: { nodes: [{ values: ['1'] }, { values: ['1'] }] } }, 43],
  ['through fragments', '{ ...F } fragment F on Query { few { id } }', { few: [{ id: 1 }, { id: 2 }, { id: 3 }] }, 3],
  ['no answer at all', '{ index }', null, 0],
])('what is charged after: %s', (_what, text, data, cost) => {
  expect(measured(text).actual(data).cost).toBe(cost);
}); // prettier-ignore

test('of an answer that nobody reads, no more is charged than its bytes can hold, and never more than estimated', () => {
  const measure = measured('{ index rows(first: 500) { nodes { id } } }');
  const estimate = measure.estimate({});

  expect(measure.unread(0, estimate).cost).toBe(200);
  expect(measure.unread(120, estimate).cost).toBe(210);
  expect(measure.unread(1e9, estimate)).toEqual(estimate);
});
