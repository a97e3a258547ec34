import { type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import type { MiddlewareFn } from 'type-graphql';
import type { Refusal } from '../../gateway/errors.js';

interface WithheldField {
  path: (string | number)[];
  places: number;
  refusal: Refusal;
}

/**
 * Fields that an answer leaves null because the caller may not read the row whose values they hold: said once a field,
 * as where a whole category is refused. It is no failure, so a mutation is not undone by it.
 */
export class Withheld {
  readonly #fields = new Map<string, WithheldField>();

  add({ parentType, fieldName, path }: GraphQLResolveInfo, refusal: Refusal): void {
    const field = `${parentType.name}.${fieldName}`;
    const known = this.#fields.get(field);
    if (known) known.places += 1;
    else this.#fields.set(field, { path: responsePathAsArray(path), places: 1, refusal });
  }

  errors(): { message: string; path: (string | number)[]; extensions: Record<string, unknown> }[] {
    return [...this.#fields].map(([field, { path, places, refusal }]) => ({
      message: `${field}: ${refusal.message}`,
      path,
      extensions: { ...refusal.extensions, field, places },
    }));
  }
}

const WITHHOLDING = Symbol('withheld');

/** The context of one operation, with where its answer says what it withholds. */
export function withholding<Context extends object>(context: Context, withheld: Withheld): Context {
  return Object.assign(context, { [WITHHOLDING]: withheld });
}

/** For a field that is null where `why` gives a reason. */
export function withheldWhere<Row>(why: (row: Row) => Refusal | undefined): MiddlewareFn {
  return async ({ root, context, info }, next) => {
    const refusal = why(root as Row);
    if (!refusal) return next() as unknown;
    (context as { [WITHHOLDING]: Withheld })[WITHHOLDING].add(info, refusal);
    return null;
  };
}
