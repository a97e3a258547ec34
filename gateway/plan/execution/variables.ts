import {
  getVariableValues,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Variables } from './project.js';

/** What is wrong with variables, measured by what the operation declares; names nothing that the caller did not. */
export function wrongVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Variables,
): readonly GraphQLError[] {
  if (variableDefinitions.length === 0) return [];
  const { errors = [] } = getVariableValues(
    schema,
    variableDefinitions,
    { ...variables },
    { hideSuggestions: true },
  );
  return errors;
}
