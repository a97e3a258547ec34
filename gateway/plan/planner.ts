import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import { ApolloGateway } from '@apollo/gateway';
import type { QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { silenceVendor } from './vendor.js';

/** What @apollo/gateway keeps to itself and we read: all of it stands here. */
interface Internals {
  /** What clients may ask for, as graphql-js has it and as the planner does. */
  schema: GraphQLSchema;
  apiSchema: Schema;
  /** With the federation's directives. */
  supergraphSchema: GraphQLSchema;
  queryPlanner: QueryPlanner;
}

/**
 * @apollo/gateway for loading the supergraph and for planning; what it plans is executed by ours. It holds no room, so
 * that one planner does for every hub of a process.
 */
export class Planner extends ApolloGateway {
  /** The subgraphs that plans ask. */
  readonly rooms: readonly string[];

  private constructor(supergraphSdl: string) {
    const rooms: string[] = [];
    const buildService = ({ name }: { name: string }): { process: () => never } => {
      rooms.push(name);
      return { process: unasked };
    };
    super({ supergraphSdl, buildService, logger: QUIET });
    this.rooms = rooms;
    this.executor = unasked;
  }

  /** @param supergraphSdl without security directives, which the planner refuses because it does not enforce them */
  static async open(supergraphSdl: string): Promise<Planner> {
    silenceVendor();
    const planner = new Planner(supergraphSdl);
    await planner.load();
    return planner;
  }

  get internals(): Internals {
    return this as unknown as Internals;
  }

  /** @throws GraphQLError for what cannot be planned */
  plan(document: DocumentNode, operationName: string): QueryPlan {
    const { apiSchema, queryPlanner } = this.internals;
    const operation = operationFromDocument(apiSchema, document, operationName ? { operationName } : {});
    return queryPlanner.buildQueryPlan(operation);
  }
}

function unasked(): never {
  throw new Error('plans are executed by the executor of our own');
}

const QUIET = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
