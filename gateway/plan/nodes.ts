import { GraphQLError } from 'graphql';
import type { Disclosures } from '../../subgraphs/runtime/disclosures.js';
import type { RoomClient, RoomResponse } from '../../subgraphs/runtime/neighbours.js';
import { Refusal } from '../errors.js';
import { OwnSubgraph, type OwnSubgraphOptions } from '../own-subgraph.js';
import type { Permission } from '../policy/categories.js';

/** The subgraph's name. */
export const NODES = 'nodes';

/** A type that `node(id)` finds: the shape of its ids, the room that owns it, its key field. */
export interface NodeType {
  name: string;
  shape: RegExp;
  room: string;
  /** The key field whose value is the id. */
  key: string;
  permission: Permission;
}

interface Found {
  __typename: string;
  id: string;
  /** The key field, where it has another name. */
  [key: string]: string;
}

/**
 * `node(id)` as a subgraph of its own: an id says by its shape what it is, and the room that owns the type says under
 * the caller's grant whether it is there. The rest of the fields come over the federation as always.
 */
export function nodesSubgraph(
  types: NodeType[],
  roomOf: (name: string) => RoomClient,
  fault: OwnSubgraphOptions['fault'],
): RoomClient {
  const references = Object.fromEntries(
    types.map(({ name, key }) => [
      name,
      { __resolveReference: (reference: Record<string, string>) => ({ ...reference, id: reference[key] }) },
    ]),
  );
  const node = (_: unknown, { id }: { id: string }, { find }: { find: Find }): Promise<Found | null> =>
    find(id);
  return new OwnSubgraph({
    name: NODES,
    sdl: nodesSdl(types),
    resolvers: { Query: { node }, ...references },
    contextOf: (sealedGrant, disclosures) => ({
      find: (id: string) => find(types, roomOf, id, { sealedGrant, disclosures }),
    }),
    fault,
  });
}

type Find = (id: string) => Promise<Found | null>;

async function find(
  types: NodeType[],
  roomOf: (name: string) => RoomClient,
  id: string,
  { sealedGrant, disclosures }: { sealedGrant: string; disclosures: Disclosures },
): Promise<Found | null> {
  const type = types.find(({ shape }) => shape.test(id));
  if (!type) return null;
  const representation = { __typename: type.name, [type.key]: id };
  const { data, disclosed = [] } = await asked(roomOf(type.room), representation, sealedGrant);
  // Only that there is such a thing was told: what else of it is asked for, its room counts.
  for (const one of disclosed) disclosures.add({ ...one, values: 0 });
  const [entity] = (data?.['_entities'] ?? []) as (object | null)[];
  return entity ? { __typename: type.name, id, [type.key]: id } : null;
}

/** A room that cannot say whether a thing is there must not be taken for one that says it is not. */
async function asked(
  room: RoomClient,
  representation: Record<string, string>,
  sealedGrant: string,
): Promise<RoomResponse> {
  const asking = room.graphql(
    { query: ENTITIES, variables: { representations: [representation] } },
    sealedGrant,
  );
  const answer = await asking.catch((error: unknown) => {
    if (error instanceof Refusal) throw error;
    throw new Refusal('ROOM_UNAVAILABLE', { message: `The room ${room.name} does not answer.` });
  });
  const [error] = answer.errors ?? [];
  if (error) throw new GraphQLError(error.message, { extensions: error.extensions ?? null });
  return answer;
}

const ENTITIES =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }';

export function nodesSdl(types: NodeType[]): string {
  const stubs = types.map(({ name, key, permission }) => {
    const keyField = key === 'id' ? '' : `  ${key}: ID!\n`;
    const shared = key === 'id' ? '' : ' @shareable';
    return `type ${name} implements Node @key(fields: "${key}") @requiresScopes(scopes: [["${permission}"]]) {
${keyField}  "Identifier (编号)"
  id: ID!${shared}
}`;
  });
  return `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.6"
  import: ["@key", "@shareable", "@requiresScopes", "@authenticated"]
)

"Anything with an identifier that is unique across the hub (具有全局唯一编号的对象)"
interface Node {
  "Identifier (编号)"
  id: ID!
}

type Query {
  "Finds anything by its identifier (按编号查对象)"
  node(id: ID!): Node @authenticated
}

${stubs.join('\n\n')}
`;
}
