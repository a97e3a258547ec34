import { composeServices } from '@apollo/composition';
import {
  buildASTSchema,
  type DirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  visit,
} from 'graphql';
import { readRequirements, type Requirements } from './requirements.js';

export interface Subgraph {
  name: string;
  sdl: string;
}

export interface Supergraph {
  sdl: string;
  /** The same for the planner, which refuses schemas with security directives because it does not enforce them: we do. */
  plannedSdl: string;
  /** The schema with the federation's and the policy's directives on it. */
  schema: GraphQLSchema;
  requirements: Requirements;
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
    throw new Error(
      `The rooms do not compose:\n  ${(errors ?? []).map(({ message }) => message).join('\n  ')}`,
    );
  }
  const document = parse(supergraphSdl);
  const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  const requirements = readRequirements(schema);
  return { sdl: supergraphSdl, plannedSdl: print(withoutSecurity(document)), schema, requirements };
}

const SECURITY = ['requiresScopes', 'authenticated'];

function withoutSecurity(document: DocumentNode): DocumentNode {
  const isSecurityLink = ({ arguments: args }: DirectiveNode): boolean =>
    args?.some(
      ({ value }) => value.kind === Kind.STRING && SECURITY.some((name) => value.value.includes(`/${name}/`)),
    ) ?? false;
  return visit(document, {
    Directive: (node) => (SECURITY.includes(node.name.value) || isSecurityLink(node) ? null : undefined),
    DirectiveDefinition: (node) => (SECURITY.includes(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (node.name.value.startsWith('requiresScopes__') ? null : undefined),
  });
}
