import { buildSchema, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { type Asked, isOwnShape } from '../../../gateway/plan/execution/own-shape.js';

const schema = buildSchema(`
  type Query { building(id: ID): Building buildings: [Building!] thing: Thing found: Found }
  type Building implements Thing { id: ID! name: String owner: Owner }
  type Owner { uscc: ID! name: String }
  interface Thing { id: ID! }
  union Found = Building | Owner
`);

function asked(query: string): Asked {
  const { definitions } = parse(query);
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const operation = definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )!;
  return {
    selecting: {
      schema,
      fragments: new Map(fragments.map((one) => [one.name.value, one])),
      holds: (name) => name === 'yes',
    },
    sets: [operation.selectionSet],
  };
}
const isOwn = (client: string, room: string): boolean =>
  isOwnShape(schema.getQueryType()!, asked(client), asked(room));

test.each([
  ['the same', '{ building { id name } }', '{building{id name}}'],
  [
    'what stands in fragments',
    '{ ...A } fragment A on Query { buildings { ...B name } } fragment B on Building { id }',
    '{buildings{id name}}',
  ],
  [
    'what is put together',
    '{ building { owner { name } id owner { uscc } } }',
    '{building{owner{name uscc}id}}',
  ],
  ['other arguments', '{ building(id: "b") { id } }', 'query($a:ID){building(id:$a){id}}'],
  [
    'keys of the client’s',
    '{ a: building { __proto__: id b: __typename } }',
    '{a:building{__proto__:id b:__typename}}',
  ],
  [
    'conditions',
    'query ($yes: Boolean!, $no: Boolean!) { building { id @include(if: $yes) name @include(if: $no) } }',
    'query($yes:Boolean!){building{id@include(if:$yes)}}',
  ],
])('%s is of the client’s own shape', (_what, client, room) => {
  expect(isOwn(client, room)).toBe(true);
});

test.each([
  ['another order', '{ building { name id } }', '{building{id name}}'],
  ['another order further up', '{ b: building { id } a: building { id } }', '{a:building{id}b:building{id}}'],
  ['more than was asked', '{ building { name } }', '{building{name id}}'],
  ['less than was asked', '{ building { name id } }', '{building{name}}'],
  ['another key', '{ building { called: name } }', '{building{name}}'],
  ['another field under the key', '{ building { name: id } }', '{building{name}}'],
  ['a difference deep down', '{ building { owner { uscc } } }', '{building{owner{name}}}'],
  ['an interface', '{ thing { id } }', '{thing{id}}'],
  ['a union', '{ found { ... on Owner { uscc } } }', '{found{...on Owner{uscc}}}'],
  ['what no room answers', '{ __schema { description } }', '{__schema{description}}'],
])('%s is not', (_what, client, room) => {
  expect(isOwn(client, room)).toBe(false);
});
