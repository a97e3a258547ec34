import { composeSupergraph } from '../../../gateway/plan/supergraph.js';
import { OpenSchemaError, type Requirements } from '../../../gateway/plan/requirements.js';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6",
  import: ["@key", "@shareable", "@requiresScopes", "@authenticated"])`;

/** A schema of one subgraph as the hub composes its own. */
function requirementsOf(sdl: string): Requirements {
  return composeSupergraph([{ name: 'room', sdl: `${LINK}\n${sdl}` }]).requirements;
}

function faultsOf(sdl: string): string {
  try {
    requirementsOf(sdl);
  } catch (error) {
    if (error instanceof OpenSchemaError) return error.message;
    throw error;
  }
  return 'it composes';
}

const METER = 'type Meter @key(fields: "id") @requiresScopes(scopes: [["meters:read"]]) { id: ID! }';
const METERS = 'type Query { meters: [Meter!] @requiresScopes(scopes: [["meters:read"]]) }';

describe('a schema that leaves something open does not compose', () => {
  test.each([
    ['a type without a category', `type Meter { id: ID! } ${METERS}`, 'Meter names no category'],
    ['a type inside a list inside a type', `${METER.replace('id: ID! }', 'id: ID! days: [Day!] }')} type Day { date: ID! } ${METERS}`, 'Day names no category'],
    ['a root field without a category', `${METER} type Query { meters: [Meter!] }`, 'Query.meters names no category'],
    ['a root field of a scalar', `${METER} ${METERS.replace('}', 'count: Int }')}`, 'Query.count names no category'],
    ['a mutation without a category', `${METER} ${METERS} type Mutation { drop: Int }`, 'Mutation.drop names no category'],
    ['a category that is none', `${METER.replace('meters:read', 'weather:read')} ${METERS}`, 'unknown category or action: weather:read'],
    ['an action that is none', `${METER.replace('meters:read', 'meters:delete')} ${METERS}`, 'unknown category or action: meters:delete'],
    ['a category without its action', `${METER.replace('meters:read', 'meters')} ${METERS}`, 'unknown category or action: meters'],
    ['a name of Object.prototype', `${METER.replace('meters:read', 'constructor:read')} ${METERS}`, 'unknown category or action: constructor:read'],
    ['alternatives', `${METER.replace('[["meters:read"]]', '[["meters:read"], ["readings:read"]]')} ${METERS}`, 'Meter names alternatives'],
    ['an empty list of categories', `${METER.replace('[["meters:read"]]', '[]')} ${METERS}`, 'Meter names no category'],
    ['an empty alternative', `${METER.replace('[["meters:read"]]', '[[]]')} ${METERS}`, 'Meter names no category'],
    ['a root field that can be withheld and is not nullable', `${METER} ${METERS.replace('[Meter!]', '[Meter!]!')}`, 'Query.meters may be withheld, so it must be nullable'],
    ['a field of another category that is not nullable', `type Meter @requiresScopes(scopes: [["meters:read"]]) { id: ID! owner: Owner! }
      type Owner @requiresScopes(scopes: [["enterprises:read"]]) { name: ID! } ${METERS}`, 'Meter.owner may be withheld, so it must be nullable'],
    ['a field with a category of its own that is not nullable', `type Meter @requiresScopes(scopes: [["meters:read"]])
      { id: ID! total: Int! @requiresScopes(scopes: [["readings:read"]]) } ${METERS}`, 'Meter.total may be withheld, so it must be nullable'],
  ])('%s', (_what, sdl, fault) => {
    expect(faultsOf(sdl)).toContain(fault);
  }); // prettier-ignore

  test('all faults are named at once', () => {
    const faults = faultsOf(
      'type A { id: ID! } type B { id: ID! } type Query { a: A b: B! @requiresScopes(scopes: [["x:read"]]) }',
    );

    expect(
      faults
        .split('\n')
        .slice(1)
        .map((line) => line.trim()),
    ).toEqual(
      expect.arrayContaining(['A names no category', 'B names no category', 'Query.a names no category']),
    );
    expect(faults).toContain('Query.b names an unknown category or action: x:read');
  });
});

describe('what a closed schema asks for', () => {
  const requirements = requirementsOf(`
    interface Thing { id: ID! }
    type Meter implements Thing @key(fields: "id") @requiresScopes(scopes: [["meters:read"]]) {
      id: ID! parent: Meter owner: Owner total: Int @requiresScopes(scopes: [["readings:read", "meters:read"]]) }
    type Owner implements Thing @requiresScopes(scopes: [["enterprises:read"]]) { id: ID! name: String }
    type Me @authenticated { tenant: ID! }
    type Query { meters: [Meter!] @requiresScopes(scopes: [["meters:read"]]) me: Me! @authenticated thing: Thing @authenticated
      deep: [[Owner]] @requiresScopes(scopes: [["buildings:read"]]) }
    type Mutation { write: Meter @requiresScopes(scopes: [["meters:write"]]) }`);

  test.each([
    ['Query', 'meters', ['meters:read']],
    ['Query', 'me', []],
    ['Query', 'deep', ['buildings:read', 'enterprises:read']],
    ['Mutation', 'write', ['meters:write', 'meters:read']],
    ['Meter', 'id', []],
    ['Meter', 'parent', ['meters:read']],
    ['Meter', 'owner', ['enterprises:read']],
    ['Meter', 'total', ['readings:read', 'meters:read']],
    ['Me', 'tenant', []],
  ])('%s.%s', (type, field, permissions) => {
    expect(requirements.ofField(type, field)).toEqual(permissions);
  });

  test('an interface asks for nothing and uses what its types need', () => {
    expect(requirements.ofField('Query', 'thing')).toEqual([]);
    expect([...requirements.usedBy('Query', 'thing')].sort()).toEqual(['enterprises:read', 'meters:read']);
    expect([requirements.ofType('Meter'), requirements.ofType('Thing')]).toEqual([['meters:read'], []]);
  });

  test('a type that the policy does not know is a fault, not a yes', () => {
    expect(() => requirements.ofType('Weather')).toThrow(OpenSchemaError);
  });
});
