import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { formatError, type Fault } from './answers.js';
import type { Config } from './config.js';
import { Refusal } from './errors.js';
import { refuseOtherMethods } from './methods.js';
import type { PolicedGateway } from './plan/executor.js';
import type { RequestContext } from './plan/request.js';
import type { Requests } from './requests.js';

export interface GraphqlOptions {
  config: Config;
  gateway: PolicedGateway;
  requests: Requests;
  fault: Fault;
}

/** `/graphql` (GraphQL over HTTP): queries by GET or POST, mutations by POST. */
export async function addGraphql(server: FastifyInstance, options: GraphqlOptions): Promise<void> {
  const { requests } = options;
  const apollo = apolloServer(options);
  await apollo.start();
  server.addHook('onClose', () => apollo.stop());
  server.removeContentTypeParser('text/plain');
  server.addHook('onRequest', async (request) => mustBeSpoken(request));
  server.addHook('preHandler', async (request) => {
    request.hub = await requests.context(request.caller, request.headers, sourceOf(request));
  });
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: fastifyApolloHandler(apollo, { context: async (request) => request.hub }),
  });
  refuseOtherMethods(server, '/graphql', ['GET', 'POST']);
}

function apolloServer({ config, gateway, fault }: GraphqlOptions): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    gateway,
    introspection: config.introspection,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    parseOptions: { maxTokens: config.limits.tokens },
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    nodeEnv: 'production',
    // Its own handler would end the process while the hub is still stopping in order.
    stopOnTerminationSignals: false,
    plugins: [
      // Whatever the environment holds (APOLLO_KEY …): nothing is reported, no page loads from elsewhere.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
    ],
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (message) => void fault(message, 'apollo server'),
    },
    formatError: (formatted, error) => formatError(formatted, error, fault),
  });
}

/** The text of the document: it is recorded by its hash, so a name or hash of one does not do. */
function sourceOf({ method, body, query }: FastifyRequest): string {
  const { query: source } = ((method === 'GET' ? query : body) ?? {}) as { query?: unknown };
  if (typeof source === 'string' && source !== '') return source;
  throw new Refusal('BAD_REQUEST', { message: 'There is no query: a text with one GraphQL document.' });
}

const JSON_ANSWER = /(application\/(json|graphql-response\+json|\*)|\*\/\*)/i;

/** Before anything runs: a mutation must not be done for a caller who cannot read what came of it. */
function mustBeSpoken({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding && encoding !== 'identity') throw new Refusal('UNSUPPORTED_MEDIA_TYPE');
  if (headers.accept && !JSON_ANSWER.test(headers.accept)) throw new Refusal('NOT_ACCEPTABLE');
}
