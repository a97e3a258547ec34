import type { GraphQLSchema } from 'graphql';
import { isOf, type Selections } from './representations.js';
import { own, type Tree } from './run.js';

/** Objects that a room cannot tell apart: it is asked once, and its answer goes to all of them. */
export interface Alike {
  representation: Tree;
  /** Their places among the objects of the step. */
  at: number[];
  objects: Tree[];
}

/**
 * What tells an object from others to a room, in a text of its own; undefined where only the representation does, null
 * for an object that lacks any of it.
 */
export type Telling = (object: Tree) => string | null | undefined;

/**
 * @param represent what the room is asked with; null for an object that it is not asked for. Called once for objects
 *   that are told to be the same
 */
export function alike(
  objects: readonly Tree[],
  tell: Telling,
  represent: (object: Tree) => Tree | null,
): Alike[] {
  const groups = new Map<string, Alike | null>();
  const known = new Map<Tree, Alike | null>();
  for (const [index, object] of objects.entries()) {
    let group = known.get(object);
    if (group === undefined) {
      group = groupOf(groups, object, tell, represent);
      known.set(object, group);
      group?.objects.push(object);
    }
    group?.at.push(index);
  }
  return [...groups.values()].filter((group) => group !== null);
}

function groupOf(
  groups: Map<string, Alike | null>,
  object: Tree,
  tell: Telling,
  represent: (object: Tree) => Tree | null,
): Alike | null {
  const told = tell(object);
  if (told === null) return null;
  const before = told === undefined ? undefined : groups.get(told);
  if (before !== undefined) return before;
  const representation = represent(object);
  // By the object's own type as well: a representation may name an interface in its stead.
  const key = told ?? (representation && `${String(object['__typename'])} ${JSON.stringify(representation)}`);
  if (key === null) return null;
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group = representation && { representation, at: [], objects: [] };
  groups.set(key, group);
  return group;
}

type Part = { name: string; isOwn: boolean };

/** Reads what tells objects apart where that is plain members, as keys mostly are. */
export function telling(schema: GraphQLSchema, selections: Selections): Telling {
  const byType = new Map<string, readonly Part[] | undefined>();
  return (object) => {
    const type = object['__typename'];
    if (typeof type !== 'string') return undefined;
    if (!byType.has(type)) byType.set(type, partsFor(schema, selections, object));
    const parts = byType.get(type);
    if (!parts) return undefined;
    let told = type;
    for (const { name, isOwn } of parts) {
      const value = isOwn ? own(object, name) : object[name];
      if (value === undefined) return null;
      // With its length: no two lists of values come to the same text.
      if (typeof value === 'string') told += ` ${value.length}:${value}`;
      else told += ` ${typeof value === 'number' ? value : JSON.stringify(value)}`;
    }
    return told;
  };
}

/** The members that a room asks of objects of a type, where one list of plain members says all of it. */
function partsFor(schema: GraphQLSchema, selections: Selections, object: Tree): readonly Part[] | undefined {
  const fitting = selections.filter(
    (selection) =>
      selection.kind !== 'InlineFragment' ||
      (selection.typeCondition !== undefined && isOf(schema, object, selection.typeCondition)),
  );
  const [only] = fitting;
  if (fitting.length !== 1 || only?.kind !== 'InlineFragment') return undefined;
  const parts: Part[] = [];
  for (const member of only.selections) {
    if (member.kind === 'InlineFragment' || member.selections) return undefined;
    const name = member.alias ?? member.name;
    if (name !== '__typename') parts.push({ name, isOwn: name in Object.prototype });
  }
  return parts;
}
