import { LRUCache } from 'lru-cache';
import type { Incoming } from './policed.js';
import { Execution } from './execution/execution.js';
import type { Planner } from './planner.js';

/** Bytes of documents and plans that are kept; what they are compiled to takes a small multiple of it. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Operations as they were planned, by the hash of their document and their name. */
export class Executions {
  readonly #planner: Planner;
  readonly #known = new LRUCache<string, Execution>({ maxSize: MOST_BYTES });

  constructor(planner: Planner) {
    this.#planner = planner;
  }

  /** @throws GraphQLError for what the planner does not plan */
  of({ document, operation, queryHash, request: { operationName = '' }, source }: Incoming): Execution {
    const key = `${queryHash} ${operationName}`;
    const known = this.#known.get(key);
    if (known) return known;
    const { schema, supergraphSchema } = this.#planner.internals;
    const plan = this.#planner.plan(document!, operationName);
    const execution = new Execution({
      schema,
      supergraphSchema,
      document: document!,
      operation: operation!,
      plan,
    });
    const bytes = source!.length + JSON.stringify(plan).length;
    if (bytes <= MOST_BYTES) this.#known.set(key, execution, { size: bytes });
    return execution;
  }
}
