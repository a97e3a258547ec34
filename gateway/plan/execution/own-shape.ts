import {
  getNamedType,
  isCompositeType,
  isObjectType,
  type GraphQLObjectType,
  type SelectionSetNode,
} from 'graphql';
import { fieldsOf, type Selecting } from './collect.js';

/** What is asked of somebody: selections, and what they are read with. */
export interface Asked {
  selecting: Selecting;
  sets: readonly SelectionSetNode[];
}

/**
 * Whether what a room is asked for comes back in the client's own shape: the same fields under the same keys in the
 * same order, all the way down. Objects of several types are left out: of those the planner asks which they are.
 */
export function isOwnShape(type: GraphQLObjectType, client: Asked, room: Asked): boolean {
  const wanted = [...fieldsOf(client.selecting, type, client.sets)];
  const given = [...fieldsOf(room.selecting, type, room.sets)];
  if (wanted.length !== given.length) return false;
  return wanted.every(([key, nodes], index) => {
    const [givenKey, givenNodes] = given[index]!;
    const name = nodes[0]!.name.value;
    if (key !== givenKey || name !== givenNodes[0]!.name.value) return false;
    if (name === '__typename') return true;
    const field = type.getFields()[name];
    const inner = field && getNamedType(field.type);
    if (!isCompositeType(inner)) return inner !== undefined;
    return isObjectType(inner) && isOwnShape(inner, within(client, nodes), within(room, givenNodes));
  });
}

function within(
  { selecting }: Asked,
  nodes: readonly { selectionSet?: SelectionSetNode | undefined }[],
): Asked {
  return { selecting, sets: nodes.flatMap(({ selectionSet }) => selectionSet ?? []) };
}
