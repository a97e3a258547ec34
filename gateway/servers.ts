import { maxHeaderSize } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { SecureContextOptions } from 'node:tls';
import { traced } from '../subgraphs/runtime/tracing.js';
import { statusOf, whenEnded } from '../subgraphs/runtime/ended.js';
import { answerBrokenRequest, sendError, type Fault } from './answers.js';
import type { Config } from './config.js';
import { connectionOf, endAfter, mustBeShort, watchConnections } from './connections.js';
import type { Demand } from './demand/demand.js';
import type { TrustedDocuments } from './demand/trusted.js';
import { addDoors, type OuterDoor } from './doors.js';
import { Refusal } from './errors.js';
import type { Followed } from './followed.js';
import type { Form } from './front/accept.js';
import { Held } from './front/held.js';
import { addGraphql } from './graphql.js';
import type { Log } from './log.js';
import type { PolicedGateway } from './plan/executor.js';
import type { RequestContext } from './plan/request.js';
import type { Caller } from './policy/grant.js';
import type { Requests } from './requests.js';
import { endSilence } from './silence.js';
import { traceRequests } from './telemetry/request-spans.js';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
    hub: RequestContext;
    /** How an operation is to be answered. */
    form: Form;
  }
}

export interface PublicServerOptions {
  config: Config;
  /** The server's own certificate; a renewed one is taken up while connections go on. */
  certificate: Followed;
  /** The authorities, PEM, whose certificates a client may present. */
  authorities: string;
  gateway: PolicedGateway;
  demand: Demand;
  trusted?: TrustedDocuments;
  doors: OuterDoor[];
  requests: Requests;
  log: Log;
  fault: Fault;
  /** Aborted when the hub begins to end. */
  ending: AbortSignal;
}

/** Requests at once over one connection of HTTP/2. */
const MOST_STREAMS = 100;

/**
 * The hub's one front door: HTTPS with a client certificate asked for. Node would answer a bad certificate with a bare
 * reset; here the connection stands and every request on it is judged first and refused in words (see the decision
 * record on certificates). Session tickets are off, so every connection proves its key anew.
 */
export async function publicServer(options: PublicServerOptions): Promise<FastifyInstance> {
  const { config, certificate, requests, log } = options;
  const context = (): SecureContextOptions => secureContext(certificate, options.authorities);
  const server = fastify({
    http2: true,
    https: {
      ...context(),
      requestCert: true,
      rejectUnauthorized: false,
      allowHTTP1: true,
      handshakeTimeout: config.clientMs,
      headersTimeout: config.clientMs,
      connectionsCheckingInterval: Math.min(30_000, config.clientMs),
      settings: { maxConcurrentStreams: MOST_STREAMS, maxHeaderListSize: maxHeaderSize },
    },
    http2SessionTimeout: config.clientMs,
    bodyLimit: config.limits.bodyBytes,
    connectionTimeout: 0,
    forceCloseConnections: 'idle',
    // While it ends: what a client has sent by then is answered, and told to go elsewhere next.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    clientErrorHandler: answerBrokenRequest,
    // A path that cannot be decoded; nobody has been identified yet.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      sendError(reply, request, error, options.fault),
  } as never) as unknown as FastifyInstance;
  const below = server.server as unknown as Http2SecureServer & HttpsServer;
  // Of HTTP/1.1, which fastify sets only where there is no other.
  below.keepAliveTimeout = config.clientMs;
  below.requestTimeout = 0;
  certificate.onRenewed(() => below.setSecureContext(context()));
  const connections = watchConnections(below);
  options.ending.addEventListener('abort', () => connections.sendElsewhere(), { once: true });
  server.addHook('preClose', async () => {
    const cut = setTimeout(() => connections.cut(), config.endMs);
    below.once('close', () => clearTimeout(cut));
  });
  traceRequests(server);
  server.addHook('onRequest', async (request) => {
    request.caller = await traced('identify', () => requests.caller(connectionOf(request)));
    mustBeShort(request);
  });
  endSilence(server, config.clientMs);
  const { metrics } = requests.services;
  const held = new Held(config);
  server.addHook('onSend', async (request, reply, payload) => {
    if (options.ending.aborted) endAfter(request, reply);
    held.limitAnswer(request, reply, payload);
  });
  whenEnded(server, (request, reply) => {
    const { caller, hub } = request;
    metrics.answered(hub?.operation, caller, statusOf(reply), reply.elapsedTime / 1_000);
    logRequest(log, request, reply);
  });
  const sendFailure = (error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply) => {
    if (error instanceof Refusal) metrics.refused(error.code, error.rule);
    return sendError(reply, request, error, options.fault);
  };
  server.setErrorHandler(sendFailure);
  server.setNotFoundHandler((request, reply) => sendFailure(new Refusal('NOT_FOUND'), request, reply));
  await server.register((graphql) => addGraphql(graphql, { ...options, held }));
  await server.register((doors) => addDoors(doors, options.doors, requests, options.demand));
  return server;
}

/** All of it each time: what a renewed context leaves out falls back to the defaults of Node.js. */
function secureContext({ current }: Followed, authorities: string): SecureContextOptions {
  return {
    key: current.key,
    cert: current.certificate,
    ca: authorities,
    minVersion: 'TLSv1.2',
    secureOptions: SSL_OP_NO_TICKET,
  };
}

/** OpenSSL's SSL_OP_NO_TICKET. */
const SSL_OP_NO_TICKET = 0x4000;

function logRequest(log: Log, request: FastifyRequest, reply: FastifyReply): void {
  log.info({
    event: 'request',
    request: request.hub?.request,
    tenant: request.caller?.tenant,
    purpose: request.hub?.purpose,
    method: request.method,
    route: request.routeOptions.url,
    status: statusOf(reply),
    ms: Math.round(reply.elapsedTime * 10) / 10,
  });
}
