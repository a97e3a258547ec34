import { ApolloGateway } from '@apollo/gateway';
import type { GatewayExecutionResult, GatewayInterface } from '@apollo/server-gateway-interface';
import type { Incoming } from './policed.js';
import { sourceOf } from './sources.js';
import type { Supergraph } from './supergraph.js';
import { silenceVendor } from './vendor.js';

/** What a server is told of the schema when it starts. */
export type SchemaContext = Parameters<Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0]>[0];

/**
 * @apollo/gateway for query planning. It holds no room: each request brings the clients of its own hub, so that one
 * planner, with the plans that it has made, does for every hub of a process.
 */
export interface Planner {
  schema: SchemaContext;
  /** The subgraphs that plans ask. */
  rooms: string[];
  execute: (incoming: Incoming) => Promise<GatewayExecutionResult>;
}

export async function openPlanner({ plannedSdl }: Supergraph): Promise<Planner> {
  silenceVendor();
  const rooms: string[] = [];
  const gateway = new ApolloGateway({
    supergraphSdl: plannedSdl,
    buildService: ({ name }) => {
      rooms.push(name);
      return sourceOf(name);
    },
    logger: quiet,
  });
  const schemas: SchemaContext[] = [];
  gateway.onSchemaLoadOrUpdate((loaded) => void schemas.push(loaded));
  const { executor } = await gateway.load();
  const [schema] = schemas;
  if (!schema) throw new Error('the planner was given no schema');
  return { schema, rooms, execute: executor as never };
}

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
