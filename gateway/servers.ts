import { ApolloServer } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { type GraphQLFormattedError } from 'graphql';
import type { Credentials } from '../certs/authority.js';
import type { Config } from './config.js';
import { addDoors, type OuterDoor } from './doors.js';
import { type ErrorCode, isErrorCode, Refusal } from './errors.js';
import type { Log } from './log.js';
import type { PolicedGateway } from './plan/executor.js';
import type { RequestContext } from './plan/request.js';
import type { Caller } from './policy/grant.js';
import type { Requests } from './requests.js';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
    hub: RequestContext;
  }
}

export interface PublicServerOptions {
  config: Config;
  credentials: Credentials;
  /** The authorities, PEM, whose certificates a client may present. */
  authorities: string;
  gateway: PolicedGateway;
  doors: OuterDoor[];
  requests: Requests;
  log: Log;
  fault: (error: unknown, where: string) => string;
}

const CLIENT_SILENCE_MS = 60_000;

/**
 * The hub's one front door: HTTPS with a client certificate asked for. Node would answer a bad certificate with a bare
 * reset; here the connection stands and every request on it is judged first and refused in words (see the decision
 * record on certificates). Session tickets are off, so every connection proves its key anew.
 */
export async function publicServer(options: PublicServerOptions): Promise<FastifyInstance> {
  const { config, credentials, requests, log } = options;
  const server = fastify({
    https: {
      key: credentials.key,
      cert: credentials.certificate,
      ca: options.authorities,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      secureOptions: SSL_OP_NO_TICKET,
    },
    bodyLimit: config.limits.bodyBytes,
    connectionTimeout: 0,
    keepAliveTimeout: CLIENT_SILENCE_MS,
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
  } as never) as unknown as FastifyInstance;
  server.addHook('onRequest', async (request) => {
    request.caller = await requests.caller(request);
  });
  server.addHook('onResponse', async (request, reply) => logRequest(log, request, reply));
  server.setErrorHandler((error: FastifyError, request, reply) =>
    sendError(reply, request, error, options.fault),
  );
  server.setNotFoundHandler((request, reply) =>
    sendError(reply, request, new Refusal('NOT_FOUND'), options.fault),
  );
  await server.register((graphql) => addGraphql(graphql, options));
  await server.register((doors) => addDoors(doors, options.doors, requests));
  return server;
}

/** OpenSSL's SSL_OP_NO_TICKET. */
const SSL_OP_NO_TICKET = 0x4000;

async function addGraphql(
  server: FastifyInstance,
  { config, gateway, requests, fault }: PublicServerOptions,
): Promise<void> {
  const apollo = new ApolloServer<RequestContext>({
    gateway,
    introspection: config.introspection,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    parseOptions: { maxTokens: config.limits.tokens },
    allowBatchedHttpRequests: false,
    nodeEnv: 'production',
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (message) => void fault(message, 'apollo server'),
    },
    formatError: (formatted, error) => formatError(formatted, error, fault),
  });
  await apollo.start();
  server.addHook('onClose', () => apollo.stop());
  server.addHook('preHandler', async (request) => {
    const source = (request.body as { query?: unknown } | null | undefined)?.query;
    request.hub = await requests.context(
      request.caller,
      request.headers,
      typeof source === 'string' ? source : undefined,
    );
  });
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: fastifyApolloHandler(apollo, { context: async (request) => request.hub }),
  });
  server.all('/graphql/*', async () => {
    throw new Refusal('NOT_FOUND');
  });
}

const HTTP_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BAD_REQUEST',
  FST_ERR_CTP_INVALID_JSON_BODY: 'BAD_REQUEST',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BAD_REQUEST',
};

function sendError(
  reply: FastifyReply,
  request: FastifyRequest,
  error: FastifyError | Refusal,
  fault: PublicServerOptions['fault'],
): FastifyReply {
  const refusal = asRefusal(error);
  // The rest of a refused body is not read; nobody without an identity keeps a connection.
  if (!request.caller || refusal?.status === 413) reply.header('connection', 'close');
  if (refusal) return reply.code(refusal.status).type('application/json').send(JSON.stringify(refusal));
  const incident = fault(error, `${request.method} ${request.routeOptions.url ?? ''}`);
  const internal = new Refusal('INTERNAL', { message: `Incident ${incident}` });
  const body = { errors: [{ message: internal.message, extensions: { ...internal.extensions, incident } }] };
  return reply.code(500).type('application/json').send(JSON.stringify(body));
}

function asRefusal(error: FastifyError | Refusal): Refusal | undefined {
  if (error instanceof Refusal) return error;
  const code = HTTP_CODES[error.code];
  if (code) return new Refusal(code);
  if (error instanceof SyntaxError) return new Refusal('BAD_REQUEST', { message: 'The body is not JSON.' });
  return (error.statusCode ?? 500) < 500 ? new Refusal('BAD_REQUEST') : undefined;
}

/** Apollo's errors in the words of our table: code, remedy; what is not in the table is a fault and says nothing. */
function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  fault: PublicServerOptions['fault'],
): GraphQLFormattedError {
  const cause = unwrapResolverError(error);
  if (cause instanceof Refusal) return { ...formatted, message: cause.message, extensions: cause.extensions };
  const { code, rule, remedy, field, places, incident } = (formatted.extensions ?? {}) as Record<
    string,
    string
  >;
  if (code === 'GRAPHQL_PARSE_FAILED' && formatted.message.includes('tokens')) {
    return { message: formatted.message, extensions: new Refusal('QUERY_TOO_LONG').extensions };
  }
  if (isErrorCode(code)) {
    const extensions = { code, remedy: remedy ?? new Refusal(code).remedy, rule, field, places, incident };
    return { ...formatted, extensions };
  }
  const known = code === 'OPERATION_RESOLUTION_FAILURE' ? 'BAD_REQUEST' : 'INTERNAL';
  if (known === 'BAD_REQUEST') return { ...formatted, extensions: new Refusal('BAD_REQUEST').extensions };
  const id = fault(error, 'graphql');
  return {
    message: `Incident ${id}`,
    ...(formatted.path && { path: formatted.path }),
    extensions: { ...new Refusal('INTERNAL').extensions, incident: id },
  };
}

function logRequest(log: Log, request: FastifyRequest, reply: FastifyReply): void {
  log.info({
    event: 'request',
    request: request.hub?.request,
    tenant: request.caller?.tenant,
    purpose: request.hub?.purpose,
    method: request.method,
    route: request.routeOptions.url,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
  });
}
