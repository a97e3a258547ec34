import type { KeyObject } from 'node:crypto';
import type { Pool, QueryConfig } from 'pg';
import { canonicalJson } from './canonical.js';
import type { Commitment } from './commitments.js';
import type { ActFacts, Facts, RecordedFacts } from './entry.js';
import { frontierAt } from './nodes.js';
import { lastSequence } from './reader.js';
import { Pace } from './pace.js';
import { freshSalt } from './salt.js';
import { sealOf } from './seal.js';
import { Frontier } from './tree.js';
import type { Witness } from './witness.js';
import { inPlaces, insertOf, nextBatch, type Writing } from './writing.js';

/** How far the ledger had come: how many entries, and the root of the RFC 6962 tree over them, in hexadecimal. */
export interface Checkpoint {
  size: number;
  root: string;
}

/** Where an entry stands: its number, from 1, and its leaf in lower-case hexadecimal. */
export interface Appended {
  sequence: number;
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

/** What a ledger holds of the hub's home, which nobody has who has the database alone. */
export interface LedgerHome {
  sealKey: KeyObject;
  witness?: Witness;
}

/** An entry could not be recorded, so what it is about must not leave. A fault, not a refusal: `cause` is for the log. */
export class LedgerFault extends Error {
  readonly code = 'INTERNAL';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerFault';
  }
}

interface Waiting extends Writing {
  since: number;
  resolve: (appended: Appended | null) => void;
  reject: (fault: LedgerFault) => void;
}

interface Row {
  /** Place in the batch, from 1, where not every entry came through. */
  entry?: number;
  sequence: string;
  leaf: Buffer;
  chain: Buffer;
}

const LIMITS: LedgerLimits = { queue: 50_000, batch: 1_000, timeout: 10_000 };

/** An entry of a few hundred bytes is usual; this is far above, so that only a mistake meets it. */
const FACTS_LIMIT = 16_384;

/**
 * The gateway's writer to the ledger. Entries that arrive while a batch is on its way form the next batch: one
 * statement, one commit, one round trip for all of them. Works on a pool whose role is in hub_gateway; the pool
 * stays the caller's to end.
 */
export class Ledger {
  readonly #pool: Pool;
  readonly #home: LedgerHome;
  readonly #limits: LedgerLimits;
  readonly #pace = new Pace();
  #queue: Waiting[] = [];
  #underway: Waiting[] = [];
  #draining: Promise<void> | null = null;
  #isClosed = false;
  #tree = new Frontier();
  #checkpoint: Checkpoint | null = null;
  /** The highest number that this process ever saw; a lower one that comes back was taken from another entry. */
  #newest = 0;

