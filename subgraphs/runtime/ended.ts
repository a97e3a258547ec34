import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Does `work` once for each request: when its answer has left, or when whoever asked has. Of a connection that broke,
 * fastify's `onResponse` says nothing.
 */
export function whenEnded(
  server: FastifyInstance,
  work: (request: FastifyRequest, reply: FastifyReply) => void,
): void {
  server.addHook('onRequest', async (request, reply) => {
    if (reply.raw.destroyed) work(request, reply);
    else reply.raw.once('close', () => work(request, reply));
  });
}

/** As others count it who left before there was an answer. */
const CLIENT_CLOSED_REQUEST = 499;

/** The status that was answered, or 499. */
export function statusOf({ raw, statusCode }: FastifyReply): number {
  return raw.writableEnded ? statusCode : CLIENT_CLOSED_REQUEST;
}
