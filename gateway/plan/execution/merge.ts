import { isObject, own, put, type Tree } from './run.js';

/**
 * Adds what a room gave to what is there. Objects grow together, lists of the same length element by element; of
 * anything else the later one counts. What is added is kept, not copied: objects of a shared answer stay shared.
 */
export function merge(into: Tree, added: Tree): void {
  for (const key of Object.keys(added)) {
    const value = added[key];
    if (value === undefined) continue;
    const known = own(into, key);
    if (isObject(known) && isObject(value)) {
      if (known !== value) merge(known, value);
    } else if (Array.isArray(known) && Array.isArray(value) && known.length === value.length) {
      if (known !== value) mergeLists(known, value);
    } else {
      put(into, key, value);
    }
  }
}

function mergeLists(into: unknown[], added: readonly unknown[]): void {
  for (const [index, value] of added.entries()) {
    const known = into[index];
    if (isObject(known) && isObject(value)) {
      if (known !== value) merge(known, value);
    } else if (Array.isArray(known) && Array.isArray(value) && known.length === value.length) {
      if (known !== value) mergeLists(known, value);
    } else {
      into[index] = value;
    }
  }
}
