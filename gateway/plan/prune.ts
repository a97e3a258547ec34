import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Permission } from '../policy/categories.js';
import type { Refused } from '../policy/authorise.js';
import type { Requirements } from './requirements.js';

/** Stands in for a selection set that the policy emptied; taken out of the answer again. */
export const PLACEHOLDER = '_withheld';

/** A field that the policy withholds: where its null belongs in the answer, and why. */
export interface Withheld {
  /** Response keys from the root, without list indexes. */
  path: string[];
  field: string;
  refused: Refused;
}

export interface Pruned {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  withheld: Withheld[];
}

/** Every permission that an operation asks for. */
export function permissionsAsked(
  schema: GraphQLSchema,
  requirements: Requirements,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Set<Permission> {
  const asked = new Set<Permission>();
  const measured = new Set<string>();
  const fragments = fragmentsOf(document);
  const walk = (set: SelectionSetNode, parent: string): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        for (const permission of requirements.ofField(parent, selection.name.value)) asked.add(permission);
        if (selection.selectionSet) walk(selection.selectionSet, typeOf(schema, parent, selection));
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition?.name.value ?? parent;
        for (const permission of requirements.ofType(type)) asked.add(permission);
        walk(selection.selectionSet, type);
      } else if (!measured.has(selection.name.value)) {
        measured.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (!fragment) continue;
        for (const permission of requirements.ofType(fragment.type)) asked.add(permission);
        walk(fragment.set, fragment.type);
      }
    }
  };
  walk(operation.selectionSet, rootOf(schema, operation));
  return asked;
}

/** Permissions that root fields use where the caller has them, beside those that they ask for. */
export function permissionsUsed(
  schema: GraphQLSchema,
  requirements: Requirements,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Set<Permission> {
  const root = rootOf(schema, operation);
  const fragments = fragmentsOf(document);
  const used = new Set<Permission>();
  const measured = new Set<string>();
  const walk = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        for (const permission of requirements.usedBy(root, selection.name.value)) used.add(permission);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet);
      } else if (!measured.has(selection.name.value)) {
        measured.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) walk(fragment.set);
      }
    }
  };
  walk(operation.selectionSet);
  return used;
}

/** The operation without what the policy refuses; fragments are spread out so that each place has its own null. */
export function prune(
  schema: GraphQLSchema,
  requirements: Requirements,
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
  refused: ReadonlyMap<Permission, Refused>,
  variables: Record<string, unknown>,
): Pruned {
  const withheld: Withheld[] = [];
  const fragments = fragmentsOf(document);
  const refusalOf = (permissions: readonly Permission[]): Refused | undefined =>
    permissions.map((permission) => refused.get(permission)).find((refusal) => refusal !== undefined);

  const keep = (set: SelectionSetNode, parent: string, path: string[]): SelectionSetNode => {
    const selections = set.selections.flatMap((selection) => kept(selection, parent, path));
    return { ...set, selections: selections.length > 0 ? selections : [placeholder()] };
  };
  const kept = (selection: SelectionNode, parent: string, path: string[]): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return field(selection, parent, path);
    const spread = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : undefined;
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : spread?.set;
    if (!inner) return [];
    const type =
      selection.kind === Kind.INLINE_FRAGMENT
        ? (selection.typeCondition?.name.value ?? parent)
        : (spread?.type ?? parent);
    if (refusalOf(requirements.ofType(type))) return [];
    const typeCondition = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } } as const;
    const { directives = [] } = selection;
    return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet: keep(inner, type, path) }];
  };
  const field = (node: FieldNode, parent: string, path: string[]): SelectionNode[] => {
    const key = node.alias?.value ?? node.name.value;
    const refusal = refusalOf(requirements.ofField(parent, node.name.value));
    if (refusal) {
      if (isIncluded(node, variables))
        withheld.push({ path: [...path, key], field: `${parent}.${node.name.value}`, refused: refusal });
      return [];
    }
    if (!node.selectionSet) return [node];
    return [{ ...node, selectionSet: keep(node.selectionSet, typeOf(schema, parent, node), [...path, key]) }];
  };

  const root = rootOf(schema, operation);
  const pruned = withUsedVariables({ ...operation, selectionSet: keep(operation.selectionSet, root, []) });
  return { document: { kind: Kind.DOCUMENT, definitions: [pruned] }, operation: pruned, withheld };
}

function placeholder(): FieldNode {
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: PLACEHOLDER },
    name: { kind: Kind.NAME, value: '__typename' },
  };
}

/** A variable that only a withheld field used would make the operation invalid. */
function withUsedVariables(operation: OperationDefinitionNode): OperationDefinitionNode {
  const used = new Set<string>();
  visit(operation.selectionSet, { Variable: ({ name }) => void used.add(name.value) });
  for (const directive of operation.directives ?? [])
    visit(directive, { Variable: ({ name }) => void used.add(name.value) });
  const variableDefinitions =
    operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)) ?? [];
  return { ...operation, variableDefinitions };
}

function isIncluded(node: FieldNode, variables: Record<string, unknown>): boolean {
  for (const directive of node.directives ?? []) {
    const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
    const holds =
      value?.kind === Kind.VARIABLE
        ? Boolean(variables[value.name.value])
        : value?.kind === Kind.BOOLEAN && value.value;
    if (directive.name.value === 'skip' && holds) return false;
    if (directive.name.value === 'include' && !holds) return false;
  }
  return true;
}

function rootOf(schema: GraphQLSchema, operation: OperationDefinitionNode): string {
  const type = operation.operation === 'mutation' ? schema.getMutationType() : schema.getQueryType();
  return type?.name ?? 'Query';
}

function typeOf(schema: GraphQLSchema, parent: string, node: FieldNode): string {
  const type = schema.getType(parent);
  const fields = type && 'getFields' in type ? type.getFields() : undefined;
  const found = fields?.[node.name.value];
  const named = found ? getNamedType(found.type) : undefined;
  return named && isCompositeType(named) ? named.name : '__Introspection';
}

function fragmentsOf(document: DocumentNode): Map<string, { type: string; set: SelectionSetNode }> {
  const fragments = new Map<string, { type: string; set: SelectionSetNode }>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.FRAGMENT_DEFINITION) continue;
    fragments.set(node.name.value, { type: node.typeCondition.name.value, set: node.selectionSet });
  }
  return fragments;
}
