import { type ConstDirectiveNode, type FieldDefinitionNode, Kind, parse, print, visit } from 'graphql';

/** Says of each list that is asked for by pages how long it is: as long as its `first` (`@listSize`). */
export function withListSizes(sdl: string): string {
  const document = visit(parse(sdl), {
    FieldDefinition: (field) =>
      isPaged(field) ? { ...field, directives: [...(field.directives ?? []), LIST_SIZE] } : undefined,
  });
  return `${print(document)}\n`;
}

function isPaged({ arguments: args = [] }: FieldDefinitionNode): boolean {
  return args.some(({ name }) => name.value === 'first');
}

const LIST_SIZE = directiveOf(
  '@listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)',
);

function directiveOf(text: string): ConstDirectiveNode {
  const [definition] = parse(`scalar Any ${text}`).definitions;
  const [directive] = definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : [];
  if (!directive) throw new Error(`no directive: ${text}`);
  return directive;
}
