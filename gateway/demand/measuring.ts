import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Selected, Shape, Size, Times } from './measure.js';
import { type ListSize, listSizeOf, SHORT_LIST, weightOf } from './weights.js';

/**
 * What a document defines, operations and fragments each as it is spread out.
 *
 * @param document that need not be valid: what is in a circle counts once
 */
export function shapesOf(schema: GraphQLSchema, document: DocumentNode): Shape[] {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const [first] = operations;
  return first ? new Measuring(schema, document, first).shapes(operations) : [];
}

/** Reads an operation once, with what the schema says of its fields. */
export class Measuring {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #defaults: ReadonlyMap<string, number>;
  readonly #fragments: Map<string, FragmentDefinitionNode>;
  /** Each fragment is measured once, so those that double at every level cost nothing. */
  readonly #measured = new Map<string, Selected>();

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.#schema = schema;
    this.#operation = operation;
    this.#defaults = defaultsOf(operation);
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  /** Of some operations and of every fragment, whose fields are of no outermost level. */
  shapes(operations: readonly OperationDefinitionNode[]): Shape[] {
    return [
      ...operations.map((operation) => this.operation(operation).shape),
      ...[...this.#fragments.keys()].map((name) => ({ ...this.#fragment(name, undefined).shape, width: 0 })),
    ];
  }

  operation({ operation, selectionSet, directives = [] } = this.#operation): Selected {
    const root = operation === 'mutation' ? this.#schema.getMutationType() : this.#schema.getQueryType();
    const selected = this.selected(selectionSet, root?.name ?? 'Query', undefined);
    selected.shape.directives += directives.length;
    return selected;
  }

  /** @param page of the field around it, whose lists these may be */
  selected(set: SelectionSetNode, parent: string, page: Page | undefined): Selected {
    const selected = nothing();
    const { shape } = selected;
    for (const selection of set.selections) {
      shape.directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        this.#field(selection, parent, page, selected);
        continue;
      }
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? this.selected(selection.selectionSet, selection.typeCondition?.name.value ?? parent, page)
          : this.#fragment(selection.name.value, page);
      selected.spread.push(inner);
      add(shape, inner.shape);
      shape.width += inner.shape.width;
      shape.depth = Math.max(shape.depth, inner.shape.depth);
      selected.isFlat &&= inner.isFlat;
    }
    return selected;
  }

  #fragment(name: string, page: Page | undefined): Selected {
    const known = this.#measured.get(`${name} ${page?.id ?? ''}`);
    if (known) return known;
    const fragment = this.#fragments.get(name);
    // Before it is measured: what is not validated yet may lead back to it.
    this.#measured.set(`${name} ${page?.id ?? ''}`, nothing());
    const selected = fragment
      ? this.selected(fragment.selectionSet, fragment.typeCondition.name.value, page)
      : nothing();
    this.#measured.set(`${name} ${page?.id ?? ''}`, selected);
    return selected;
  }

  #field(node: FieldNode, parent: string, around: Page | undefined, into: Selected): void {
    const field = this.#definition(parent, node.name.value);
    const type = field && getNamedType(field.type);
    const listSize = field && listSizeOf(field);
    const page = listSize?.sized.length ? this.#page(node, listSize) : undefined;
    const within = node.selectionSet
      ? this.selected(node.selectionSet, type?.name ?? parent, page)
      : undefined;
    const weight = field ? weightOf(field) : 0;
    const each = eachOf(type, within !== undefined);
    into.parts.push({
      key: (node.alias ?? node.name).value,
      weight,
      each,
      times: around?.sized.includes(node.name.value) ? around.times : timesOf(field, listSize, within),
      within,
    });
    into.isFlat &&= weight === 0 && each.cost === 0;
    into.shape.width += 1;
    into.shape.fields += 1;
    into.shape.aliases += node.alias ? 1 : 0;
    if (within) add(into.shape, within.shape);
    into.shape.depth = Math.max(into.shape.depth, 1 + (within?.shape.depth ?? 0));
  }

  #definition(parent: string, name: string): GraphQLField<unknown, unknown> | undefined {
    const type = this.#schema.getType(parent);
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  }

  #page(node: FieldNode, { slicing, sized, assumed }: ListSize): Page {
    const given = node.arguments?.find(({ name }) => slicing.includes(name.value))?.value;
    const times = ((): Times => {
      if (given?.kind === Kind.INT) return Math.max(1, Number(given.value));
      if (given?.kind !== Kind.VARIABLE) return assumed;
      const variable = given.name.value;
      return { variable, otherwise: this.#defaults.get(variable) ?? assumed };
    })();
    return { id: typeof times === 'number' ? String(times) : `$${times.variable}`, sized, times };
  }
}

/** How many entries the lists of a field's object have. */
interface Page {
  id: string;
  sized: readonly string[];
  times: Times;
}

function timesOf(
  field: GraphQLField<unknown, unknown> | undefined,
  listSize: ListSize | undefined,
  within: Selected | undefined,
): Times {
  const isList = field !== undefined && within !== undefined && isListType(getNullableType(field.type));
  return isList ? (listSize?.assumed ?? SHORT_LIST) : 1;
}

function eachOf(type: GraphQLNamedType | undefined, isObject: boolean): Size {
  const weight = type ? weightOf(type) : 0;
  return isObject ? { objects: 1, cost: 1 + weight } : { objects: weight, cost: weight };
}

function add(into: Shape, { fields, aliases, directives }: Shape): void {
  into.fields += fields;
  into.aliases += aliases;
  into.directives += directives;
}

function nothing(): Selected {
  const shape = { depth: 0, width: 0, fields: 0, aliases: 0, directives: 0 };
  return { shape, parts: [], spread: [], isFlat: true };
}

/** A page's size may hide in the default of a variable that is not given. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Map<string, number> {
  const pairs = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)] as const] : [],
  );
  return new Map(pairs);
}
