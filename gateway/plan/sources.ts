import type { GraphQLDataSource } from '@apollo/gateway';
import { GraphQLError } from 'graphql';
import { Refusal } from '../errors.js';
import type { RequestContext } from './request.js';

/**
 * How the planner reaches a room: by the request's own clients, with its sealed grant; a room that does not answer is
 * a refusal.
 */
export function sourceOf(name: string): GraphQLDataSource<RequestContext & Record<string, unknown>> {
  return {
    process: async ({ request, context }) => {
      try {
        const client = context['rooms']?.get(name);
        if (!client) throw new Error(`the request came without a client of the room ${name}`);
        const { query = '', variables, operationName } = request;
        const asked = { query, variables: variables as never, operationName };
        const {
          disclosed = [],
          workedIn = [],
          ...answer
        } = await client.graphql(asked, context['sealedGrant'] ?? '');
        for (const one of disclosed) context['disclosed']?.push(one);
        for (const stage of workedIn) context['workedIn']?.add(stage);
        return answer as never;
      } catch (error) {
        const refusal =
          error instanceof Refusal
            ? error
            : new Refusal('ROOM_UNAVAILABLE', { message: `The room ${name} does not answer.` });
        if (!(error instanceof Refusal)) context['fault']?.(error, `room ${name}`);
        return { errors: [new GraphQLError(refusal.message, { extensions: refusal.extensions })] } as never;
      }
    },
  };
}
