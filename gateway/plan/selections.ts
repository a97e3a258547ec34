import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** The root type of an operation. */
export function rootOf(schema: GraphQLSchema, operation: OperationDefinitionNode): string {
  const type = operation.operation === 'mutation' ? schema.getMutationType() : schema.getQueryType();
  return type?.name ?? 'Query';
}

/** The composite type that a field leads to. */
export function typeOf(schema: GraphQLSchema, parent: string, node: FieldNode): string {
  const type = schema.getType(parent);
  const fields = type && 'getFields' in type ? type.getFields() : undefined;
  const found = fields?.[node.name.value];
  const named = found ? getNamedType(found.type) : undefined;
  return named && isCompositeType(named) ? named.name : '__Introspection';
}

/** Named fragments by name. */
export function fragmentsOf(document: DocumentNode): Map<string, { type: string; set: SelectionSetNode }> {
  return new Map(
    fragmentDefinitionsOf(document).map(({ name, typeCondition, selectionSet }) => [
      name.value,
      { type: typeCondition.name.value, set: selectionSet },
    ]),
  );
}

export function fragmentDefinitionsOf({ definitions }: DocumentNode): FragmentDefinitionNode[] {
  return definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
}
