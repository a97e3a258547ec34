import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { buildings, dayOf, metersOf, meters, supplierOf, type Key } from './city.js';

/** The three subgraphs that every gateway is set before. */
export const NAMES = ['buildings', 'meters', 'suppliers'] as const;
export type Name = (typeof NAMES)[number];

/**
 * How a subgraph says it: as the federation's second version does, for ours with what each type needs or with a policy
 * that has nothing to decide, and as the first version does, which is all that one of the peers knows.
 */
export type Dialect = 'federation 2' | 'with categories' | 'without policy' | 'federation 1';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6",
  import: ["@key", "@shareable", "@external", "@requiresScopes", "@authenticated"])`;

const SDL: Record<Name, string> = {
  buildings: `
    type Query {
      building(id: ID!): Building @of(category: "buildings")
      buildings(first: Int!): [Building!] @of(category: "buildings")
    }
    type Building @key(fields: "id") @of(category: "buildings") {
      id: ID! name: String! area: String! address: String! floors: Int! builtIn: Int!
    }`,
  meters: `
    type Query { meterDays(first: Int!): [MeterDay!] @of(category: "readings") }
    type Building @key(fields: "id") @elsewhere @of(category: "buildings") { id: ID! @foreign meters: [Meter!] }
    type Meter @key(fields: "id") @of(category: "meters") {
      id: ID! name: String! energyItem: String! supplier: Supplier
    }
    type Supplier @key(fields: "id") @elsewhere @of(category: "enterprises") { id: ID! @foreign }
    type MeterDay @of(category: "readings") { id: ID! points: [Point!]! values: [Float!]! }
    type Point @of(category: "readings") { time: String! value: Float! }`,
  suppliers: `
    type Query { supplier(id: ID!): Supplier @of(category: "enterprises") }
    type Supplier @key(fields: "id") @of(category: "enterprises") { id: ID! name: String! uscc: String! }`,
};

export function sdlOf(name: Name, dialect: Dialect): string {
  const said = (of: string, elsewhere: string, foreign: string): string =>
    SDL[name]
      .replaceAll(/@of\(category: "(\w+)"\)/g, of)
      .replaceAll(/type (\w+ @key\(fields: "id"\)) @elsewhere/g, elsewhere)
      .replaceAll('@foreign', foreign);
  switch (dialect) {
    case 'federation 2':
      return `${LINK}\n${said('', 'type $1', '')}`;
    case 'with categories':
      return `${LINK}\n${said('@requiresScopes(scopes: [["$1:read"]])', 'type $1', '')}`;
    case 'without policy':
      return `${LINK}\n${said('@authenticated', 'type $1', '')}`;
    case 'federation 1':
      return said('', 'extend type $1', '@external').replace('type Query', 'extend type Query');
  }
}

const RESOLVERS: Record<Name, object> = {
  buildings: {
    Query: {
      building: (_: unknown, { id }: Key) => buildings.find((building) => building.id === id) ?? null,
      buildings: (_: unknown, { first }: { first: number }) => buildings.slice(0, first),
    },
    Building: { __resolveReference: ({ id }: Key) => buildings.find((building) => building.id === id) },
  },
  meters: {
    Query: {
      meterDays: (_: unknown, { first }: { first: number }) =>
        meters.slice(0, first).map(({ id }) => dayOf(id)),
    },
    Building: { __resolveReference: (key: Key) => key, meters: ({ id }: Key) => metersOf(id) },
    Meter: { __resolveReference: ({ id }: Key) => meters.find((meter) => meter.id === id) },
    Supplier: { __resolveReference: (key: Key) => key },
  },
  suppliers: {
    Query: { supplier: (_: unknown, { id }: Key) => supplierOf(id) },
    Supplier: { __resolveReference: ({ id }: Key) => supplierOf(id) },
  },
};

export function schemaOf(name: Name): GraphQLSchema {
  return buildSubgraphSchema([
    { typeDefs: parse(sdlOf(name, 'federation 2')), resolvers: RESOLVERS[name] as never },
  ]);
}
