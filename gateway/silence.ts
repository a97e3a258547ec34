import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { bytesOf, connectionOf, hasLeft, reset } from './connections.js';

/** A request under way, and what had gone over its connection when it was last looked at. */
interface Waited {
  request: FastifyRequest;
  reply: FastifyReply;
  connection: Socket;
  moved: number;
}

/**
 * Ends the connection of who keeps the hub waiting for so long: with a body that does not come, or an answer that is
 * not taken. What the hub itself is busy with is nobody's silence. The document of an operation must be whole by then.
 */
export function endSilence(server: FastifyInstance, patienceMs: number): void {
  const underWay = new Set<Waited>();
  server.addHook('onRequest', async (request, reply) => {
    const connection = connectionOf(request);
    if (!connection) return;
    const waited = { request, reply, connection, moved: -1 };
    underWay.add(waited);
    reply.raw.once('close', () => underWay.delete(waited));
  });
  const looking = setInterval(() => {
    for (const waited of underWay) {
      if (hasLeft(waited.request)) underWay.delete(waited);
      else if (isSilent(waited)) reset(waited.connection);
    }
  }, patienceMs);
  looking.unref();
  server.addHook('onClose', async () => clearInterval(looking));
}

function isSilent(waited: Waited): boolean {
  const { request, reply, connection } = waited;
  const before = waited.moved;
  waited.moved = bytesOf(connection);
  const isSlow = before >= 0 && !request.raw.complete && request.routeOptions.url === '/graphql';
  return isSlow || (before === waited.moved && isWaitedFor(request, reply, connection));
}

function isWaitedFor(
  { raw: asked }: FastifyRequest,
  { raw: answer }: FastifyReply,
  connection: Socket,
): boolean {
  if (!asked.complete) return asked.readableLength === 0;
  const { stream = answer } = answer as { stream?: { writableLength: number } };
  return answer.headersSent && (stream.writableLength > 0 || connection.writableLength > 0);
}
