import type { QueryPlan } from '@apollo/query-planner';
import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import { isObject, own, put, type Tree } from './run.js';
import { merge } from './merge.js';

export type Selections = NonNullable<FetchNode['requires']>;
export type Rewrites = NonNullable<FetchNode['inputRewrites']>;
type FetchNode = Extract<NonNullable<QueryPlan['node']>, { kind: 'Fetch' }>;

/** What identifies an object to a room and what the room needs of others; null where the object lacks any of it. */
export function representing(schema: GraphQLSchema, selections: Selections): (object: Tree) => Tree | null {
  const parts = selections.map((selection) => {
    if (selection.kind === 'InlineFragment') {
      const inner = representing(schema, selection.selections);
      const { typeCondition } = selection;
      return (object: Tree, into: Tree): boolean => {
        if (typeCondition === undefined || !isOf(schema, object, typeCondition)) return true;
        const found = inner(object);
        if (found) merge(into, found);
        return true;
      };
    }
    const key = selection.alias ?? selection.name;
    const inner = selection.selections && representing(schema, selection.selections);
    return (object: Tree, into: Tree): boolean => {
      const value = own(object, key);
      if (value === undefined) return false;
      put(into, key, inner ? each(value, inner) : value);
      return true;
    };
  });
  return (object) => {
    const representation: Tree = {};
    return parts.every((part) => part(object, representation)) ? representation : null;
  };
}

function each(value: unknown, inner: (object: Tree) => Tree | null): unknown {
  if (Array.isArray(value)) return value.map((one) => each(one, inner));
  return isObject(value) ? inner(value) : null;
}

/** Changes that the planner asks for in what is sent or has come: a value set, or a key under another name. */
export function rewriting(schema: GraphQLSchema, rewrites: Rewrites = []): (value: unknown) => void {
  const all = rewrites.map((rewrite) => {
    const change = changeOf(rewrite);
    return (value: unknown): void => at(schema, rewrite.path.slice(0, -1), 0, value, change);
  });
  return (value) => {
    for (const one of all) one(value);
  };
}

function changeOf(rewrite: Rewrites[number]): (object: Tree) => void {
  const key = rewrite.path.at(-1);
  if (key === undefined || key.startsWith(ON)) throw new Error(`a plan rewrites at ${String(key)}`);
  switch (rewrite.kind) {
    case 'ValueSetter':
      return (object) => put(object, key, rewrite.setValueTo);
    case 'KeyRenamer':
      return (object) => {
        const value = own(object, key);
        if (value === undefined) return;
        put(object, rewrite.renameKeyTo, value);
        delete object[key];
      };
  }
}

const ON = '... on ';

function at(
  schema: GraphQLSchema,
  path: readonly string[],
  index: number,
  value: unknown,
  change: (object: Tree) => void,
): void {
  if (Array.isArray(value)) for (const one of value) at(schema, path, index, one, change);
  if (!isObject(value)) return;
  const element = path[index];
  if (element === undefined) change(value);
  else if (!element.startsWith(ON)) at(schema, path, index + 1, own(value, element), change);
  else if (own(value, '__typename') === undefined || isOf(schema, value, element.slice(ON.length)))
    at(schema, path, index + 1, value, change);
}

/** Whether an object is of a type by its `__typename`; without one it is of none. */
export function isOf(schema: GraphQLSchema, object: Tree, condition: string): boolean {
  const name = own(object, '__typename');
  if (name === condition) return true;
  const [type, wanted] = [schema.getType(String(name)), schema.getType(condition)];
  if (!isAbstractType(wanted) || !(isObjectType(type) || isInterfaceType(type))) return false;
  return schema.isSubType(wanted, type);
}
