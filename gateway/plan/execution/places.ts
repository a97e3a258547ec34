import { isObject, own, type Place, type Tree } from './run.js';

/** In the planner's paths: each element of a list. */
const EACH = '@';

export type Path = (string | number)[];

/**
 * A path of the plan that leads on from a place.
 *
 * @throws Error for an element that is neither a response key nor `@`
 */
export function leadingTo(path: readonly (string | number)[]): (place: Place) => Place {
  const elements = path.map(elementOf);
  return ({ path: before, objects }) => {
    const reached: Tree[] = [];
    for (const object of objects) reach(object, elements, 0, reached);
    return { path: [...before, ...elements], objects: reached };
  };
}

function reach(value: unknown, path: readonly string[], index: number, reached: Tree[]): void {
  if (value === null || value === undefined) return;
  const element = path[index];
  if (element === undefined) {
    if (isObject(value)) reached.push(value);
  } else if (element !== EACH) {
    if (isObject(value)) reach(own(value, element), path, index + 1, reached);
  } else if (Array.isArray(value)) {
    for (const one of value) reach(one, path, index + 1, reached);
  }
}

/** Where the objects of a place lie in the data, in the same order. Only errors need it. */
export function pathsOf(data: Tree, { path }: Place): Path[] {
  const paths: Path[] = [];
  const walk = (value: unknown, index: number, here: Path): void => {
    if (value === null || value === undefined) return;
    const element = path[index];
    if (element === undefined) {
      if (isObject(value)) paths.push(here);
    } else if (element !== EACH) {
      if (isObject(value)) walk(own(value, element), index + 1, [...here, element]);
    } else if (Array.isArray(value)) {
      for (const [at, one] of value.entries()) walk(one, index + 1, [...here, at]);
    }
  };
  walk(data, 0, []);
  return paths;
}

const NAME = /^[_A-Za-z][_0-9A-Za-z]*$/;

function elementOf(element: string | number): string {
  if (typeof element === 'string' && (element === EACH || NAME.test(element))) return element;
  throw new Error(`a plan leads over ${JSON.stringify(element)}, which the executor does not know`);
}
