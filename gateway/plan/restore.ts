import { GraphQLError } from 'graphql';
import { type Refused, refusalOf } from '../policy/authorise.js';
import type { Permission } from '../policy/categories.js';
import type { Executed } from './execution/execution.js';
import type { Pruned } from './prune.js';

type Value = null | string | number | boolean | Value[] | { [key: string]: Value };
type Path = (string | number)[];

/** An answer with the nulls of withheld fields in their places and an error for each of the fields. */
export function restoreWithheld(
  result: Executed,
  pruned: Pruned,
  refused: ReadonlyMap<Permission, Refused>,
): Executed {
  if (!result.data) return result;
  const { data, errors } = withNulls(result.data, pruned, refused);
  const all = [...(result.errors ?? []), ...errors];
  return { ...result, data, ...(all.length > 0 && { errors: all }) };
}

/**
 * Puts the nulls of withheld fields where their marks came back, in the order of the query, and says once a field why:
 * each error has the path of its first null and how many there are.
 */
function withNulls(
  data: Record<string, unknown>,
  { withheld, marker }: Pruned,
  refused: ReadonlyMap<Permission, Refused>,
): { data: Record<string, unknown>; errors: GraphQLError[] } {
  const places = withheld.map((): Path[] => []);
  const restored = (value: Value, at: Path): Value => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((item, index) => restored(item, [...at, index]));
    const entries = Object.entries(value).flatMap(([key, inner]): [string, Value][] => {
      if (!key.startsWith(marker)) return [[key, restored(inner, [...at, key])]];
      const index = Number(key.slice(marker.length));
      const name = withheld[index]?.path.at(-1);
      // An emptied selection has a mark without a number: nothing belongs there.
      if (key === marker || name === undefined) return [];
      places[index]?.push([...at, name]);
      return [[name, null]];
    });
    return Object.fromEntries(entries);
  };
  const answer = restored(data as Value, []) as Record<string, unknown>;
  const errors = withheld.flatMap(({ field, permission }, index) =>
    withheldError(field, refused.get(permission), places[index] ?? []),
  );
  return { data: answer, errors };
}

function withheldError(field: string, refused: Refused | undefined, places: Path[]): GraphQLError[] {
  const [first] = places;
  if (!first || !refused) return [];
  const refusal = refusalOf(refused);
  const extensions = { ...refusal.extensions, field, places: places.length };
  return [new GraphQLError(`${field}: ${refusal.message}`, { path: first, extensions })];
}
