import { type DocumentNode, Kind, visit } from 'graphql';
import { Refusal } from './errors.js';

/** Far deeper than any input of the schema, and far below what a recursive walk survives. */
const DEEPEST_VALUE = 32;

const NULL_BYTE = { message: 'A text holds a null byte, which no text in the hub can.' };

/** @throws Refusal BAD_USER_INPUT for a text that PostgreSQL cannot hold. */
export function mustBeText(texts: Iterable<string>): void {
  for (const text of texts) if (text.includes('\0')) throw new Refusal('BAD_USER_INPUT', NULL_BYTE);
}

/**
 * Variables as they came, before anything walks through them by recursion.
 *
 * @throws Refusal BAD_USER_INPUT for a null byte, or for values nested deeper than any input.
 */
export function checkVariables(variables: Record<string, unknown>): void {
  let level: unknown[] = [variables];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST_VALUE)
      throw new Refusal('BAD_USER_INPUT', { message: 'A variable is nested too deeply.' });
    mustBeText(level.filter((value) => typeof value === 'string'));
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}

/** @throws Refusal BAD_USER_INPUT for a null byte, which a document can hold only as an escape. */
export function checkLiterals(source: string, document: DocumentNode): void {
  if (!source.includes('\\u')) return;
  visit(document, { [Kind.STRING]: ({ value }) => mustBeText([value]) });
}
