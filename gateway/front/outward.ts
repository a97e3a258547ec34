import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { type Fault, incidentError } from '../answers.js';
import { type ErrorCode, isErrorCode, Refusal } from '../errors.js';
import { type Answer, body } from '../plan/answer.js';

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

/** An error of an answer: its code and remedy, and the room that it came from; what is not in the table is a fault and says nothing. */
function outward(error: GraphQLError, fault: Fault): GraphQLFormattedError {
  const { code, rule, field, places, incident, serviceName: subgraph, ...others } = error.extensions;
  if (!isErrorCode(code)) {
    const { message, extensions } = incidentError(fault(error, 'graphql'));
    return { message, ...(error.path && { path: error.path }), extensions: { ...extensions, subgraph } };
  }
  const { remedy = new Refusal(code).remedy } = others;
  return { ...error.toJSON(), extensions: { code, remedy, rule, subgraph, field, places, incident } };
}

/** The body of an answer that has data. */
export function bodyOf(data: Buffer, { errors, extensions }: Answer, fault: Fault): Buffer {
  return body(data, {
    ...(errors && errors.length > 0 && { errors: errors.map((error) => outward(error, fault)) }),
    ...(extensions && { extensions }),
  });
}
