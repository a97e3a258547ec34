import { GraphQLError } from 'graphql';
import { refusalOf } from '../policy/authorise.js';
import { PLACEHOLDER, type Withheld } from './prune.js';

type Value = null | string | number | boolean | Value[] | { [key: string]: Value };

/**
 * Puts the nulls of withheld fields into an answer, wherever their parents came back, and says once a field why.
 *
 * @returns the errors, each with the path of its first null and how many there are.
 */
export function restoreWithheld(data: Record<string, unknown>, withheld: Withheld[]): GraphQLError[] {
  removePlaceholders(data as Value);
  return withheld.flatMap((field) => {
    const places = nullAt(data as Value, field.path, []);
    return places.length > 0 ? [withheldError(field, places)] : [];
  });
}

function withheldError({ field, refused }: Withheld, places: (string | number)[][]): GraphQLError {
  const refusal = refusalOf(refused);
  return new GraphQLError(`${field}: ${refusal.message}`, {
    path: places[0] ?? [],
    extensions: { ...refusal.extensions, field, places: places.length },
  });
}

function nullAt(value: Value, [key, ...rest]: string[], at: (string | number)[]): (string | number)[][] {
  if (value === null || typeof value !== 'object' || key === undefined) return [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => nullAt(item, [key, ...rest], [...at, index]));
  if (rest.length > 0) return nullAt(value[key] ?? null, rest, [...at, key]);
  value[key] = null;
  return [[...at, key]];
}

function removePlaceholders(value: Value): void {
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) return value.forEach(removePlaceholders);
  delete value[PLACEHOLDER];
  for (const inner of Object.values(value)) removePlaceholders(inner);
}
