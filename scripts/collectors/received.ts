import { createHash } from 'node:crypto';
import type { Batcher } from './batcher.js';

/** So many sequences of a peer are remembered; an older one that comes again is found unchanged by the hub. */
const MOST_REMEMBERED = 128;

interface Remembered {
  hash: string;
  stored: Promise<void>;
}

/** The packets of one peer: each is stored once, however often it comes. */
export class ReceivedPackets {
  readonly #batcher: Batcher;
  readonly #peer: string;
  readonly #bySequence = new Map<string, Remembered>();

  constructor(batcher: Batcher, peer: string) {
    this.#batcher = batcher;
    this.#peer = peer;
  }

  /** Resolves when the packet is stored; `isReused`: the sequence had other contents before, and nothing is done. */
  take(sequence: string, lines: string[]): { stored: Promise<void>; isRepeated: boolean; isReused: boolean } {
    const hash = createHash('sha256').update(lines.join('')).digest('hex');
    const before = sequence === '' ? undefined : this.#bySequence.get(sequence);
    if (before) return { stored: before.stored, isRepeated: true, isReused: before.hash !== hash };
    const source = `${this.#peer} ${sequence} ${hash}`;
    const stored = lines.length === 0 ? Promise.resolve() : this.#batcher.add(source, lines);
    this.#remember(sequence, { hash, stored });
    return { stored, isRepeated: false, isReused: false };
  }

  #remember(sequence: string, packet: Remembered): void {
    this.#bySequence.set(sequence, packet);
    packet.stored.catch(() => this.#bySequence.delete(sequence));
    if (this.#bySequence.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#bySequence.keys();
    if (oldest !== undefined) this.#bySequence.delete(oldest);
  }
}
