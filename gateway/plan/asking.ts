import type { RoomClient, RoomResponse } from '../../subgraphs/runtime/neighbours.js';
import { Refusal } from '../errors.js';
import type { Run } from './execution/run.js';
import type { RequestContext } from './request.js';

/** How a plan reaches the rooms: with the request's sealed grant; a room that does not answer is a refusal. */
export function asking(clients: ReadonlyMap<string, RoomClient>, context: RequestContext): Run['ask'] {
  return async (name, request) => {
    try {
      const client = clients.get(name);
      if (!client) throw new Error(`the plan names a room that is not served: ${name}`);
      const answer = await client.graphql(request, context.sealedGrant ?? '', context.leaving);
      const { disclosed = [], workedIn = [] } = answer;
      for (const one of disclosed) context.disclosed.push(one);
      for (const stage of workedIn) context.workedIn.add(stage);
      return answer;
    } catch (error) {
      return refused(error, name, context);
    }
  };
}

function refused(error: unknown, name: string, { fault, leaving }: RequestContext): RoomResponse {
  // Whatever failed then is no fault of anybody's.
  if (!(error instanceof Refusal) && !leaving?.aborted) fault(error, `room ${name}`);
  const refusal =
    error instanceof Refusal
      ? error
      : new Refusal('ROOM_UNAVAILABLE', { message: `The room ${name} does not answer.` });
  return { errors: [{ message: refusal.message, extensions: refusal.extensions }] };
}
