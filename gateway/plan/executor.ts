import { createHash } from 'node:crypto';
import { ApolloGateway } from '@apollo/gateway';
import type {
  GatewayExecutionResult,
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  print,
} from 'graphql';
import type { RoomClient } from '../../subgraphs/runtime/neighbours.js';
import { Refusal } from '../errors.js';
import type { Disclosure, Operation as RecordedOperation } from '../ledger/entry.js';
import { authorise, type Refused } from '../policy/authorise.js';
import type { Permission } from '../policy/categories.js';
import type { Grant } from '../policy/grant.js';
import { checkLiterals, checkVariables } from '../texts.js';
import { checkLimits, type Limits } from './limits.js';
import { actsAsked, permissionsAsked, permissionsUsed } from './asked.js';
import { prune, type Pruned } from './prune.js';
import type { RequestContext } from './request.js';
import { restoreWithheld } from './restore.js';
import { sourceOf } from './sources.js';
import type { Supergraph } from './supergraph.js';
import { silenceVendor } from './vendor.js';

export interface ExecutorOptions {
  supergraph: Supergraph;
  clients: ReadonlyMap<string, RoomClient>;
  limits: Limits;
  seal: (grant: Grant) => Promise<string>;
}

type Incoming = GatewayGraphQLRequestContext<RequestContext & Record<string, unknown>>;

interface Operation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Record<string, unknown>;
}

/**
 * @apollo/gateway for composition and query planning, with the policy before it and the ledger behind it: what the
 * caller may not see is taken out before a plan is made, and nothing is answered before it is recorded.
 */
export class PolicedGateway implements GatewayInterface {
  readonly #options: ExecutorOptions;
  readonly #gateway: ApolloGateway;

  constructor(options: ExecutorOptions) {
    this.#options = options;
    silenceVendor();
    this.#gateway = new ApolloGateway({
      supergraphSdl: options.supergraph.plannedSdl,
      buildService: ({ name }) => sourceOf(options.clients, name),
      logger: quiet,
    });
  }

  async load(options: Parameters<GatewayInterface['load']>[0]): ReturnType<GatewayInterface['load']> {
    const { executor } = await this.#gateway.load(options);
    return {
      executor: async (incoming) => {
        try {
          return await this.#execute(incoming as unknown as Incoming, executor as never);
        } catch (error) {
          throw withStatus(error);
        }
      },
    };
  }

  onSchemaLoadOrUpdate(callback: Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0]): () => void {
    return this.#gateway.onSchemaLoadOrUpdate(callback);
  }

  async stop(): Promise<void> {
    await this.#gateway.stop();
  }

  async #execute(
    incoming: Incoming,
    executePlan: (incoming: Incoming) => Promise<GatewayExecutionResult>,
  ): Promise<GatewayExecutionResult> {
    const { supergraph, limits, seal } = this.#options;
    const context = incoming.context;
    if (!incoming.operation) throw new Refusal('BAD_REQUEST', NO_OPERATION);
    // The schema has none, but validation does not ask for that.
    if (incoming.operation.operation === 'subscription')
      throw new Refusal('GRAPHQL_VALIDATION_FAILED', NO_SUBSCRIPTIONS);
    const asked: Operation = {
      document: incoming.document,
      operation: incoming.operation,
      variables: incoming.request.variables ?? {},
    };
    const { schema, requirements } = supergraph;
    await context.mustStand(actsAsked(asked.document, asked.operation), described(context, asked));
    checkVariables(asked.variables);
    checkLiterals(context.source, asked.document);
    checkLimits(schema, asked.document, asked.operation, asked.variables, limits);
    const permissions = permissionsAsked(schema, requirements, asked.document, asked.operation);
    const { caller, purpose, facts } = context;
    const now = new Date();
    const { reach, refused } = authorise(caller, purpose, facts, permissions, now);
    const used = permissionsUsed(schema, requirements, asked.document, asked.operation);
    const { reach: beside } = authorise(caller, purpose, facts, used, now);
    const pruned = refused.size > 0 ? prune(schema, requirements, asked, refused) : undefined;
    if (pruned) mustBeValid(schema, asked);
    const isMutation = asked.operation.operation === 'mutation';
    // What is used without being asked for stands in the grant too, so it is recorded with the rest.
    const decision = {
      asked: [...new Set([...permissions, ...(Object.keys(beside) as Permission[])])],
      refused,
    };
    if (isMutation) await this.#record(context, asked, decision, null);
    context.sealedGrant = await seal(context.grantOf({ ...beside, ...reach }));
    const result = await executePlan(pruned ? withDocument(incoming, pruned) : incoming);
    const answer = pruned ? restoreWithheld(result, pruned) : result;
    await this.#record(context, asked, decision, answer);
    return answer;
  }

  #record(
    context: RequestContext,
    operation: Operation,
    { asked, refused }: { asked: Permission[]; refused: Map<Permission, Refused> },
    answer: GatewayExecutionResult | null,
  ): Promise<void> {
    const refusals = [...refused].map(([permission, { rule, code }]) => ({ permission, rule, code }));
    return context.record({
      operation: described(context, operation),
      permissions: asked,
      refusals,
      release: answer && disclosure(answer),
      disclosed: answer ? context.disclosed : [],
    });
  }
}

/** What was asked, for the ledger: by the hash of its text. */
function described({ source }: RequestContext, { operation }: Operation): RecordedOperation {
  const kind = operation.operation === 'mutation' ? 'MUTATION' : 'QUERY';
  return { kind, name: operation.name?.value ?? null, sha256: hash(source) };
}

const NO_OPERATION = {
  message: 'The document has no operation of this name, or several and none is named.',
  remedy: 'Name one of the operations of the document in operationName.',
};

const NO_SUBSCRIPTIONS = {
  message: 'There are no subscriptions.',
  remedy: 'Ask a query again when it is time.',
};

/** A whole request refused keeps its HTTP status; Apollo would answer 500 to whatever it does not know. */
function withStatus(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const { message, extensions, status } = error;
  return new GraphQLError(message, { extensions: { ...extensions, http: { status } } });
}

/** The plan cache goes by the hash, so a document of another shape needs a hash of its own. */
function withDocument(incoming: Incoming, { document, operation }: Pruned): Incoming {
  const source = print(document);
  return {
    ...incoming,
    request: { ...incoming.request, query: source, operationName: operation.name?.value },
    source,
    document,
    operation,
    queryHash: hash(source),
  } as Incoming;
}

/**
 * The planner checks variables against the pruned document, in which some are not used any more.
 *
 * @throws Refusal BAD_USER_INPUT
 */
function mustBeValid(schema: GraphQLSchema, { operation, variables }: Operation): void {
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  const [error] = errors ?? [];
  if (error) throw new Refusal('BAD_USER_INPUT', { message: error.message });
}

/** Of `{"data":…}` alone, which a recipient can hash again: errors disclose nothing and are reworded on their way. */
function disclosure({ data }: GatewayExecutionResult): Disclosure {
  const bytes = JSON.stringify({ data });
  return { kind: 'ANSWER', object: null, sha256: hash(bytes), bytes: Buffer.byteLength(bytes), items: null };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
