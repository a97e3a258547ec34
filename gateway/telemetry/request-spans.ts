import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { beginTrace, isTracing, type Span, within } from '../../subgraphs/runtime/tracing.js';
import { statusOf, whenEnded } from '../../subgraphs/runtime/ended.js';
import { connectionOf } from '../connections.js';

interface Handshake {
  from: number;
  to: number;
}

/**
 * A trace for each request of the front door, from the handshake of its connection on. It always begins here: a
 * caller's own `traceparent` would let it choose what is kept and under which number.
 */
export function traceRequests(server: FastifyInstance): void {
  if (!isTracing()) return;
  const handshakes = watchHandshakes(server);
  const spans = new WeakMap<FastifyRequest, Span>();
  server.addHook('onRequest', (request, _reply, done) => {
    const connection = connectionOf(request);
    const span = beginTrace({
      name: `${request.method} ${request.routeOptions.url ?? ''}`,
      kind: 'SERVER',
      attributes: {
        'http.request.method': request.method,
        'http.route': request.routeOptions.url,
        'network.protocol.version': request.raw.httpVersion,
        ...tlsOf(connection),
      },
    });
    if (!span) return done();
    spans.set(request, span);
    const handshake = connection && handshakes.take(connection);
    if (handshake) {
      const { from, to } = handshake;
      beginTrace({ name: 'tls.handshake', at: from }, span.traceparent)?.end(to);
    }
    within(span, done);
  });
  // A body arrives in turns of its own: what comes after it would belong to no trace.
  server.addHook('preValidation', (request, _reply, done) => within(spans.get(request), done));
  whenEnded(server, (request, reply) => {
    const { caller, hub } = request;
    const span = spans.get(request);
    if (reply.statusCode >= 500) span?.fail(String(reply.statusCode));
    span?.set({
      'http.response.status_code': statusOf(reply),
      'hub.request': hub?.request,
      'hub.operation': hub?.operation,
      'hub.purpose': hub?.purpose,
      'hub.tier': caller?.tier,
      'hub.stage': caller?.stage,
    });
    span?.end();
  });
}

function tlsOf(socket: Socket | undefined): Record<string, string | undefined> {
  if (!(socket instanceof TLSSocket)) return {};
  return {
    'tls.protocol.version': socket.getProtocol() ?? undefined,
    'tls.cipher': socket.getCipher()?.name,
  };
}

/** When each connection was made and its handshake done, until its first request asks. */
function watchHandshakes({ server }: FastifyInstance): { take(socket: Socket): Handshake | undefined } {
  const made = new Map<string, Handshake>();
  const endsOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
  server.on('connection', (socket: Socket) => {
    const ends = endsOf(socket);
    made.set(ends, { from: Date.now(), to: 0 });
    socket.once('close', () => made.delete(ends));
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    const handshake = made.get(endsOf(socket));
    if (handshake) handshake.to = Date.now();
  });
  return {
    take: (socket) => {
      const ends = endsOf(socket);
      const handshake = made.get(ends);
      made.delete(ends);
      return handshake;
    },
  };
}
