import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Permission } from '../policy/categories.js';
import { actOfField, type StandingAct } from '../policy/standing.js';
import type { Requirements } from './requirements.js';
import { fragmentsOf, rootOf, typeOf } from './selections.js';

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
  return new Set(rootFields(document, operation).flatMap((field) => [...requirements.usedBy(root, field)]));
}

/** What an operation is as acts of a tenant: one for each kind of root field. */
export function actsAsked(document: DocumentNode, operation: OperationDefinitionNode): StandingAct[] {
  const root = operation.operation === 'mutation' ? 'Mutation' : 'Query';
  return [...new Set(rootFields(document, operation).map((field) => actOfField(root, field)))];
}

/** The names of an operation's root fields, those in fragments too. */
function rootFields(document: DocumentNode, operation: OperationDefinitionNode): string[] {
  const fragments = fragmentsOf(document);
  const names = new Set<string>();
  const seen = new Set<string>();
  const walk = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) walk(fragment.set);
      }
    }
  };
  walk(operation.selectionSet);
  return [...names];
}
