import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Permission } from '../policy/categories.js';
import type { Requirements } from './requirements.js';
import { fragmentsOf, rootOf, typeOf } from './selections.js';

/** A field that the policy withholds: where its null belongs in the answer, and what was refused. */
export interface Withheld {
  /** Response keys from the root, without list indexes. */
  path: string[];
  /** `Type.field` */
  field: string;
  permission: Permission;
}

export interface Pruned {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** Entry `n` has the response key `<marker><n>` wherever its null belongs. */
  withheld: Withheld[];
  /** Begins the response keys that stand for nulls, and no key that the client chose. */
  marker: string;
}

/**
 * The operation without what the policy refuses. In the place of each withheld field stands `__typename` under a key of
 * ours: what comes back shows in which objects the field was asked for, whatever fragments and directives are around it.
 */
export function prune(
  schema: GraphQLSchema,
  requirements: Requirements,
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
  refused: ReadonlySet<Permission>,
): Pruned {
  const marks = new Marks(document);
  const fragments = fragmentsOf(document);
  const refusedOf = (permissions: readonly Permission[]): Permission | undefined =>
    permissions.find((permission) => refused.has(permission));

  const keep = (set: SelectionSetNode, parent: string, path: string[]): SelectionSetNode => {
    const selections = set.selections.flatMap((selection) => kept(selection, parent, path));
    return { ...set, selections: selections.length > 0 ? selections : [typename(marks.key)] };
  };
  const kept = (selection: SelectionNode, parent: string, path: string[]): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return [field(selection, parent, path)];
    const spread = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : undefined;
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : spread?.set;
    if (!inner) return [];
    const named =
      selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : spread?.type;
    const type = named ?? parent;
    if (refusedOf(requirements.ofType(type))) return [];
    const typeCondition = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } } as const;
    const { directives = [] } = selection;
    return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet: keep(inner, type, path) }];
  };
  const field = (node: FieldNode, parent: string, path: string[]): FieldNode => {
    const here = [...path, node.alias?.value ?? node.name.value];
    const permission = refusedOf(requirements.ofField(parent, node.name.value));
    if (permission) {
      const key = marks.of({ path: here, field: `${parent}.${node.name.value}`, permission });
      return { ...typename(key), directives: node.directives ?? [] };
    }
    if (!node.selectionSet) return node;
    return { ...node, selectionSet: keep(node.selectionSet, typeOf(schema, parent, node), here) };
  };

  const root = rootOf(schema, operation);
  const pruned = withUsedVariables({ ...operation, selectionSet: keep(operation.selectionSet, root, []) });
  const { withheld, key: marker } = marks;
  return { document: { kind: Kind.DOCUMENT, definitions: [pruned] }, operation: pruned, withheld, marker };
}

/** The response keys that stand for nulls; a field that is asked for twice in one place has one. */
class Marks {
  readonly key: string;
  readonly withheld: Withheld[] = [];
  readonly #keys = new Map<string, string>();

  constructor(document: DocumentNode) {
    let key = '_withheld';
    const names = new Set<string>();
    visit(document, { Field: ({ alias, name }) => void names.add(alias?.value ?? name.value) });
    while ([...names].some((name) => name.startsWith(key))) key = `_${key}`;
    this.key = key;
  }

  of(withheld: Withheld): string {
    const place = [withheld.field, ...withheld.path].join(' ');
    const known = this.#keys.get(place);
    if (known) return known;
    const key = `${this.key}${this.withheld.push(withheld) - 1}`;
    this.#keys.set(place, key);
    return key;
  }
}

function typename(key: string): FieldNode {
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: key },
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
