import { LRUCache } from 'lru-cache';
import type { Permission } from '../policy/categories.js';
import { Execution } from './execution/execution.js';
import type { Planner } from './planner.js';
import type { Prepared } from './prepared.js';
import { prune, type Pruned } from './prune.js';
import type { Supergraph } from './supergraph.js';
import type { Kept } from '../telemetry/metrics.js';

/** Bytes of documents and plans that are kept; what they are compiled to takes a small multiple of it. */
const MOST_BYTES = 16 * 1024 * 1024;

/** An operation without what was refused, as planned. */
export interface Permitted {
  execution: Execution;
  /** What was taken out of it. */
  pruned: Pruned | undefined;
}

/**
 * Operations as they were planned: one for each choice of permissions that were refused. Callers of whom the same was
 * refused share it, whoever they are; nothing of them is in it.
 */
export class Executions {
  readonly #planner: Planner;
  readonly #supergraph: Supergraph;
  readonly #known = new LRUCache<string, Permitted>({ maxSize: MOST_BYTES });
  #hits = 0;
  #misses = 0;

  constructor(planner: Planner, supergraph: Supergraph) {
    this.#planner = planner;
    this.#supergraph = supergraph;
  }

  get kept(): Kept {
    const { size: entries, calculatedSize: bytes } = this.#known;
    return { entries, bytes, hits: this.#hits, misses: this.#misses };
  }

  /** @throws GraphQLError for what the planner does not plan */
  of(prepared: Prepared, refused: ReadonlySet<Permission>): Permitted {
    const { sha256, name } = prepared.recorded;
    const key = [sha256, name ?? '', ...[...refused].sort()].join(' ');
    const known = this.#known.get(key);
    if (known) {
      this.#hits += 1;
      return known;
    }
    this.#misses += 1;
    const { requirements, schema: decided } = this.#supergraph;
    const pruned = refused.size > 0 ? prune(decided, requirements, prepared, refused) : undefined;
    const { document, operation } = pruned ?? prepared;
    const { schema, supergraphSchema } = this.#planner.internals;
    const plan = this.#planner.plan(document, name ?? '');
    const execution = new Execution({ schema, supergraphSchema, document, operation, plan });
    const permitted = { execution, pruned };
    const size = prepared.source.length + JSON.stringify(plan).length;
    if (size <= MOST_BYTES) this.#known.set(key, permitted, { size });
    return permitted;
  }
}
