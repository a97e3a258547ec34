import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  visit,
} from 'graphql';
import type { QueryPlan } from '@apollo/query-planner';
import { fragmentDefinitionsOf } from '../selections.js';
import type { Selecting } from './collect.js';
import { compiled, type Holds } from './compile.js';
import { type Whole, wholly } from './fetch.js';
import { isOwnShape } from './own-shape.js';
import { type Project, projecting, type Variables } from './project.js';
import { isObject, type Run, type Step } from './run.js';

/** What is executed again and again: an operation and its plan. */
export interface Planned {
  /** What clients may ask for. */
  schema: GraphQLSchema;
  /** With the federation's directives and types. */
  supergraphSchema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  plan: QueryPlan;
}

export interface Executed {
  data?: Record<string, unknown> | null;
  /** The JSON `{"data":…}` in its stead, as the room wrote it that gave all of it. */
  bytes?: Buffer;
  errors?: GraphQLError[];
  /** What rooms gave that their schema does not allow, where they named no error themselves. */
  extensions?: { valueCompletion: GraphQLError[] };
}

interface Compiled {
  /** Where one room answers all of it as the client asked. */
  whole: ((run: Run) => Promise<Whole>) | null;
  step: Step;
  project: Project;
}

/** Each choice of conditions is compiled once; beyond this many, what was compiled first is compiled again. */
const MOST_CHOICES = 16;

/** An operation, compiled when it first runs. */
export class Execution {
  readonly #planned: Planned;
  readonly #conditions: string[];
  readonly #compiled = new Map<string, Compiled>();

  constructor(planned: Planned) {
    this.#planned = planned;
    this.#conditions = conditionsIn(planned.document);
  }

  /**
   * @param variables of which nothing is wrong, as the client sent them
   * @param passesOn whether what one room gives for all of it is taken as it is, as of rooms that keep to their schema
   */
  async run(variables: Variables, ask: Run['ask'], passesOn = false): Promise<Executed> {
    const { whole, step, project } = this.#choice(variables);
    const run: Run = { variables, data: Object.create(null), errors: [], ask };
    if (whole && passesOn) {
      const given = await whole(run);
      const errors = run.errors.length > 0 && { errors: run.errors };
      if (given.bytes || isObject(given.data)) return { ...given, ...errors };
    } else {
      await step(run, { path: [], objects: [run.data] });
    }
    const { data, wrong } = project(run.data, variables);
    if (run.errors.length > 0) return { data, errors: run.errors };
    if (wrong.length === 0) return { data };
    const valueCompletion = wrong.map(({ message, path }) => new GraphQLError(message, { path }));
    return { data, extensions: { valueCompletion } };
  }

  /** How many choices of conditions may be compiled at once. */
  get mostChoices(): number {
    return Math.min(MOST_CHOICES, 2 ** this.#conditions.length);
  }

  #choice(variables: Variables): Compiled {
    const held = this.#conditions.filter((name) => this.#holds(variables, name));
    const key = held.join(' ');
    const known = this.#compiled.get(key);
    if (known) return known;
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size >= MOST_CHOICES && oldest !== undefined) this.#compiled.delete(oldest);
    const made = this.#compile((name) => held.includes(name));
    this.#compiled.set(key, made);
    return made;
  }

  #holds(variables: Variables, name: string): boolean {
    const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (given !== undefined) return given === true;
    const { variableDefinitions = [] } = this.#planned.operation;
    const value = variableDefinitions.find(({ variable }) => variable.name.value === name)?.defaultValue;
    return value?.kind === Kind.BOOLEAN && value.value;
  }

  #compile(holds: Holds): Compiled {
    const { schema, supergraphSchema, document, operation, plan } = this.#planned;
    const definitions = fragmentDefinitionsOf(document);
    const fragments = new Map(definitions.map((fragment) => [fragment.name.value, fragment]));
    const introspect = (selections: readonly FieldNode[], variableValues: Variables): unknown => {
      const asked = { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } } as const;
      const { data } = executeSync({
        schema,
        document: { kind: Kind.DOCUMENT, definitions: [asked, ...definitions] },
        variableValues,
      });
      return Object.values(data ?? {})[0] ?? null;
    };
    const root = schema.getRootType(operation.operation)!;
    const selecting = { schema, fragments, holds };
    const step = compiled(supergraphSchema, plan, holds);
    return {
      whole: this.#whole(root, selecting),
      step,
      project: projecting(selecting, root, operation.selectionSet, introspect),
    };
  }

  #whole(root: GraphQLObjectType, selecting: Selecting): Compiled['whole'] {
    const { supergraphSchema: schema, operation, plan } = this.#planned;
    const { node } = plan;
    if (node?.kind !== 'Fetch' || node.requires || node.outputRewrites?.length) return null;
    const [asked] = parse(node.operation, { noLocation: true }).definitions;
    // What the planner writes in fragments of its own is put together in the usual way.
    if (asked?.kind !== Kind.OPERATION_DEFINITION || node.operation.includes('...')) return null;
    const client = { selecting, sets: [operation.selectionSet] };
    const room = { selecting: { ...selecting, schema, fragments: new Map() }, sets: [asked.selectionSet] };
    return isOwnShape(root, client, room) ? wholly(node) : null;
  }
}

/** Variables that say whether something is asked for. */
function conditionsIn(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: given = [] }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
