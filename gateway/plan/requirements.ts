import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
} from 'graphql';
import { isPermission, type Permission, SUBJECT_CATEGORIES } from '../policy/categories.js';

/** What the schema says about who may ask for what; complete, or the hub does not start. */
export interface Requirements {
  /** Permissions that a selection of this field needs, its own and its type's. */
  ofField(parent: string, field: string): readonly Permission[];
  /** Permissions that widen the answer of a field where the caller has them; their lack refuses nothing. */
  usedBy(parent: string, field: string): readonly Permission[];
  /** Permissions that a fragment on this type needs. */
  ofType(type: string): readonly Permission[];
}

const FEDERATION_TYPE = /^(join__|link__|federation__|__)/;

/**
 * What a field makes use of where the caller has it, and answers without where not: a decision about another tenant
 * is made of that tenant's declarations, scopes and consents and of where the enterprise lies that is asked about,
 * while everybody may ask about itself. A tenant declares its own purposes and ends them; an operator does so for
 * others. A platform that records an enterprise's consent has to see that enterprise; an enterprise records its own.
 * Notices of erasure are everybody's own, and beside them those of the consents that the caller may read. Statistics
 * by function need the buildings; by anything else they do not.
 */
const USED: Readonly<Record<string, readonly Permission[]>> = {
  'Query.accessDecision': [
    'tenants:read',
    'purposes:read',
    'scopes:read',
    'consents:read',
    'enterprises:read',
  ],
  'Query.purposeDeclarations': ['purposes:read'],
  'Query.purposeDeclaration': ['purposes:read'],
  'Query.statistics': ['buildings:read'],
  'Mutation.declarePurposes': ['purposes:write'],
  'Mutation.endPurposeDeclaration': ['purposes:approve'],
  'Mutation.recordConsents': ['enterprises:read'],
  'Mutation.grantConsent': ['enterprises:read'],
  'Mutation.refuseConsent': ['enterprises:read'],
  'Mutation.revokeConsent': ['enterprises:read'],
  'Query.erasureNotices': ['consents:read'],
  'Query.erasureNotice': ['consents:read'],
  'Mutation.acknowledgeErasure': ['consents:read'],
};

/** A row of any category may have been corrected; its values are shown to who may read the row itself. */
const OF_ROWS: readonly Permission[] = SUBJECT_CATEGORIES.map((category) => `${category}:read` as const);

/** What a type makes use of likewise, wherever it is asked for at the root. */
const USED_WITH: Readonly<Record<string, readonly Permission[]>> = {
  Correction: OF_ROWS,
  CorrectionConnection: OF_ROWS,
  BreakGlass: OF_ROWS,
  BreakGlassConnection: OF_ROWS,
};

/** The schema leaves something open that the policy must decide; composition fails with all such places named. */
export class OpenSchemaError extends Error {}

/**
 * Reads `@requiresScopes` and `@authenticated` from the supergraph. Every object type and every root field carries one
 * of them; a field that leads to data of another category is nullable, because it may be withheld.
 *
 * @throws OpenSchemaError naming every type and field that breaks this.
 */
export function readRequirements(schema: GraphQLSchema): Requirements {
  const faults: string[] = [];
  const types = new Map<string, readonly Permission[]>();
  const fields = new Map<string, readonly Permission[]>();
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const objects = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !FEDERATION_TYPE.test(name));
  for (const type of objects) {
    const isRoot = roots.includes(type);
    types.set(type.name, isRoot ? [] : permissionsOf(directivesOf(type), type.name, faults, true));
  }
  for (const type of objects) {
    const isRoot = roots.includes(type);
    for (const field of Object.values(type.getFields())) {
      const place = `${type.name}.${field.name}`;
      const own = permissionsOf(field.astNode?.directives ?? [], place, faults, isRoot);
      const returned = types.get(getNamedType(field.type).name) ?? [];
      const all = [...new Set([...own, ...returned])];
      fields.set(place, all);
      checkNullable(type, field, all, types.get(type.name) ?? [], isRoot, faults);
    }
  }
  if (faults.length > 0) throw new OpenSchemaError(`The schema is not closed:\n  ${faults.join('\n  ')}`);
  return {
    ofField: (parent, field) => fields.get(`${parent}.${field}`) ?? closed(schema, parent),
    usedBy: (parent, field) => USED[`${parent}.${field}`] ?? usedWith(schema, types, parent, field),
    ofType: (type) => types.get(type) ?? closed(schema, type),
  };
}

/** `node(id)` may find any of its types; which of them the caller sees is not known before it is looked for. */
function usedWith(
  schema: GraphQLSchema,
  types: ReadonlyMap<string, readonly Permission[]>,
  parent: string,
  field: string,
): readonly Permission[] {
  const owner = schema.getType(parent);
  const found = isObjectType(owner) ? owner.getFields()[field] : undefined;
  const type = found && getNamedType(found.type);
  if (!type) return [];
  if (!isInterfaceType(type)) return USED_WITH[type.name] ?? [];
  const possible = schema.getPossibleTypes(type).map(({ name }) => name);
  return [...new Set(possible.flatMap((name) => [...(types.get(name) ?? []), ...(USED_WITH[name] ?? [])]))];
}

/** Interfaces hold no data of their own; anything else that is not known here must not be answered. */
function closed(schema: GraphQLSchema, name: string): readonly Permission[] {
  const type = schema.getType(name);
  if (name.startsWith('__') || isInterfaceType(type) || isObjectType(type)) return [];
  throw new OpenSchemaError(`${name} is not known to the policy.`);
}

function checkNullable(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  needed: Permission[],
  held: readonly Permission[],
  isRoot: boolean,
  faults: string[],
): void {
  const mayBeWithheld = needed.some((permission) => isRoot || !held.includes(permission));
  if (mayBeWithheld && isNonNullType(field.type)) {
    faults.push(`${type.name}.${field.name} may be withheld, so it must be nullable`);
  }
}

function directivesOf(type: GraphQLObjectType): readonly ConstDirectiveNode[] {
  return [type.astNode, ...type.extensionASTNodes].flatMap((node) => node?.directives ?? []);
}

function permissionsOf(
  directives: readonly ConstDirectiveNode[],
  place: string,
  faults: string[],
  isNeeded: boolean,
): readonly Permission[] {
  const scopes = directives.filter(({ name }) => name.value === 'requiresScopes').flatMap(scopesOf);
  const isOpen = directives.some(({ name }) => name.value === 'authenticated');
  // An empty list inside the list would mean: nothing is needed.
  if (scopes.flat().length === 0 && !isOpen && isNeeded) faults.push(`${place} names no category`);
  if (scopes.length > 1) faults.push(`${place} names alternatives; the policy knows only "all of these"`);
  const permissions: Permission[] = [];
  for (const scope of scopes.flat()) {
    if (isPermission(scope)) permissions.push(scope);
    else faults.push(`${place} names an unknown category or action: ${scope}`);
  }
  return permissions;
}

/** `scopes: [["a", "b"]]`: one alternative that needs both. */
function scopesOf({ arguments: args }: ConstDirectiveNode): string[][] {
  const value = args?.find(({ name }) => name.value === 'scopes')?.value;
  if (!value || value.kind !== Kind.LIST) return [];
  return valueFromASTUntyped(value) as string[][];
}
