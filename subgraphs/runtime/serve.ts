import { Readable } from 'node:stream';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Refusal } from '../../gateway/errors.js';
import { STAGES, type Stage } from '../../gateway/policy/grant.js';
import type { DoorAnswer } from './door.js';
import { framed } from './frames.js';
import type { RoomHost } from './host.js';
import type { DoorName, RoomRequest } from './neighbours.js';
import { DEPTH_HEADER, GRANT_HEADER, STAGE_HEADER } from './remote.js';
import { RELEASE_HEADER } from './remote-door.js';
import { whenEnded } from './ended.js';
import { CallerGone, goneWith } from './leaving.js';
import type { Room } from './room.js';
import { beginTrace, isTracing, type Span, within } from './tracing.js';
import { inTwoLines } from './two-lines.js';

export interface RoomTls {
  key: string;
  cert: string;
  ca: string;
  minVersion: 'TLSv1.2';
}

export interface RoomServerOptions {
  room: Room;
  host: RoomHost;
  tls: RoomTls;
  /** Whether the peer's certificate is the gateway's; asked on every request. */
  isGateway: (request: FastifyRequest) => boolean;
  fault: (error: unknown, where: string) => string;
}

const LARGEST_OPERATION = 16 * 1024 * 1024;

/** A room as a process of its own: HTTPS for the gateway and the neighbours, nobody else. */
export async function roomServer(options: RoomServerOptions): Promise<FastifyInstance> {
  const server = fastify({
    https: { ...options.tls, requestCert: true, rejectUnauthorized: true },
    bodyLimit: LARGEST_OPERATION,
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  } as never) as unknown as FastifyInstance;
  server.addHook('onRequest', async (request) => {
    if (!options.isGateway(request))
      throw new Refusal('GRANT_INVALID', { message: 'Only the gateway is answered.' });
  });
  goOnWithTraces(server, options.room.name);
  server.setErrorHandler((error, _request, reply) => sendError(reply, error, options));
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/ready', async (_request, reply) =>
    reply.code((await options.host.isReady()) ? 200 : 503).send(''),
  );
  server.post('/graphql', async (request, reply) => {
    const asked = request.body as RoomRequest;
    const answer = await options.host.graphql(asked, grantOf(request), goneWith(reply.raw));
    return asked.asBytes ? reply.type('application/json').send(inTwoLines(answer)) : answer;
  });
  await server.register(async (doors) => addDoors(doors, options));
  return server;
}

/** What the gateway traces goes on here, and nothing else does. */
function goOnWithTraces(server: FastifyInstance, room: string): void {
  if (!isTracing()) return;
  const spans = new WeakMap<FastifyRequest, Span>();
  const name = `room ${room}`;
  server.addHook('preValidation', (request, _reply, done) => {
    const { traceparent } = request.headers;
    const span =
      typeof traceparent === 'string' ? beginTrace({ name, kind: 'SERVER' }, traceparent) : undefined;
    if (span) spans.set(request, span);
    within(span, done);
  });
  whenEnded(server, (request) => spans.get(request)?.end());
}

async function addDoors(server: FastifyInstance, { room, host }: RoomServerOptions): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  for (const name of Object.keys(room.doors ?? {}) as DoorName[]) {
    const [method = 'GET', path = '/'] = name.split(' ');
    server.route({
      method: method as 'GET' | 'POST',
      url: `/doors${path}`,
      handler: async (request, reply) => {
        const answer = await host.door(
          name,
          {
            params: request.params as Record<string, string>,
            query: request.query as Record<string, string>,
            headers: request.headers as Record<string, string>,
            body: request.body instanceof Readable ? request.body : Readable.from([]),
          },
          grantOf(request),
          { depth: depthOf(request), stage: stageOf(request) },
        );
        return sendAnswer(reply, framed(answer));
      },
    });
  }
}

export function sendAnswer(
  reply: FastifyReply,
  { status, headers, body, release }: DoorAnswer,
): FastifyReply {
  reply.code(status).headers(headers);
  if (release) reply.header(RELEASE_HEADER, JSON.stringify(release));
  return reply.send(body);
}

function grantOf({ headers }: FastifyRequest): string {
  return String(headers[GRANT_HEADER] ?? '');
}

/** Only the gateway and the rooms are answered here, so what they say of the depth holds. */
function depthOf({ headers }: FastifyRequest): number {
  return Math.max(0, Number(headers[DEPTH_HEADER]) || 0);
}

/** One that is no stage is passed over: the work is then done where the grant says. */
function stageOf({ headers }: FastifyRequest): Stage | undefined {
  return STAGES.find((stage) => stage === headers[STAGE_HEADER]);
}

function sendError(reply: FastifyReply, error: unknown, { room, fault }: RoomServerOptions): FastifyReply {
  if (error instanceof Refusal) return reply.code(error.status).send(error.toJSON());
  // Nobody is there to be told, and nothing has failed.
  if (error instanceof CallerGone) return reply.code(503).send();
  const incident = fault(error, `room ${room.name}`);
  return reply
    .code(500)
    .send({ errors: [{ message: `Incident ${incident}`, extensions: { code: 'INTERNAL', incident } }] });
}
