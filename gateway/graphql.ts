import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getOperationAST } from 'graphql';
import { goneWith } from '../subgraphs/runtime/leaving.js';
import { traced } from '../subgraphs/runtime/tracing.js';
import type { Fault } from './answers.js';
import type { Config } from './config.js';
import type { Charge } from './demand/budgets.js';
import type { Demand } from './demand/demand.js';
import { Sources } from './demand/sources.js';
import type { TrustedDocuments } from './demand/trusted.js';
import { Refusal } from './errors.js';
import { conditionsOf } from './front/conditions.js';
import { Documents, type KnownDocument, type RefusedDocument } from './front/documents.js';
import { encoded } from './front/encoding.js';
import type { Held } from './front/held.js';
import { bodyOf, refusedWith } from './front/outward.js';
import { parametersOf } from './front/parameters.js';
import { Reading } from './front/reading.js';
import { formSpoken } from './front/spoken.js';
import { refuseOtherMethods } from './methods.js';
import type { PolicedGateway } from './plan/executor.js';
import { standingAsked } from './plan/prepared.js';
import type { RequestContext } from './plan/request.js';
import type { Requests } from './requests.js';

export interface GraphqlOptions {
  config: Config;
  gateway: PolicedGateway;
  demand: Demand;
  held: Held;
  /** None where nothing can be published. */
  trusted?: TrustedDocuments;
  requests: Requests;
  fault: Fault;
}

/** `/graphql` (GraphQL over HTTP): queries by GET or POST, mutations by POST. */
export async function addGraphql(server: FastifyInstance, options: GraphqlOptions): Promise<void> {
  const { config, gateway, requests, fault } = options;
  const { introspection, limits } = config;
  const reading = await Reading.open({ schema: gateway.schema, tokens: limits.tokens, introspection, fault });
  server.addHook('onClose', () => reading.close());
  const documents = new Documents({ supergraph: gateway.supergraph, reading, limits });
  requests.services.metrics.cache('documents', () => documents.kept);
  const sources = new Sources(config.trustedDocuments, options.trusted);
  await options.trusted?.open(async (text) => warm(await documents.publish(text), gateway));
  server.addHook('onClose', async () => options.trusted?.close());
  server.removeContentTypeParser('text/plain');
  server.addHook('onRequest', async (request) => void (request.form = formSpoken(request)));
  options.held.limitRequests(server, limits.bodyBytes);
  options.demand.limitOperations(server);
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: async (request, reply) => {
      const { operationName, variables, ...named } = parametersOf(request);
      request.hub = await requests.context(request.caller, request.headers);
      request.hub.leaving = goneWith(reply.raw);
      const source = sources.of(named, request.caller);
      const document =
        documents.known(source) ??
        (await traced('document', () =>
          read(documents, options.demand, { source, operationName, hub: request.hub }),
        ));
      if ('refused' in document) {
        if (document.refused instanceof Refusal) throw document.refused;
        return sendUnfit(request, reply, document.refused);
      }
      const prepared = document.operation(operationName);
      if (request.method === 'GET' && prepared.recorded.kind === 'MUTATION') throw onlyByPost(reply);
      const conditions = conditionsOf(request, prepared);
      const answer = await gateway.answer(prepared, variables, request.hub, conditions.isMet);
      if (answer.data === undefined) {
        const errors = refusedWith('BAD_USER_INPUT', answer.errors ?? []);
        return sendUnfit(request, reply, JSON.stringify({ errors }));
      }
      reply.headers(conditions.headersOf(answer));
      if (conditions.isMet(answer)) return reply.code(304).send();
      const { body, encoding } = await encoded(
        bodyOf(answer.data, answer, fault),
        request.headers['accept-encoding'],
      );
      if (encoding) reply.header('content-encoding', encoding);
      return reply.type(request.form.contentType).send(body);
    },
  });
  refuseOtherMethods(server, '/graphql', ['GET', 'POST']);
}

interface Unread {
  source: string;
  operationName: string | null;
  hub: RequestContext;
}

/** Reads at the tenant's expense: its budget is asked before, and its standing before what takes long. */
async function read(
  documents: Documents,
  demand: Demand,
  { source, operationName, hub }: Unread,
): Promise<KnownDocument | RefusedDocument> {
  const { caller, leaving } = hub;
  const done = await demand.reading(caller, hub.demand, leaving);
  let charge: Charge | undefined;
  let readingMs = 0;
  try {
    charge = await demand.charge(caller, hub.demand, 0);
    // Between two readings others are served; and to its end this one waits for nothing, so all of the time is its own.
    await turnOfTheLoop();
    const known = documents.known(source);
    if (known) return known;
    const began = performance.now();
    const document = await documents.read(source, async (parsed) => {
      const operation = getOperationAST(parsed, operationName);
      const asked = operation && standingAsked({ source, document: parsed }, operation);
      if (asked && !hub.isActive) await hub.mustStand(asked.acts, asked.recorded);
    });
    readingMs = performance.now() - began;
    return document;
  } finally {
    charge?.settle(0, readingMs);
    done();
  }
}

/** What does not fit the schema any more is refused when it is asked for. */
function warm(document: KnownDocument | RefusedDocument, gateway: PolicedGateway): void {
  if ('refused' in document) return;
  for (const name of document.names) gateway.publish(document.operation(name));
}

/** What GraphQL itself refuses, a document or variables. */
function sendUnfit({ form }: FastifyRequest, reply: FastifyReply, body: string | Buffer): FastifyReply {
  return reply
    .code(form.isAlwaysOk ? 200 : 400)
    .type(form.contentType)
    .send(body);
}

function onlyByPost(reply: FastifyReply): Refusal {
  reply.header('allow', 'POST');
  return new Refusal('METHOD_NOT_ALLOWED', { message: 'GET is for queries; this is a mutation.' });
}
