import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Caller } from '../policy/grant.js';

/** What is kept of documents and plans, and how often it served. */
export interface Kept {
  entries: number;
  bytes: number;
  hits: number;
  misses: number;
}

/** What waits for the ledger. */
export interface Lag {
  entries: number;
  /** How long the oldest of them has waited. */
  seconds: number;
}

/** Seconds: from an answer out of memory to a package of a large day. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

/**
 * What the gateway counts. Labels are closed lists of the code (kinds of operations, doors, tiers, stages, codes and
 * rules of refusals, rooms): no tenant, no subject, nothing that a caller has named, so that they stay few.
 */
export class HubMetrics {
  readonly registry = new Registry();
  readonly #requests = this.#counter('requests_total', 'Requests answered', [
    'operation',
    'tier',
    'stage',
    'status',
  ]);
  readonly #seconds = this.#histogram(
    'request_seconds',
    'From a request’s headers to the end of its answer',
    ['operation', 'tier'],
  );
  readonly #refusals = this.#counter('refusals_total', 'Requests and permissions refused', ['code', 'rule']);
  readonly #roomSeconds = this.#histogram('room_seconds', 'What a room took to answer', ['room', 'kind']);
  readonly #roomErrors = this.#counter('room_errors_total', 'Calls of a room that failed as a whole', [
    'room',
    'code',
  ]);
  readonly #releases = this.#counter('releases_total', 'What left and what was taken in, by kind', [
    'kind',
    'tier',
    'stage',
  ]);
  readonly #items = this.#counter('release_items_total', 'Day blocks, lines or parts of what was released', [
    'kind',
    'stage',
  ]);

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'hub_' });
  }

  /** @param operation kind of operation or name of a door; undefined when it did not come so far */
  answered(operation = 'NONE', caller: Caller | undefined, status: number, seconds: number): void {
    const tier = caller?.tier ?? 'NONE';
    this.#requests.inc({ operation, tier, stage: caller?.stage ?? 'NONE', status });
    this.#seconds.observe({ operation, tier }, seconds);
  }

  refused(code: string, rule: string | null | undefined): void {
    this.#refusals.inc({ code, rule: rule ?? '' });
  }

  released({ tier, stage }: Caller, { kind, items }: { kind: string; items: number | null }): void {
    this.#releases.inc({ kind, tier, stage });
    if (items !== null) this.#items.inc({ kind, stage }, items);
  }

  /** @param code of the refusal or fault that came instead of an answer */
  roomAnswered(room: string, kind: 'OPERATION' | 'DOOR', seconds: number, code?: string): void {
    this.#roomSeconds.observe({ room, kind }, seconds);
    if (code) this.#roomErrors.inc({ room, code });
  }

  /** A value that is looked up when somebody asks. */
  gauge(name: string, help: string, value: () => number): void {
    const gauge: Gauge = new Gauge({
      name: `hub_${name}`,
      help,
      registers: [this.registry],
      collect: () => gauge.set(value()),
    });
  }

  /** A cache by its name: `documents`, `plans`. */
  cache(name: string, kept: () => Kept): void {
    this.gauge(`${name}_kept`, `Entries of the cache of ${name}`, () => kept().entries);
    this.gauge(`${name}_kept_bytes`, `Bytes of the cache of ${name}`, () => kept().bytes);
    this.gauge(`${name}_hits`, `How often the cache of ${name} had it, since the start`, () => kept().hits);
    this.gauge(`${name}_misses`, `How often it had not, since the start`, () => kept().misses);
  }

  /** The ledgers by stage. */
  ledgers(lags: Record<string, () => Lag>): void {
    const byStage = (name: string, help: string, value: (lag: Lag) => number): void => {
      const gauge: Gauge = new Gauge({
        name: `hub_ledger_${name}`,
        help,
        labelNames: ['stage'],
        registers: [this.registry],
        collect: () => {
          for (const [stage, lag] of Object.entries(lags)) gauge.set({ stage }, value(lag()));
        },
      });
    };
    byStage('waiting', 'Entries that wait to be committed', ({ entries }) => entries);
    byStage('lag_seconds', 'How long the oldest of them has waited', ({ seconds }) => seconds);
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name: `hub_${name}`, help, labelNames, registers: [this.registry] });
  }

  #histogram(name: string, help: string, labelNames: string[]): Histogram {
    return new Histogram({
      name: `hub_${name}`,
      help,
      labelNames,
      buckets: BUCKETS,
      registers: [this.registry],
    });
  }
}
