import { composeServices } from '@apollo/composition';
import { buildASTSchema, type GraphQLSchema, parse } from 'graphql';
import type { RoomClient } from '../../subgraphs/runtime/neighbours.js';
import { readRequirements, type Requirements } from './requirements.js';

export interface Subgraph {
  name: string;
  sdl: string;
}

export interface Supergraph {
  sdl: string;
  /** The schema with the federation's and the policy's directives on it. */
  schema: GraphQLSchema;
  requirements: Requirements;
}

/** A room and where it answers. */
export interface ServedSubgraph extends Subgraph {
  client: RoomClient;
}

/**
 * Composes the rooms' schemas into one, and refuses what the policy could not decide (fail closed).
 *
 * @throws Error naming every fault of the composition; OpenSchemaError naming every open place.
 */
export function composeSupergraph(subgraphs: Subgraph[]): Supergraph {
  const services = subgraphs.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: `room:${name}` }));
  const { supergraphSdl, errors } = composeServices(services);
  if (errors || !supergraphSdl) {
    throw new Error(`The rooms do not compose:\n  ${(errors ?? []).map(({ message }) => message).join('\n  ')}`);
  }
  const schema = buildASTSchema(parse(supergraphSdl), { assumeValid: true, assumeValidSDL: true });
  return { sdl: supergraphSdl, schema, requirements: readRequirements(schema) };
}
