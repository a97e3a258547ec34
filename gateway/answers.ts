import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { endAfter } from './connections.js';
import { type ErrorCode, Refusal } from './errors.js';

/** Logs a fault; the incident id is all of it that may leave. */
export type Fault = (error: unknown, where: string) => string;

const HTTP_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BAD_REQUEST',
  FST_ERR_CTP_INVALID_JSON_BODY: 'BAD_REQUEST',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BAD_REQUEST',
};

/** Any error of a request as JSON of the one form that all doors share. */
export function sendError(
  reply: FastifyReply,
  request: FastifyRequest,
  error: FastifyError | Refusal,
  fault: Fault,
): FastifyReply {
  const refusal = asRefusal(error);
  // The rest of a refused body is not read; nobody without an identity keeps a connection.
  if (!request.caller || refusal?.status === 413 || refusal?.status === 408) endAfter(request, reply);
  reply.type(request.form?.contentType ?? 'application/json');
  if (refusal?.retryAfter) reply.header('retry-after', String(refusal.retryAfter));
  if (refusal) return reply.code(refusal.status).send(JSON.stringify(refusal));
  const incident = fault(error, `${request.method} ${request.routeOptions.url ?? ''}`);
  const body = { errors: [incidentError(incident)] };
  return reply.code(500).send(JSON.stringify(body));
}

function asRefusal(error: FastifyError | Refusal): Refusal | undefined {
  if (error instanceof Refusal) return error;
  const code = HTTP_CODES[error.code];
  if (code) return new Refusal(code);
  if (error instanceof SyntaxError) return new Refusal('BAD_REQUEST', { message: 'The body is not JSON.' });
  return (error.statusCode ?? 500) < 500 ? new Refusal('BAD_REQUEST') : undefined;
}

/** There is no connection yet over which it could be said. */
const TOO_SLOW_TLS = 'ERR_TLS_HANDSHAKE_TIMEOUT';

/** What is no HTTP at all, or too much of it, never becomes a request: the answer is written to the connection. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  // Nobody is there any more.
  if (error.code === 'ECONNRESET' || error.code === TOO_SLOW_TLS || !socket.writable)
    return void socket.destroy();
  const refusal =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Refusal('HEADERS_TOO_LARGE')
      : new Refusal('BAD_REQUEST', {
          message: 'The request is not HTTP/1.1.',
          remedy: 'Use an HTTP client.',
        });
  const body = JSON.stringify(refusal);
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\nconnection: close\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    // Who does not hang up either does not keep the connection.
    () => socket.destroy(),
  );
}

export function incidentError(incident: string): { message: string; extensions: Record<string, unknown> } {
  return { message: `Incident ${incident}`, extensions: { ...new Refusal('INTERNAL').extensions, incident } };
}
