import fastify, { type FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Registry as Metrics } from 'prom-client';
import type { RoomClient } from '../subgraphs/runtime/neighbours.js';
import type { Followed } from './followed.js';
import { addRevocationLists } from './revocation-lists.js';

export interface OperationsOptions {
  rooms: readonly RoomClient[];
  /** What the rooms count when they keep house. */
  housekeeping: Metrics;
  /** Where the revocation lists are. */
  home: string;
  serverCertificate: Followed;
}

const DAY_MS = 86_400_000;

/** For the operator's own machine alone: health, readiness, metrics, revocation lists. Plain HTTP on loopback. */
export function operationsServer({
  rooms,
  housekeeping,
  home,
  serverCertificate,
}: OperationsOptions): FastifyInstance {
  const server = fastify({ forceCloseConnections: true });
  const metrics = new Metrics();
  collectDefaultMetrics({ register: metrics, prefix: 'hub_' });
  const days: Gauge = new Gauge({
    name: 'hub_server_certificate_days',
    help: 'Days until the server’s certificate ends; it is renewed at 30',
    registers: [metrics],
    collect() {
      days.set((serverCertificate.current.notAfter.getTime() - Date.now()) / DAY_MS);
    },
  });
  addRevocationLists(server, home);
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
