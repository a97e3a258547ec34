import type { DocumentNode, GraphQLSchema } from 'graphql';
import { Refusal } from '../errors.js';
import type { Measure, Shape, Size } from './measure.js';
import { shapesOf } from './measuring.js';

export interface Limits {
  depth: number;
  /** Fields after fragments are spread out; so are aliases and directives counted. */
  fields: number;
  aliases: number;
  /** Fields of Query or Mutation. */
  rootFields: number;
  directives: number;
  /** Objects that the answer could hold, from `first` and the lists around it. */
  objects: number;
}

/**
 * What no budget allows: how an operation is built, and how large its answer could become.
 *
 * @throws Refusal QUERY_TOO_DEEP, QUERY_TOO_WIDE
 */
export function checkLimits(measure: Measure, variables: Record<string, unknown>, limits: Limits): Size {
  checkShape(measure.shape, limits);
  const size = measure.estimate(variables);
  mustBeNarrow('could return', size.objects, 'objects', limits.objects);
  return size;
}

/**
 * The same before a document is validated, of all that it defines: rules compare what fragments spread out, so that
 * to validate what is too wide takes longest.
 *
 * @throws Refusal QUERY_TOO_DEEP, QUERY_TOO_WIDE
 */
export function checkShapes(schema: GraphQLSchema, document: DocumentNode, limits: Limits): void {
  for (const shape of shapesOf(schema, document)) checkShape(shape, limits);
}

function checkShape({ depth, width, fields, aliases, directives }: Shape, limits: Limits): void {
  if (depth > limits.depth)
    throw new Refusal('QUERY_TOO_DEEP', {
      message: `The query is ${depth} levels deep; ${limits.depth} are allowed.`,
    });
  mustBeNarrow('selects', fields, 'fields', limits.fields);
  mustBeNarrow('asks for', width, 'root fields', limits.rootFields);
  mustBeNarrow('gives', aliases, 'aliases', limits.aliases);
  mustBeNarrow('has', directives, 'directives', limits.directives);
}

function mustBeNarrow(verb: string, count: number, what: string, allowed: number): void {
  if (count <= allowed) return;
  throw new Refusal('QUERY_TOO_WIDE', {
    message: `The query ${verb} ${count} ${what}; ${allowed} are allowed.`,
  });
}
