import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Stage } from '../policy/grant.js';
import { LedgerFault } from './ledger.js';
import { rootAt } from './nodes.js';
import { lastSequence, type StoredCheckpoint } from './reader.js';
import { readCheckpoint, type SignedCheckpoint, writeCheckpoint } from './signed.js';

export interface CheckpointsOptions {
  /** Its role is in hub_gateway. */
  pool: Pool;
  stage: Stage;
  /** The hub's signature: a detached JWS over the text. */
  sign: (text: string) => Promise<string>;
}

const SELECT = `select size, encode(root, 'hex') as root, body, signature from ledger.checkpoint`;

/** At most one checkpoint is signed on demand in this time: each is kept for good, and costs more than a look. */
const FRESH_MS = 1_000;

/**
 * Signed tree heads of one ledger: stored for good, and signed only where the ledger goes on from the one before, so
 * that the hub never puts its name to two histories.
 */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  /** The largest that this process has seen: it remembers even when somebody deletes the stored ones. */
  #last: SignedCheckpoint | null = null;
  #signing: Promise<SignedCheckpoint> | null = null;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
  }

  /** A checkpoint of now, give or take a second. */
  async current(): Promise<SignedCheckpoint> {
    const last = this.#last;
    if (last && Date.now() - Date.parse(last.time) < FRESH_MS) return last;
    return this.sign();
  }

  /** The stored checkpoint of exactly this size, if there is one. */
  async ofSize(size: number): Promise<SignedCheckpoint | null> {
    return this.#stored(`${SELECT} where size = $1`, [size]);
  }

  /** The newest checkpoint that covers this entry; signs one where none does yet. Null when there is no such entry. */
  async covering(sequence: number): Promise<SignedCheckpoint | null> {
    const last = this.#last ?? (await this.#newest());
    if (last && last.size >= sequence) return last;
    if (last) await pause(Math.min(FRESH_MS, Math.max(0, Date.parse(last.time) + FRESH_MS - Date.now())));
    const signed = await this.sign();
    if (signed.size >= sequence) return signed;
    // That one may have been under way since before the entry came; the next is not.
    const next = await this.sign();
    return next.size >= sequence ? next : null;
  }

  /**
   * Signs where the ledger stands now and stores it; the last one again when nothing came since. Calls at one time
   * share one signature.
   *
   * @throws LedgerFault when the ledger does not go on from the last checkpoint: it was written anew.
   */
  sign(): Promise<SignedCheckpoint> {
    this.#signing ??= this.#sign().finally(() => (this.#signing = null));
    return this.#signing;
  }

  async #sign(): Promise<SignedCheckpoint> {
    const { pool, stage, sign } = this.#options;
    const stored = await this.#newest();
    const size = await lastSequence(pool);
    for (const before of [this.#last, stored]) if (before) await this.#mustGoOn(before, size);
    if (stored?.size === size) return this.#remember(stored);
    const root = (await rootAt(pool, size)).toString('hex');
    const body = writeCheckpoint({ stage, size, root, time: new Date().toISOString() });
    await pool.query(
      `insert into ledger.checkpoint (size, root, body, signature) values ($1, decode($2, 'hex'), $3, $4)
       on conflict (size) do nothing`,
      [size, root, body, await sign(body)],
    );
    // Another gateway may have been faster; what is stored is what was handed out.
    const kept = await this.ofSize(size);
    if (!kept) throw new LedgerFault(`The checkpoint of ${size} entries was not kept.`);
    return this.#remember(kept);
  }

  async #mustGoOn({ size, root }: SignedCheckpoint, now: number): Promise<void> {
    const holds = size <= now && (await rootAt(this.#options.pool, size)).toString('hex') === root;
    if (holds) return;
    throw new LedgerFault(
      `The ledger of ${this.#options.stage} is not the one that the checkpoint of ${size} entries was signed for, ` +
        'so no other is signed. hub ledger verify --database tells what was done to it.',
    );
  }

  #remember(checkpoint: SignedCheckpoint): SignedCheckpoint {
    if (!this.#last || checkpoint.size >= this.#last.size) this.#last = checkpoint;
    return checkpoint;
  }

  #newest(): Promise<SignedCheckpoint | null> {
    return this.#stored(`${SELECT} order by size desc limit 1`, []);
  }

  async #stored(query: string, parameters: unknown[]): Promise<SignedCheckpoint | null> {
    const { rows } = await this.#options.pool.query<StoredCheckpoint>(query, parameters);
    const [row] = rows;
    return row ? { ...readCheckpoint(row.body), body: row.body, signature: row.signature } : null;
  }
}
