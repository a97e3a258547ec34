import type { QueryPlan } from '@apollo/query-planner';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { RoomResponse } from '../../../subgraphs/runtime/neighbours.js';
import { alike, type Alike, telling } from './alike.js';
import { merge } from './merge.js';
import { type Path, pathsOf } from './places.js';
import { representing, rewriting } from './representations.js';
import { isObject, own, type Run, type Step } from './run.js';

export type FetchNode = Extract<NonNullable<QueryPlan['node']>, { kind: 'Fetch' }>;
type RoomError = NonNullable<RoomResponse['errors']>[number];

/** What a room gave for an operation that it answers alone, in the client's own shape. */
export type Whole = Pick<RoomResponse, 'bytes' | 'data'>;

/** The one request of a plan, whose answer is the client's as it is. */
export function wholly(node: FetchNode): (run: Run) => Promise<Whole> {
  return async (run) => {
    const {
      data,
      bytes,
      errors = [],
    } = await run.ask(node.serviceName, {
      ...requestOf(node, run),
      asBytes: true,
    });
    for (const error of errors) run.errors.push(told(node, error, error.path && [...error.path]));
    return bytes ? { bytes } : { data };
  };
}

/** One request to one room. */
export function fetching(schema: GraphQLSchema, node: FetchNode): Step {
  if (node.contextRewrites?.length) throw new Error('a plan sets arguments from a context: none of ours may');
  return node.requires ? ofEntities(schema, node, node.requires) : ofRoot(schema, node);
}

function ofRoot(schema: GraphQLSchema, node: FetchNode): Step {
  const rewrite = rewriting(schema, node.outputRewrites);
  return async (run, place) => {
    const { data, errors = [] } = await run.ask(node.serviceName, requestOf(node, run));
    for (const error of errors) run.errors.push(told(node, error, error.path && [...error.path]));
    if (!isObject(data)) return;
    rewrite(data);
    for (const object of place.objects) merge(object, data);
  };
}

function ofEntities(
  schema: GraphQLSchema,
  node: FetchNode,
  requires: NonNullable<FetchNode['requires']>,
): Step {
  const represent = representing(schema, requires);
  const tell = telling(schema, requires);
  const [before, after] = [rewriting(schema, node.inputRewrites), rewriting(schema, node.outputRewrites)];
  return async (run, place) => {
    const groups = alike(place.objects, tell, (object) => {
      const representation = represent(object);
      if (!representation?.['__typename']) return null;
      before(representation);
      return representation;
    });
    if (groups.length === 0) return;
    const request = requestOf(node, run, { representations: groups.map((one) => one.representation) });
    const { data, errors = [] } = await run.ask(node.serviceName, request);
    if (errors.length > 0) run.errors.push(...toldOf(node, errors, groups, pathsOf(run.data, place)));
    if (!isObject(data)) return;
    const entities = own(data, '_entities');
    if (!Array.isArray(entities) || entities.length !== groups.length) {
      const message = `${node.serviceName} was asked for ${groups.length} entities and answered with another number.`;
      run.errors.push(new GraphQLError(message, { extensions: { serviceName: node.serviceName } }));
      return;
    }
    for (const [index, { objects }] of groups.entries()) {
      const entity: unknown = entities[index];
      if (!isObject(entity)) continue;
      const [first] = objects;
      entity['__typename'] ??= first?.['__typename'];
      after(entity);
      for (const object of objects) merge(object, entity);
    }
  };
}

function requestOf(
  node: FetchNode,
  { variables }: Run,
  more: Record<string, unknown> = {},
): Parameters<Run['ask']>[1] {
  const used: Record<string, unknown> = {};
  for (const name of node.variableUsages ?? []) {
    const value = own(variables, name);
    if (value !== undefined) used[name] = value;
  }
  return { query: node.operation, variables: { ...used, ...more }, operationName: node.operationName };
}

/** Errors of entities in the client's own paths: one of an entity comes once for each place that it stands in. */
function toldOf(
  node: FetchNode,
  errors: readonly RoomError[],
  groups: readonly Alike[],
  paths: readonly Path[],
): GraphQLError[] {
  return errors.flatMap((error) => {
    const [, index, ...rest] = error.path ?? [];
    const group = typeof index === 'number' ? groups[index] : undefined;
    if (group) return group.at.map((at) => told(node, error, [...(paths[at] ?? []), ...rest]));
    // The room failed as a whole: said once, with the first place and how many there are.
    const places = groups.reduce((count, { at }) => count + at.length, 0);
    const [first] = groups[0]?.at ?? [];
    return [told(node, error, first === undefined ? undefined : paths[first], { places })];
  });
}

function told(
  { serviceName }: FetchNode,
  { message, extensions }: RoomError,
  path: Path | undefined,
  more: Record<string, unknown> = {},
): GraphQLError {
  const code = extensions?.['code'] ?? 'DOWNSTREAM_SERVICE_ERROR';
  return new GraphQLError(message, {
    ...(path && { path }),
    extensions: { ...extensions, ...more, code, serviceName },
  });
}
