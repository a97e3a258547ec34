import type { Pool, QueryConfig } from 'pg';
import { canonicalJson } from './canonical.js';
import type { Facts, RecordedFacts } from './entry.js';
import { ORIGIN } from './hash.js';

/** How far the ledger had come: the number of its last entry (0 when empty) and the chain hash there, in hexadecimal. */
export interface Checkpoint {
  sequence: number;
  hash: string;
}

/** Where an entry stands. Both hashes are lower-case hexadecimal; `hash` is the chain after this entry. */
export interface Appended extends Checkpoint {
  leaf: string;
}

export interface LedgerLimits {
  /** Entries that may wait while a batch is on its way; the next one is rejected. */
  queue: number;
  /** Entries of one batch, which is one statement. */
  batch: number;
  /** Milliseconds that a batch may take, waiting for other gateways included. */
  timeout: number;
}

/** An entry could not be recorded, so what it is about must not leave. A fault, not a refusal: `cause` is for the log. */
export class LedgerFault extends Error {
  readonly code = 'INTERNAL';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerFault';
  }
}

interface Waiting {
  facts: string;
  resolve: (appended: Appended) => void;
  reject: (fault: LedgerFault) => void;
}

const LIMITS: LedgerLimits = { queue: 50_000, batch: 1_000, timeout: 10_000 };

/** An entry of a few hundred bytes is usual; this is far above, so that only a mistake meets it. */
const FACTS_LIMIT = 16_384;

const INSERT = `insert into ledger.entry (facts)
  select facts from unnest($1::text[]) with ordinality as batch (facts, place) order by place
  returning sequence, encode(leaf, 'hex') as leaf, encode(chain, 'hex') as hash`;

const HEAD = `select sequence, encode(chain, 'hex') as hash from ledger.entry order by sequence desc limit 1`;

/**
 * The gateway's writer to the ledger. Entries that arrive while a batch is on its way form the next batch: one
 * statement, one commit, one round trip for all of them. Works on a pool whose role is in hub_gateway; the pool
 * stays the caller's to end.
 */
export class Ledger {
  readonly #pool: Pool;
  readonly #limits: LedgerLimits;
  #queue: Waiting[] = [];
  #draining: Promise<void> | null = null;
  #isClosed = false;
  #head: Checkpoint = { sequence: 0, hash: ORIGIN.toString('hex') };

  constructor(pool: Pool, limits: Partial<LedgerLimits> = {}) {
    this.#pool = pool;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Reads where the ledger stands, so that `checkpoint` is right before this process appends anything. */
  async open(): Promise<this> {
    const { rows } = await this.#pool.query<{ sequence: string; hash: string }>(HEAD);
    if (rows[0]) this.#advance({ sequence: Number(rows[0].sequence), hash: rows[0].hash });
    return this;
  }

  /**
   * Resolves when the entry is committed to disk, in the order of the calls. Rejects with a LedgerFault when it
   * could not be recorded, or when that is not known (the connection broke); then nothing may leave. Rejects with
   * a TypeError, without harm to other entries, when the facts have no canonical form.
   */
  append(facts: Facts): Promise<Appended> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new LedgerFault('The ledger is closed.');
      if (this.#queue.length >= this.#limits.queue) throw new LedgerFault('The queue of the ledger is full.');
      this.#queue.push({ facts: stored(facts), resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** The last entry that this process knows to be committed; other gateways may have gone further. */
  checkpoint(): Checkpoint {
    return this.#head;
  }

  /** Takes no more entries and resolves when those that wait have been recorded or rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // The calls of this tick share the first batch.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, this.#limits.batch);
      try {
        this.#settle(batch, await this.#write(batch));
      } catch (cause) {
        for (const { reject } of batch) reject(new LedgerFault('The ledger could not record.', { cause }));
      }
    }
    this.#draining = null;
  }

  async #write(batch: Waiting[]): Promise<Appended[]> {
    // pg ends the connection of a query that timed out, so a late commit cannot answer a later batch.
    const insert: QueryConfig & { query_timeout: number } = {
      text: INSERT,
      values: [batch.map(({ facts }) => facts)],
      query_timeout: this.#limits.timeout,
    };
    const { rows } = await this.#pool.query<{ sequence: string; leaf: string; hash: string }>(insert);
    return rows.map(({ sequence, leaf, hash }) => ({ sequence: Number(sequence), leaf, hash }));
  }

  #settle(batch: Waiting[], appended: Appended[]): void {
    if (appended.length !== batch.length) throw new Error(`${appended.length} of ${batch.length} recorded`);
    const { sequence, hash } = appended.at(-1)!;
    this.#advance({ sequence, hash });
    batch.forEach(({ resolve }, place) => resolve(appended[place]!));
  }

  #advance(head: Checkpoint): void {
    if (head.sequence > this.#head.sequence) this.#head = Object.freeze(head);
  }
}

function stored(facts: Facts): string {
  const recorded: RecordedFacts = { ...facts, at: new Date().toISOString() };
  const text = canonicalJson(recorded);
  if (text.length > FACTS_LIMIT) throw new TypeError(`the facts take ${text.length} characters`);
  return text;
}
