import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLNamedType,
  Kind,
  valueFromASTUntyped,
} from 'graphql';

/** What `@listSize` says of a field. */
export interface ListSize {
  /** Arguments that say how many. */
  slicing: readonly string[];
  /** The lists of the field's object that they bound; none where the field is the list. */
  sized: readonly string[];
  assumed: number;
}

/** Lists that the schema says nothing of are short by their nature. */
export const SHORT_LIST = 20;

/** `@cost(weight:)` of a field or a type; 0 where there is none. */
export function weightOf(definition: GraphQLField<unknown, unknown> | GraphQLNamedType): number {
  const weight = argumentsOf(definition, 'cost')?.['weight'];
  return typeof weight === 'number' ? weight : 0;
}

/** `@listSize` of a field. */
export function listSizeOf(field: GraphQLField<unknown, unknown>): ListSize | undefined {
  const said = argumentsOf(field, 'listSize');
  if (!said) return undefined;
  const { slicingArguments: slicing = [], sizedFields: sized = [], assumedSize } = said as SaidSize;
  const unsaid = slicing.map((name) => defaultOf(field, name)).find((value) => value !== undefined);
  return { slicing, sized, assumed: assumedSize ?? unsaid ?? SHORT_LIST };
}

interface SaidSize {
  slicingArguments?: string[];
  sizedFields?: string[];
  assumedSize?: number;
}

function defaultOf(field: GraphQLField<unknown, unknown>, name: string): number | undefined {
  const value = field.args.find((argument) => argument.name === name)?.astNode?.defaultValue;
  return value?.kind === Kind.INT ? Number(value.value) : undefined;
}

function argumentsOf(
  { astNode }: GraphQLField<unknown, unknown> | GraphQLNamedType,
  directive: string,
): Record<string, unknown> | undefined {
  const node = astNode?.directives?.find(({ name }) => name.value === directive);
  return node && valuesOf(node);
}

function valuesOf({ arguments: args = [] }: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries(args.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
}
