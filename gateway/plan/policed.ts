import { createHash } from 'node:crypto';
import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import {
  type DocumentNode,
  getVariableValues,
  type GraphQLSchema,
  type OperationDefinitionNode,
  print,
} from 'graphql';
import { checkLimits, type Limits } from '../demand/limits.js';
import { Measure } from '../demand/measure.js';
import { Refusal } from '../errors.js';
import { authorise, type Refused } from '../policy/authorise.js';
import type { Permission } from '../policy/categories.js';
import type { Grant } from '../policy/grant.js';
import { checkLiterals, checkVariables } from '../texts.js';
import { permissionsAsked, permissionsUsed } from './asked.js';
import { prune, type Pruned } from './prune.js';
import type { RequestContext } from './request.js';
import type { Supergraph } from './supergraph.js';

export type Incoming = GatewayGraphQLRequestContext<RequestContext & Record<string, unknown>>;

export interface Operation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Record<string, unknown>;
}

/** What the policy makes of an operation, before anything of it is planned. */
export interface Policed {
  /** Every permission asked for, and those used without being asked for: they stand in the grant, so they are recorded. */
  asked: Permission[];
  refused: Map<Permission, Refused>;
  reach: Grant['reach'];
  /** The request that is planned: without what is refused. */
  planned: Incoming;
  /** What was taken out of it. */
  pruned: Pruned | undefined;
}

/**
 * Limits first, then a decision on each permission, then the operation without what was refused.
 *
 * @throws Refusal QUERY_TOO_DEEP, QUERY_TOO_WIDE, BAD_USER_INPUT
 */
export function policed(
  { supergraph, limits }: { supergraph: Supergraph; limits: Limits },
  incoming: Incoming,
  operation: Operation,
): Policed {
  const { schema, requirements } = supergraph;
  const { caller, purpose, facts, source } = incoming.context;
  const { document, operation: asked, variables } = operation;
  checkVariables(variables);
  checkLiterals(source, document);
  checkLimits(new Measure(schema, document, asked), variables, limits);
  const now = new Date();
  const permissions = permissionsAsked(schema, requirements, document, asked);
  const { reach, refused } = authorise(caller, purpose, facts, permissions, now);
  const used = permissionsUsed(schema, requirements, document, asked);
  const { reach: beside } = authorise(caller, purpose, facts, used, now);
  const pruned = refused.size > 0 ? prune(schema, requirements, operation, refused) : undefined;
  if (pruned) mustBeValid(schema, operation);
  return {
    asked: [...new Set([...permissions, ...(Object.keys(beside) as Permission[])])],
    refused,
    reach: { ...beside, ...reach },
    planned: pruned ? withDocument(incoming, pruned) : incoming,
    pruned,
  };
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
    queryHash: createHash('sha256').update(source).digest('hex'),
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
