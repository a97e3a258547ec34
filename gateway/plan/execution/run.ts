import type { GraphQLError } from 'graphql';
import type { RoomRequest, RoomResponse } from '../../../subgraphs/runtime/neighbours.js';

/** Data as rooms give it and as it is put together: objects by response key. */
export type Tree = Record<string, unknown>;

/** One execution of a plan. */
export interface Run {
  /** As the client sent them; rooms and the planner's conditions know the defaults. */
  variables: Readonly<Record<string, unknown>>;
  /** What has come so far, from the root. */
  data: Tree;
  errors: GraphQLError[];
  /** Resolves with an answer, also when the room fails: its errors then say so. */
  ask: (room: string, request: RoomRequest) => Promise<RoomResponse>;
}

/** Where a step works: the objects that a path leads to from the root, in order, an object as often as it is reached. */
export interface Place {
  path: readonly string[];
  objects: readonly Tree[];
}

/** A node of a plan, compiled. Never rejects because of what a room answers: that becomes errors of the run. */
export type Step = (run: Run, place: Place) => Promise<void>;

export function isObject(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A property of the object's own: a client may call a field `constructor` or `__proto__`. */
export function own(object: Tree, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an own property whatever its name. */
export function put(object: Tree, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}
