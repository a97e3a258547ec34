import fastify, { type FastifyInstance } from 'fastify';
import { Registry as Metrics } from 'prom-client';
import type { RoomClient } from '../subgraphs/runtime/neighbours.js';
import type { Followed } from './followed.js';
import type { HubMetrics } from './telemetry/metrics.js';
import { addRevocationLists } from './revocation-lists.js';

export interface OperationsOptions {
  rooms: readonly RoomClient[];
  /** Rejects when the gateway would refuse everybody. */
  canDecide: () => Promise<unknown>;
  metrics: HubMetrics;
  /** What the rooms count when they keep house. */
  housekeeping: Metrics;
  /** Where the revocation lists are. */
  home: string;
  serverCertificate: Followed;
  /** Aborted when the hub begins to end. */
  ending: AbortSignal;
}

export interface Readiness {
  ready: boolean;
  /** Whether each of them answers. */
  rooms: Record<string, boolean>;
  /** Those that do not; the rest is served. */
  out: string[];
}

const DAY_MS = 86_400_000;

/** For the operator's own machine alone: health, readiness, metrics, revocation lists. Plain HTTP on loopback. */
export function operationsServer(options: OperationsOptions): FastifyInstance {
  const { metrics, housekeeping, home, serverCertificate } = options;
  const server = fastify({ forceCloseConnections: true });
  metrics.gauge(
    'server_certificate_days',
    'Days until the server’s certificate ends; it is renewed at 30',
    () => (serverCertificate.current.notAfter.getTime() - Date.now()) / DAY_MS,
  );
  addRevocationLists(server, home);
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const readiness = await readinessOf(options);
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
  server.get('/metrics', async (_request, reply) =>
    reply
      .type(metrics.registry.contentType)
      .send(await Metrics.merge([metrics.registry, housekeeping]).metrics()),
  );
  return server;
}

/**
 * A hub with a room out is ready: the other gateways miss the same room, and a balancer that took them all away would
 * end what still works. It is not when it is ending, when no room answers, or when it cannot tell who may call.
 */
async function readinessOf({ rooms, canDecide, ending }: OperationsOptions): Promise<Readiness> {
  const [states, decides] = await Promise.all([
    Promise.all(rooms.map(async (room) => [room.name, await room.isReady()] as const)),
    canDecide().then(
      () => true,
      () => false,
    ),
  ]);
  const out = states.flatMap(([name, answers]) => (answers ? [] : [name]));
  const ready = !ending.aborted && decides && out.length < states.length;
  return { ready, rooms: Object.fromEntries(states), out };
}
