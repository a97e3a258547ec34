import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { type Fault, incidentError } from '../answers.js';
import { type ErrorCode, isErrorCode, Refusal } from '../errors.js';
import type { Executed } from '../plan/execution/execution.js';

/** Errors of GraphQL itself, about a document or its variables, in the words of our table. */
export function refusedWith(code: ErrorCode, errors: readonly GraphQLError[]): GraphQLFormattedError[] {
  const { remedy } = new Refusal(code);
  return errors.map((error) => {
    const { message, ...others } = error.toJSON();
    return { message: message.replace(SUGGESTION, ''), ...others, extensions: { code, remedy } };
  });
}

/** A few rules of graphql-js suggest names of the schema even where it is told not to. */
const SUGGESTION = / Did you mean .*$/s;

/** An error of an answer: its code and remedy; what is not in the table is a fault and says nothing. */
function outward(error: GraphQLError, fault: Fault): GraphQLFormattedError {
  const { code, rule, field, places, incident, ...others } = error.extensions;
  if (!isErrorCode(code)) {
    return { ...incidentError(fault(error, 'graphql')), ...(error.path && { path: error.path }) };
  }
  const { remedy = new Refusal(code).remedy } = others;
  return { ...error.toJSON(), extensions: { code, remedy, rule, field, places, incident } };
}

/** The body of an answer. */
export function bodyOf({ data, errors = [], extensions }: Executed, fault: Fault): string {
  return JSON.stringify({
    ...(errors.length > 0 && { errors: errors.map((error) => outward(error, fault)) }),
    data,
    extensions,
  });
}
