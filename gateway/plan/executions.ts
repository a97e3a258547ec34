import { LRUCache } from 'lru-cache';
import type { Permission } from '../policy/categories.js';
import { Execution } from './execution/execution.js';
import type { Planner } from './planner.js';
import type { Prepared } from './prepared.js';
import { prune, type Pruned } from './prune.js';
import type { Supergraph } from './supergraph.js';
import type { Kept } from '../telemetry/metrics.js';

/** Of what is published, and of all else, each with all that is kept of it. */
const MOST_BYTES = 64 * 1024 * 1024;
/** What they take of memory, measured: parsed, pruned, planned and compiled. A field counts as often as it is spread. */
const BYTES = {
  aToken: 400,
  aPrunedField: 250,
  aPlan: 20_000,
  ofPlanJson: 6,
  aChoice: 2_000,
  aCompiledField: 1_000,
};

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
  /** Plans of published documents, which no others displace. */
  readonly #kept = new LRUCache<string, Permitted>({ maxSize: MOST_BYTES });
  readonly #published = new Set<string>();
  #hits = 0;
  #misses = 0;

  constructor(planner: Planner, supergraph: Supergraph) {
    this.#planner = planner;
    this.#supergraph = supergraph;
  }

  get kept(): Kept {
    const entries = this.#known.size + this.#kept.size;
    const bytes = this.#known.calculatedSize + this.#kept.calculatedSize;
    return { entries, bytes, hits: this.#hits, misses: this.#misses };
  }

  /** Plans ahead of the first request, as for who may have all of it; whatever is refused, its plans are kept from then on. */
  publish(prepared: Prepared): void {
    this.#published.add(prepared.recorded.sha256);
    this.of(prepared, new Set());
  }

  /**
   * @param took is told the milliseconds of what was not known
   * @throws GraphQLError for what the planner does not plan
   */
  of(
    prepared: Prepared,
    refused: ReadonlySet<Permission>,
    took: (ms: number) => void = () => undefined,
  ): Permitted {
    const { sha256, name } = prepared.recorded;
    const key = [sha256, name ?? '', ...[...refused].sort()].join(' ');
    const known = this.#kept.get(key) ?? this.#known.get(key);
    if (known) {
      this.#hits += 1;
      return known;
    }
    this.#misses += 1;
    const began = performance.now();
    try {
      return this.#planned(key, prepared, refused);
    } finally {
      took(performance.now() - began);
    }
  }

  #planned(key: string, prepared: Prepared, refused: ReadonlySet<Permission>): Permitted {
    const { requirements, schema: decided } = this.#supergraph;
    const pruned = refused.size > 0 ? prune(decided, requirements, prepared, refused) : undefined;
    const { document, operation } = pruned ?? prepared;
    const { schema, supergraphSchema } = this.#planner.internals;
    const plan = this.#planner.plan(document, prepared.recorded.name ?? '');
    const execution = new Execution({ schema, supergraphSchema, document, operation, plan });
    const permitted = { execution, pruned };
    const size = sizeOf(prepared, permitted, JSON.stringify(plan).length);
    const into = this.#published.has(prepared.recorded.sha256) ? this.#kept : this.#known;
    if (size <= MOST_BYTES) into.set(key, permitted, { size });
    return permitted;
  }
}

function sizeOf({ source, document, measure }: Prepared, permitted: Permitted, planJson: number): number {
  const { fields } = measure.shape;
  return (
    2 * source.length +
    (document.tokenCount ?? 0) * BYTES.aToken +
    (permitted.pruned ? fields * BYTES.aPrunedField : 0) +
    BYTES.aPlan +
    planJson * BYTES.ofPlanJson +
    permitted.execution.mostChoices * (BYTES.aChoice + fields * BYTES.aCompiledField)
  );
}
