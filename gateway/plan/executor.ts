import { createHash } from 'node:crypto';
import type { GatewayExecutionResult, GatewayInterface } from '@apollo/server-gateway-interface';
import { GraphQLError } from 'graphql';
import type { RoomClient } from '../../subgraphs/runtime/neighbours.js';
import type { Limits } from '../demand/limits.js';
import { Refusal } from '../errors.js';
import type { Disclosure, Operation as RecordedOperation } from '../ledger/entry.js';
import type { Grant } from '../policy/grant.js';
import { actsAsked } from './asked.js';
import { asking } from './asking.js';
import type { Executions } from './executions.js';
import { type Incoming, type Operation, policed, type Policed } from './policed.js';
import type { Planner, SchemaContext } from './planner.js';
import type { RequestContext } from './request.js';
import { restoreWithheld } from './restore.js';
import type { Supergraph } from './supergraph.js';

export interface ExecutorOptions {
  supergraph: Supergraph;
  planner: Planner;
  executions: Executions;
  clients: ReadonlyMap<string, RoomClient>;
  limits: Limits;
  seal: (grant: Grant) => Promise<string>;
}

/**
 * Query planning with the policy before it and the ledger behind it: what the caller may not see is taken out before a
 * plan is made, and nothing is answered before it is recorded.
 */
export class PolicedGateway implements GatewayInterface {
  readonly #options: ExecutorOptions;
  readonly #listeners = new Set<(schema: SchemaContext) => void>();

  constructor(options: ExecutorOptions) {
    const unserved = options.planner.rooms.filter((name) => !options.clients.has(name));
    if (unserved.length > 0) {
      throw new Error(`the supergraph names rooms that are not served: ${unserved.join(', ')}`);
    }
    this.#options = options;
  }

  async load(): ReturnType<GatewayInterface['load']> {
    for (const tell of this.#listeners) tell(this.#options.planner.schemaContext);
    return {
      executor: async (incoming) => {
        try {
          return await this.#execute(incoming as unknown as Incoming);
        } catch (error) {
          throw withStatus(error);
        }
      },
    };
  }

  onSchemaLoadOrUpdate(callback: (schema: SchemaContext) => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  async stop(): Promise<void> {
    this.#listeners.clear();
  }

  async #execute(incoming: Incoming): Promise<GatewayExecutionResult> {
    const context = incoming.context;
    const asked = askedIn(incoming);
    await context.mustStand(actsAsked(asked.document, asked.operation), described(context, asked));
    const decision = policed(this.#options, incoming, asked);
    const { reach, planned, pruned } = decision;
    if (asked.operation.operation === 'mutation') await this.#record(context, asked, decision, null);
    context.sealedGrant = await this.#options.seal(context.grantOf(reach));
    const result = await this.#run(planned);
    const answer = pruned ? restoreWithheld(result, pruned) : result;
    await this.#record(context, asked, decision, answer);
    return answer;
  }

  async #run(planned: Incoming): Promise<GatewayExecutionResult> {
    const { clients, executions } = this.#options;
    const { context, request } = planned;
    return executions.of(planned).run(request.variables ?? {}, asking(clients, context));
  }

  #record(
    context: RequestContext,
    operation: Operation,
    { asked, refused }: Policed,
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

/** @throws Refusal BAD_REQUEST, GRAPHQL_VALIDATION_FAILED */
function askedIn({ operation, document, request }: Incoming): Operation {
  if (!operation) throw new Refusal('BAD_REQUEST', NO_OPERATION);
  // The schema has none, but validation does not ask for that.
  if (operation.operation === 'subscription')
    throw new Refusal('GRAPHQL_VALIDATION_FAILED', NO_SUBSCRIPTIONS);
  return { document, operation, variables: request.variables ?? {} };
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

/** Of `{"data":…}` alone, which a recipient can hash again: errors disclose nothing and are reworded on their way. */
function disclosure({ data }: GatewayExecutionResult): Disclosure {
  const bytes = JSON.stringify({ data });
  return { kind: 'ANSWER', object: null, sha256: hash(bytes), bytes: Buffer.byteLength(bytes), items: null };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
