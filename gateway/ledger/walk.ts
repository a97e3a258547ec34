import { ORIGIN, chainHash, leafHash } from './hash.js';
import type { Checkpoint } from './ledger.js';
import { Frontier } from './tree.js';

/** What one entry says of itself, in the database or in an export. */
export interface Walked {
  sequence: number;
  facts: string | Buffer;
  leaf: Buffer;
  chain: Buffer;
}

/** `number` is not above the one before; `gap` numbers are missing; `leaf` is not of the facts; `chain` breaks. */
export type Misstep = 'number' | 'gap' | 'leaf' | 'chain';

/** Goes over entries in order and recomputes every leaf, the chain and the tree, in bounded memory. */
export class Walk {
  readonly #tree = new Frontier();
  #chain = ORIGIN;

  /** The last entry that held. */
  get last(): { sequence: number; chain: Buffer } {
    return { sequence: this.#tree.size, chain: this.#chain };
  }

  get checkpoint(): Checkpoint {
    return { size: this.#tree.size, root: this.#tree.root().toString('hex') };
  }

  misstepAt({ sequence, facts, leaf, chain }: Walked): Misstep | undefined {
    if (sequence <= this.#tree.size) return 'number';
    if (sequence > this.#tree.size + 1) return 'gap';
    if (!leaf.equals(leafHash(facts))) return 'leaf';
    return chain.equals(chainHash(this.#chain, leaf)) ? undefined : 'chain';
  }

  /** Goes on to an entry that holds. Returns the inner nodes of the tree that it completes, from level 1 up. */
  take({ leaf, chain }: Walked): Buffer[] {
    this.#chain = chain;
    return this.#tree.append(leaf);
  }
}
