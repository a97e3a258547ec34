import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { Measuring } from './measuring.js';

/** What an operation is, whatever its variables; fragments count each time that they are spread. */
export interface Shape {
  depth: number;
  /** Fields of the outermost level. */
  width: number;
  fields: number;
  aliases: number;
  directives: number;
}

/** What an operation could come to, or has come to. */
export interface Size {
  /** Objects of the answer; a series counts as many as take its memory. */
  objects: number;
  /** The same, and what the schema says its dear fields take. */
  cost: number;
}

/** How many times a field stands in each object around it: a number, or a variable and what it is when not given. */
export type Times = number | { variable: string; otherwise: number };

interface Part {
  key: string;
  /** Of the field itself, however many objects it gives. */
  weight: number;
  /** Of each object, or of a scalar of some size. */
  each: Size;
  times: Times;
  within: Selected | undefined;
}

export interface Selected {
  shape: Shape;
  parts: Part[];
  /** Fragments: each is measured once and shared by all its places. */
  spread: Selected[];
  /** Nothing in it counts: its objects are counted without a look at each. */
  isFlat: boolean;
}

/** An operation measured once; what hangs on variables and on answers is worked out from it in microseconds. */
export class Measure {
  readonly shape: Shape;
  readonly #selected: Selected;

  /** @param document validated, so without circles */
  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.#selected = new Measuring(schema, document, operation).operation();
    this.shape = this.#selected.shape;
  }

  /** The most that can come. Only for what is within the limits of its {@link shape}. */
  estimate(variables: Record<string, unknown>): Size {
    return estimated(this.#selected, variables);
  }

  /** What did come. */
  actual(data: unknown): Size {
    const size: Size = { objects: 0, cost: 0 };
    if (isRecord(data)) count(this.#selected, data, size);
    return size;
  }

  /** What came at most, of an answer that is passed on unread: no more than fits into its bytes. */
  unread(bytes: number, { objects, cost }: Size): Size {
    const most = bytes / FEWEST_BYTES;
    return { objects: Math.min(objects, most), cost: Math.min(cost, dear(this.#selected) + most) };
  }
}

/** Of an object in JSON, with a comma behind it: `{"id":"m1"},` and hardly less. */
const FEWEST_BYTES = 12;

function estimated({ parts, spread }: Selected, variables: Record<string, unknown>): Size {
  const total: Size = { objects: 0, cost: 0 };
  for (const { weight, each, times, within } of parts) {
    const inner = within ? estimated(within, variables) : NOTHING;
    const many = timesWith(times, variables);
    total.objects += many * (each.objects + inner.objects);
    total.cost += weight + many * (each.cost + inner.cost);
  }
  for (const one of spread) {
    const { objects, cost } = estimated(one, variables);
    total.objects += objects;
    total.cost += cost;
  }
  return total;
}

/** What the outermost fields take however little they give. */
function dear({ parts, spread }: Selected): number {
  return [...parts.map(({ weight }) => weight), ...spread.map(dear)].reduce((sum, one) => sum + one, 0);
}

function timesWith(times: Times, variables: Record<string, unknown>): number {
  if (typeof times === 'number') return times;
  const given = variables[times.variable];
  return typeof given === 'number' ? Math.max(1, given) : times.otherwise;
}

function count({ parts, spread }: Selected, data: Record<string, unknown>, total: Size): void {
  for (const part of parts) {
    const value = data[part.key];
    if (value === undefined) continue;
    total.cost += part.weight;
    countValue(part, value, total);
  }
  for (const one of spread) count(one, data, total);
}

function countValue(part: Part, value: unknown, total: Size): void {
  if (value === null) return;
  if (part.within === undefined) {
    total.objects += part.each.objects;
    total.cost += part.each.cost;
  } else if (Array.isArray(value)) {
    if (part.within.isFlat && !Array.isArray(value[0])) {
      total.objects += value.length * part.each.objects;
      total.cost += value.length * part.each.cost;
    } else for (const entry of value) countValue(part, entry, total);
  } else if (isRecord(value)) {
    total.objects += part.each.objects;
    total.cost += part.each.cost;
    count(part.within, value, total);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const NOTHING: Size = { objects: 0, cost: 0 };
