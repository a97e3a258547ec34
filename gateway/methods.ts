import type { FastifyInstance, HTTPMethods } from 'fastify';
import { Refusal } from './errors.js';

const METHODS: HTTPMethods[] = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];

/** Refuses every other method at an address before its body is read, and says which are allowed (RFC 9110, 15.5.6). */
export function refuseOtherMethods(server: FastifyInstance, url: string, allowed: HTTPMethods[]): void {
  server.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url,
    onRequest: async (_request, reply) => {
      reply.header('allow', allowed.join(', '));
      throw new Refusal('METHOD_NOT_ALLOWED', { remedy: `Allowed here: ${allowed.join(', ')}.` });
    },
    handler: () => undefined,
  });
}
