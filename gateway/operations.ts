import fastify, { type FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry as Metrics } from 'prom-client';
import type { RoomClient } from '../subgraphs/runtime/neighbours.js';

/** For the operator's own machine alone: health, readiness, metrics. Plain HTTP on loopback, no data of anybody. */
export function operationsServer(rooms: readonly RoomClient[], housekeeping: Metrics): FastifyInstance {
  const server = fastify({ forceCloseConnections: true });
  const metrics = new Metrics();
  collectDefaultMetrics({ register: metrics, prefix: 'hub_' });
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const states = await Promise.all(rooms.map(async (room) => [room.name, await room.isReady()] as const));
    const isReady = states.every(([, answers]) => answers);
    return reply.code(isReady ? 200 : 503).send({ ready: isReady, rooms: Object.fromEntries(states) });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await Metrics.merge([metrics, housekeeping]).metrics()),
  );
  return server;
}
