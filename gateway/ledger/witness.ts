import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Stage } from '../policy/grant.js';

/** The last entry of the ledger as somebody saw it committed; the chain is in hexadecimal. */
export interface Head {
  sequence: number;
  chain: string;
}

const HEAD = /^(\d{16})-([0-9a-f]{64})\.head$/;
const BETWEEN_NOTES_MS = 250;

/** What the processes of a home noted of a stage's ledger; none when nothing was ever recorded from here. */
export async function notedHeads(home: string, stage: Stage): Promise<Head[]> {
  const names = await readdir(folderOf(home, stage)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.flatMap((name) => {
    const match = HEAD.exec(name);
    return match ? [{ sequence: Number(match[1]), chain: match[2]! }] : [];
  });
}

/**
 * Notes outside of the database how far the ledger had come, so that rows which were cut off its end are missed. A head
 * is the name of an empty file: made in one step, and never overwritten by a process that has come less far. It goes
 * away when a later one is noted and the database still has it; one that the database lacks is evidence and stays.
 */
export class Witness {
  readonly #home: string;
  readonly #stage: Stage;
  readonly #pool: Pool;
  readonly #fault: (error: unknown, where: string) => unknown;
  readonly #closing = new AbortController();
  readonly #missed = new Set<string>();
  #newest: Head | null = null;
  #noted: Head | null = null;
  #noting: Promise<void> | null = null;

  constructor({ home, stage, pool, fault }: WitnessOptions) {
    [this.#home, this.#stage, this.#pool, this.#fault] = [home, stage, pool, fault];
  }

  /** Returns at once: nobody's entry waits for a file. */
  note(head: Head): void {
    this.#newest = head;
    this.#noting ??= this.#noteOn();
  }

  /** Resolves when the newest head is noted. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#noting;
  }

  async #noteOn(): Promise<void> {
    while (this.#newest && this.#newest !== this.#noted) {
      this.#noted = this.#newest;
      await this.#write(this.#noted).catch((error: unknown) => this.#fault(error, this.#where));
      const { signal } = this.#closing;
      await sleep(BETWEEN_NOTES_MS, undefined, { ref: false, signal }).catch(() => undefined);
    }
    this.#noting = null;
  }

  async #write(head: Head): Promise<void> {
    const folder = folderOf(this.#home, this.#stage);
    const before = (await notedHeads(this.#home, this.#stage)).filter(
      ({ sequence }) => sequence < head.sequence,
    );
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, nameOf(head)), '', { mode: 0o600 });
    for (const earlier of before) {
      const name = nameOf(earlier);
      if (await this.#stands(earlier)) await rm(join(folder, name), { force: true });
      else if (!this.#missed.has(name)) {
        this.#missed.add(name);
        this.#fault(new Error(`entry ${earlier.sequence} was recorded and is gone`), this.#where);
      }
    }
  }

  async #stands({ sequence, chain }: Head): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      'select from ledger.entry where sequence = $1 and chain = $2',
      [sequence, Buffer.from(chain, 'hex')],
    );
    return rowCount === 1;
  }

  get #where(): string {
    return `witness of the ledger of ${this.#stage}`;
  }
}

export interface WitnessOptions {
  home: string;
  stage: Stage;
  /** Of the ledger's own writer. */
  pool: Pool;
  fault: (error: unknown, where: string) => unknown;
}

function folderOf(home: string, stage: Stage): string {
  return join(home, 'ledger', stage.toLowerCase());
}

function nameOf({ sequence, chain }: Head): string {
  return `${String(sequence).padStart(16, '0')}-${chain}.head`;
}
