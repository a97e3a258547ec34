import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
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
import { Refusal } from '../errors.js';

export interface Limits {
  depth: number;
  /** Fields after fragments are spread out. */
  fields: number;
  /** Objects that the answer could hold, from `first` and the lists around it. */
  objects: number;
}

interface Size {
  depth: number;
  fields: number;
  objects: number;
}

const DEFAULT_FIRST = 20;
/** A series is one scalar with 1 to 1,440 values: it takes the memory of many objects. */
const OBJECTS_A_SERIES = 20;

/**
 * How large an operation could become. Each fragment is measured once, so fragments that double at every level cost
 * nothing here; the document has been validated before, so there are no cycles.
 *
 * @throws Refusal QUERY_TOO_DEEP, QUERY_TOO_WIDE
 */
export function checkLimits(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
  limits: Limits,
): Size {
  const root = operation.operation === 'mutation' ? schema.getMutationType() : schema.getQueryType();
  const size = new Measure(schema, document, { ...defaultsOf(operation), ...variables }).selections(
    operation.selectionSet,
    root?.name ?? 'Query',
  );
  if (size.depth > limits.depth) {
    throw new Refusal('QUERY_TOO_DEEP', {
      message: `The query is ${size.depth} levels deep; ${limits.depth} are allowed.`,
    });
  }
  if (size.fields > limits.fields) {
    throw new Refusal('QUERY_TOO_WIDE', {
      message: `The query selects ${size.fields} fields; ${limits.fields} are allowed.`,
    });
  }
  if (size.objects > limits.objects) {
    throw new Refusal('QUERY_TOO_WIDE', {
      message: `The query could return ${size.objects} objects; ${limits.objects} are allowed.`,
    });
  }
  return size;
}

/** A page's size may hide in the default of a variable that is not given. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, number> {
  const pairs = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)] as const] : [],
  );
  return Object.fromEntries(pairs);
}

class Measure {
  readonly #schema: GraphQLSchema;
  readonly #variables: Record<string, unknown>;
  readonly #fragments: Map<string, FragmentDefinitionNode>;
  readonly #measured = new Map<string, Size>();

  constructor(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>) {
    this.#schema = schema;
    this.#variables = variables;
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  selections(set: SelectionSetNode, parent: string): Size {
    const total: Size = { depth: 0, fields: 0, objects: 0 };
    for (const selection of set.selections) {
      const size =
        selection.kind === Kind.FIELD
          ? this.#field(selection, parent)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? this.selections(selection.selectionSet, selection.typeCondition?.name.value ?? parent)
            : this.#fragment(selection.name.value);
      total.depth = Math.max(total.depth, size.depth);
      total.fields += size.fields;
      total.objects += size.objects;
    }
    return total;
  }

  #fragment(name: string): Size {
    const known = this.#measured.get(name);
    if (known) return known;
    const fragment = this.#fragments.get(name);
    const size = fragment
      ? this.selections(fragment.selectionSet, fragment.typeCondition.name.value)
      : { depth: 0, fields: 0, objects: 0 };
    this.#measured.set(name, size);
    return size;
  }

  #field(node: FieldNode, parent: string): Size {
    const type = this.#schema.getType(parent);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    const named = field ? getNamedType(field.type).name : parent;
    if (!node.selectionSet)
      return { depth: 1, fields: 1, objects: named === 'Series' ? OBJECTS_A_SERIES : 0 };
    const inner = this.selections(node.selectionSet, named);
    const isPaged = field?.args.some(({ name }) => name === 'first') ?? false;
    const isList = field ? isListType(getNullableType(field.type)) : false;
    // Inside a connection the lists are bounded by its `first`; other lists are short by their nature.
    const times = isPaged ? this.#first(node) : isList && !isPage(parent) ? DEFAULT_FIRST : 1;
    return { depth: inner.depth + 1, fields: inner.fields + 1, objects: times * (1 + inner.objects) };
  }

  #first(node: FieldNode): number {
    const value = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    if (value?.kind === Kind.INT) return Math.max(1, Number(value.value));
    const variable = value?.kind === Kind.VARIABLE ? this.#variables[value.name.value] : undefined;
    return typeof variable === 'number' ? Math.max(1, variable) : DEFAULT_FIRST;
  }
}

function isPage(parent: string): boolean {
  return parent.endsWith('Connection');
}
