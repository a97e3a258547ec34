import { GraphQLError } from 'graphql';
import { Refusal } from '../../gateway/errors.js';
import type { RoomResponse } from './neighbours.js';
import { asRefusal } from './session.js';

type RoomError = NonNullable<RoomResponse['errors']>[number];

/**
 * An error as it leaves a room: a refusal with its code; a fault as an incident id and nothing else.
 *
 * @param failure what lay behind it
 */
export function outward(
  error: GraphQLError,
  failure: unknown,
  fault: (failure: unknown) => string,
): RoomError {
  const path = error.path ? { path: error.path } : {};
  const cause = asRefusal(failure);
  if (cause instanceof Refusal) return { message: cause.message, ...path, extensions: cause.extensions };
  if (failure instanceof GraphQLError) {
    return { message: error.message, ...path, extensions: new Refusal('BAD_USER_INPUT').extensions };
  }
  const incident = fault(failure);
  return {
    message: `Incident ${incident}`,
    ...path,
    extensions: { ...new Refusal('INTERNAL').extensions, incident },
  };
}
