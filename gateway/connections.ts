import { maxHeaderSize } from 'node:http';
import { constants, type Http2SecureServer, type Http2ServerRequest, type Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from './errors.js';

interface Connection {
  tcp: Socket;
  tls?: TLSSocket;
}

/** Open connections by their ends: nothing else leads from TLS to the TCP below it, or from HTTP/2 to its TLS. */
const open = new Map<string, Connection>();
const below = new WeakMap<Http2Session, TLSSocket>();

export interface Connections {
  /** Tells clients of HTTP/2 to connect anew for what they ask next. */
  sendElsewhere(): void;
  /** Ends all that are open, whatever is on them. */
  cut(): void;
}

/** Knows the connections of a server: whose request came over which, and how to reset it. */
export function watchConnections(server: Http2SecureServer): Connections {
  const own = new Set<Connection>();
  const sessions = new Set<Http2Session>();
  server.on('connection', (tcp: Socket) => {
    const ends = endsOf(tcp);
    const connection: Connection = { tcp };
    open.set(ends, connection);
    own.add(connection);
    tcp.once('close', () => {
      own.delete(connection);
      // Its ends may be those of a newer one by now.
      if (open.get(ends) === connection) open.delete(ends);
    });
  });
  // Before the listener of the server itself, with which HTTP/2 begins.
  server.prependListener('secureConnection', (tls: TLSSocket) => {
    const connection = open.get(endsOf(tls));
    if (connection) connection.tls = tls;
  });
  server.on('session', (session: Http2Session) => {
    const tls = open.get(endsOf(session.socket))?.tls;
    if (tls) below.set(session, tls);
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  return {
    sendElsewhere: () => {
      for (const session of sessions) session.close();
    },
    cut: () => {
      for (const { tcp, tls } of own) {
        tcp.resetAndDestroy();
        tls?.destroy();
      }
    },
  };
}

/** The TLS connection that a request came over, if it is still there. Over HTTP/2 it is the same for all that share it. */
export function connectionOf({ raw }: Pick<FastifyRequest, 'raw'>): Socket | undefined {
  const { stream } = raw as { stream?: Http2ServerRequest['stream'] };
  if (!stream) return raw.socket;
  return stream.session && below.get(stream.session);
}

/** Whether whoever asked has left: then nothing tells any more that the answer has ended. */
export function hasLeft({ raw }: Pick<FastifyRequest, 'raw'>): boolean {
  const { stream } = raw as { stream?: Http2ServerRequest['stream'] };
  return stream ? stream.destroyed : raw.socket.destroyed;
}

/** Bytes that a connection has carried, both ways. */
export function bytesOf(connection: Socket | undefined): number {
  return connection ? connection.bytesRead + connection.bytesWritten : 0;
}

/** No request after this one: nobody without an identity keeps a connection. */
export function endAfter({ raw }: FastifyRequest, reply: FastifyReply): void {
  const { stream } = raw as { stream?: Http2ServerRequest['stream'] };
  if (!stream) return void reply.header('connection', 'close');
  // Said of HTTP/1.1 by fastify; in HTTP/2 the connection itself says so.
  reply.removeHeader('connection');
  stream.session?.close();
}

/**
 * HTTP/2 announces how long headers may be, but does not hold clients to it.
 *
 * @throws Refusal HEADERS_TOO_LARGE
 */
export function mustBeShort({ raw }: Pick<FastifyRequest, 'raw'>): void {
  if (raw.httpVersionMajor < 2) return;
  let bytes = 0;
  for (const text of raw.rawHeaders) bytes += text.length;
  if (bytes > maxHeaderSize) throw new Refusal('HEADERS_TOO_LARGE');
}

/**
 * A connection that is merely closed still delivers what the operating system holds for a slow reader: megabytes. Reset,
 * it delivers nothing more.
 */
export function reset(socket: Socket | undefined): void {
  if (!socket) return;
  open.get(endsOf(socket))?.tcp.resetAndDestroy();
  socket.destroy();
}

/** Ends an answer where it is: the one stream of HTTP/2, else the connection. */
export function cutAnswer(raw: FastifyReply['raw']): void {
  const { stream } = raw as { stream?: Http2ServerRequest['stream'] };
  if (!stream) return reset(raw.socket ?? raw.req.socket);
  stream.close(constants.NGHTTP2_CANCEL);
  // A connection on which nothing moves would keep it until then.
  stream.destroy();
}

function endsOf({
  remoteAddress,
  remotePort,
  localAddress,
  localPort,
}: Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