  constructor(pool: Pool, home: LedgerHome, limits: Partial<LedgerLimits> = {}) {
    this.#pool = pool;
    this.#home = home;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Reads where the ledger stands, so that `checkpoint` is right before this process appends anything. */
  async open(): Promise<this> {
    this.#newest = await lastSequence(this.#pool);
    await this.#reload(this.#newest);
    return this;
  }

  /**
   * Resolves when the entry is committed to disk, in the order of the calls. Rejects with a LedgerFault when it
   * could not be recorded, or when that is not known (the connection broke); then nothing may leave. Rejects with
   * a TypeError, without harm to other entries, when the facts have no canonical form. What the entry commits to is
   * recorded with it, by the same statement.
   */
  append(facts: Facts, commitments: readonly Commitment[] = []): Promise<Appended> {
    return this.#enqueue(facts, { commitments }) as Promise<Appended>;
  }

  /**
   * The same for what stands in the outbox, whence it goes in the same statement: it is recorded once, whoever asks for
   * that how often. Null when it had gone, or is going, into an entry of somebody else's.
   */
  appendFromOutbox(facts: ActFacts, outboxId: string): Promise<Appended | null> {
    return this.#enqueue(facts, { commitments: [], outboxId });
  }

  /** As far as this process knows entries to be committed; other gateways may have gone further. */
  checkpoint(): Checkpoint {
    this.#checkpoint ??= { size: this.#tree.size, root: this.#tree.root().toString('hex') };
    return this.#checkpoint;
  }

  /** How much waits to be committed, and how long the oldest of it has. */
  get lag(): { entries: number; seconds: number } {
    const entries = this.#underway.length + this.#queue.length;
    const oldest = this.#underway[0] ?? this.#queue[0];
    return { entries, seconds: oldest ? (performance.now() - oldest.since) / 1_000 : 0 };
  }

  /** Takes no more entries and resolves when those that wait have been recorded or rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pace.hurry();
    await this.#draining;
    await this.#home.witness?.close();
  }

  #enqueue(facts: Facts, beside: Pick<Writing, 'commitments' | 'outboxId'>): Promise<Appended | null> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new LedgerFault('The ledger is closed.');
      if (this.#queue.length >= this.#limits.queue) throw new LedgerFault('The queue of the ledger is full.');
      const text = stored(facts);
      const seal = sealOf(this.#home.sealKey, text);
      const since = performance.now();
      this.#queue.push({ facts: text, seal, ...beside, since, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#pace.turn();
      const batch = nextBatch(this.#queue, this.#limits.batch);
      this.#underway = batch;
      let rows: Row[] | null = null;
      try {
        rows = await this.#write(batch);
        const placed = inPlaces(batch, rows);
        this.#goOn(rows);
        batch.forEach(({ resolve }, place) => resolve(appended(placed[place]!)));
      } catch (cause) {
        for (const { reject } of batch) reject(new LedgerFault('The ledger could not record.', { cause }));
      }
      this.#underway = [];
      // What is recorded stays so; a checkpoint that lags behind for a batch is a true one all the same.
      if (rows) await this.#follow(rows).catch(() => undefined);
    }
    this.#draining = null;
  }

  async #write(batch: Waiting[]): Promise<Row[]> {
    // pg ends the connection of a query that timed out, so a late commit cannot answer a later batch.
    const insert: QueryConfig & { query_timeout: number } = {
      ...insertOf(batch),
      query_timeout: this.#limits.timeout,
    };
    const { rows } = await this.#pool.query<Row>(insert);
    return rows;
  }

  /**
   * Numbers only go up. One that comes back was free because its entry is gone: what was to leave on the strength of
   * the new one is held back, and who waits for it tells the log.
   */
  #goOn(rows: Row[]): void {
    const [head, last] = [rows[0], rows.at(-1)];
    if (!head || !last) return;
    const first = Number(head.sequence);
    if (first <= this.#newest) {
      throw new Error(`number ${first} was given again after ${this.#newest}: entries were deleted`);
    }
    this.#newest = Number(last.sequence);
    this.#home.witness?.note({ sequence: this.#newest, chain: last.chain.toString('hex') });
  }

  /** A batch is without gaps; where it does not join on, another gateway has written in between. */
  async #follow(rows: Row[]): Promise<void> {
    const [head, last] = [rows[0], rows.at(-1)];
    if (head && Number(head.sequence) !== this.#tree.size + 1) return this.#reload(Number(last!.sequence));
    for (const { leaf } of rows) this.#tree.append(leaf);
    this.#checkpoint = null;
  }

  async #reload(size: number): Promise<void> {
    this.#tree = await frontierAt(this.#pool, size);
    this.#checkpoint = null;
  }
}

function appended(row: Row | null): Appended | null {
  return row && { sequence: Number(row.sequence), leaf: row.leaf.toString('hex') };
}

function stored(facts: Facts): string {
  const recorded: RecordedFacts = { ...facts, at: new Date().toISOString(), salt: freshSalt() };
  const text = canonicalJson(recorded);
  if (text.length > FACTS_LIMIT) throw new TypeError(`the facts take ${text.length} characters`);
  return text;
}
