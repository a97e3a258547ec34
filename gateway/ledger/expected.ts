import type { Problem } from './evidence.js';
import type { Checkpoint } from './ledger.js';
import type { StoredCheckpoint } from './reader.js';
import type { Walk } from './walk.js';
import type { Head } from './witness.js';

export interface ExpectedOptions {
  /** Smallest first. */
  stored?: AsyncGenerator<StoredCheckpoint>;
  given: readonly Checkpoint[];
  /** Noted by this machine. */
  heads?: readonly Head[];
  examine?: (checkpoint: StoredCheckpoint) => Promise<string | undefined>;
}

interface Examined {
  size: number;
  /** What it is known by: the root of the tree, or the chain of its last entry. */
  root?: string;
  chain?: string;
  fault?: string | undefined;
}

/** Checkpoints that a walk over the ledger has to meet on its way, smallest first. */
export class Expected {
  /** How many were met and agree. */
  met = 0;
  readonly #checkpoints: AsyncGenerator<Examined>;
  /** Looked at and not met yet; null when none is left. */
  #next: Examined | null | undefined;
  /** The size of the last one that agreed: what was rewritten lies behind it. */
  #agreed = 0;

  constructor(options: ExpectedOptions) {
    this.#checkpoints = merged(options);
  }

  /** What is wrong with the checkpoints of exactly the entries that were walked over. */
  async faultAt(walk: Walk): Promise<Problem | undefined> {
    for (;;) {
      const checkpoint = this.#next === undefined ? await this.#advance() : this.#next;
      if (checkpoint?.size !== walk.last.sequence) return undefined;
      if (checkpoint.fault) return forged(checkpoint.size, checkpoint.fault);
      if (!agrees(checkpoint, walk)) return this.#rewritten(checkpoint);
      this.#agreed = checkpoint.size;
      if (checkpoint.root !== undefined) this.met += 1;
      this.#next = undefined;
    }
  }

  /** Whether one is left that knows of more entries than there are. */
  async faultAfter(walk: Walk): Promise<Problem | undefined> {
    const checkpoint = this.#next === undefined ? await this.#advance() : this.#next;
    if (!checkpoint) return undefined;
    const last = walk.last.sequence;
    if (checkpoint.fault) return forged(checkpoint.size, checkpoint.fault);
    const who = checkpoint.root === undefined ? 'This machine noted' : 'A checkpoint knows';
    const detail = `${who} ${checkpoint.size} rows, but the ledger ends at row ${last}.`;
    return { sequence: last + 1, what: 'deleted', detail };
  }

  async #advance(): Promise<Examined | null> {
    const { done, value } = await this.#checkpoints.next();
    this.#next = done ? null : value;
    return this.#next;
  }

  #rewritten({ size, root }: Examined): Problem {
    const first = this.#agreed + 1;
    const where = first >= size ? `Row ${size}` : `Of rows ${first} to ${size} at least one`;
    const when =
      root === undefined ? `this machine noted ${size} rows` : `the checkpoint of ${size} rows was taken`;
    const detail = `${where} is another than when ${when}.`;
    return { sequence: Math.min(first, size), what: 'rewritten', detail };
  }
}

function agrees({ root, chain }: Examined, walk: Walk): boolean {
  return root === undefined ? chain === walk.last.chain.toString('hex') : root === walk.checkpoint.root;
}

function forged(size: number, fault: string): Problem {
  return { sequence: size, what: 'forged', detail: `The stored checkpoint of ${size} rows: ${fault}` };
}

async function* merged({ stored, given, heads = [], examine }: ExpectedOptions): AsyncGenerator<Examined> {
  const noted = heads.map(({ sequence, chain }) => ({ size: sequence, chain }));
  const waiting: Examined[] = [...given, ...noted].toSorted((one, other) => one.size - other.size);
  for await (const checkpoint of stored ?? []) {
    while (waiting[0] && waiting[0].size < checkpoint.size) yield waiting.shift()!;
    yield { ...checkpoint, fault: await examine?.(checkpoint) };
  }
  yield* waiting;
}
