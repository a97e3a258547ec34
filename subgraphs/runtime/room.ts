import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import type { EntityClass } from '@mikro-orm/postgresql';
import { type GraphQLSchema, parse } from 'graphql';
import { buildSchema, createResolversMap, type NonEmptyArray } from 'type-graphql';
import type { Permission } from '../../gateway/policy/categories.js';
import { acting, reportActs } from './acts.js';
import { countAnswers, counting } from './disclosures.js';
import type { Doors } from './door.js';
import { withListSizes } from './list-size.js';
import type { RoomMigration } from './migrate.js';
import type { Session } from './session.js';
import { Decimal, Instant, LocalDate, Series } from './scalars.js';
import { withholding } from './withheld.js';

const FEDERATION = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: [
    "@key", "@shareable", "@external", "@requires", "@requiresScopes", "@authenticated", "@cost", "@listSize"
  ]
)`;

export type RoomName =
  | 'tenants'
  | 'buildings'
  | 'enterprises'
  | 'metering'
  | 'audits'
  | 'inspections'
  | 'exchange'
  | 'corrections';

/** How `node(id)` knows a type of the room's own: the shape of its ids, which no other type's ids have. */
export interface NodeDeclaration {
  shape: RegExp;
  /** What reading the type takes; the same that the type itself names. */
  permission: Permission;
  /** The key field whose value is the id. */
  key?: string;
}

/** What a room is; the runtime does the rest: schema, transaction under a grant, references, doors, serving. */
export interface RoomDefinition<Context extends object> {
  name: RoomName;
  entities: EntityClass<object>[];
  /** Classes with type-graphql resolvers; they find the room's context as the GraphQL context. */
  resolvers: NonEmptyArray<new () => object>;
  /** How each keyed type is found again from its key, for the federation. Neighbours' types are stubs of their key. */
  references: Record<string, (reference: Record<string, string>, context: Context) => unknown>;
  doors?: Doors;
  migrations: RoomMigration[];
  /** What the resolvers work with, made anew for each session. */
  context: (session: Session) => Context;
  /** The room's own types that `node(id)` finds. */
  nodes?: Record<string, NodeDeclaration>;
}

export interface Room extends Omit<RoomDefinition<object>, 'resolvers'> {
  /** The subgraph's SDL, as committed in schema/. */
  sdl: string;
  schema: GraphQLSchema;
}

/** A room as declared, with its subgraph built. Building is deferred: declarations cost nothing until a room is used. */
export interface DeclaredRoom {
  name: RoomName;
  doors: Doors;
  nodes: Record<string, NodeDeclaration>;
  migrations: RoomMigration[];
  build: () => Promise<Room>;
}

export function defineRoom<Context extends object>(definition: RoomDefinition<Context>): DeclaredRoom {
  let built: Promise<Room> | undefined;
  return {
    name: definition.name,
    doors: definition.doors ?? {},
    nodes: definition.nodes ?? {},
    migrations: definition.migrations,
    build: () => (built ??= buildRoom(definition as unknown as RoomDefinition<object>)),
  };
}

async function buildRoom(definition: RoomDefinition<object>): Promise<Room> {
  const { resolvers, ...rest } = definition;
  const schema = await buildSchema({
    resolvers: resolvers as unknown as NonEmptyArray<() => void>,
    orphanedTypes: [],
    validate: false,
    scalarsMap: [],
    skipCheck: false,
  });
  const sdl = withListSizes(`${FEDERATION}\n\n${printSchemaWithDirectives(schema)}\n`);
  const resolverMap = withReferences(
    createResolversMap(schema) as Record<string, object>,
    definition.references,
  );
  const subgraph = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolverMap as never }]);
  countAnswers(subgraph, definition.entities);
  reportActs(subgraph);
  const context = (session: Session): object =>
    withholding(
      acting(counting(definition.context(session), session.disclosures), session.acts),
      session.withheld,
    );
  return { ...rest, context, sdl, schema: subgraph };
}

/** Adds the federation's reference resolvers, and the scalars' own parsing, to type-graphql's resolvers. */
function withReferences(
  resolvers: Record<string, object>,
  references: RoomDefinition<object>['references'],
): Record<string, object> {
  const scalars = { Decimal, LocalDate, Instant, Series };
  const used = Object.fromEntries(Object.entries(scalars).filter(([name]) => name in resolvers));
  const complete: Record<string, object> = { ...resolvers, ...used };
  for (const [type, resolve] of Object.entries(references)) {
    complete[type] = { ...complete[type], __resolveReference: resolve };
  }
  return complete;
}
