import { Unreadable } from '../../subgraphs/metering/formats/unreadable.js';
import type { Cipher } from './cipher.js';
import type { Limits } from './config.js';
import type { RefusalReason } from './counters.js';
import { BadFrame, type FrameCutter } from './frames.js';
import { BadOpening, type Opened, Opening, type Way } from './opening.js';
import { type Packet, readPacket } from './packets.js';
import type { Peer } from './peers.js';

/** A frame is written at once, so its last bytes do not come later than this. */
const FRAME_ENDS_MS = 500;

/** A whole frame that is no packet; a packet may hold what nobody may lose. */
class UnreadFrame extends Error {
  readonly reason: RefusalReason;
  readonly body: Buffer;

  constructor(reason: RefusalReason, body: Buffer) {
    super(reason);
    this.reason = reason;
    // A copy: a frame is a part of what came with it.
    this.body = Buffer.from(body);
  }
}

export interface Receiver {
  packet: (packet: Packet) => void;
  /** The body of a frame while a file is awaited. */
  piece: (body: Buffer) => void;
  /** With the body of the frame that could not be read, where there is one. */
  refuse: (reason: RefusalReason, body?: Buffer) => void;
  /** What came is handed on; false stops the rest. */
  isOver: () => boolean;
}

/** The bytes of a connection as packets, cut and deciphered as its peer speaks, each in time. */
export class Incoming {
  readonly #limits: Limits;
  readonly #receiver: Receiver;
  #opening: Opening | undefined;
  #cutter: FrameCutter | undefined;
  #way: Way | undefined;
  #peer: Peer | undefined;
  #awaited = 0;
  #frameTimer: NodeJS.Timeout | undefined;
  #openingTimer: NodeJS.Timeout | undefined;

  constructor(ways: readonly Way[], limits: Limits, receiver: Receiver) {
    this.#limits = limits;
    this.#receiver = receiver;
    this.#opening = new Opening(ways, limits.frameBytes);
  }

  /** Known from the first packet on. */
  get way(): Way | undefined {
    return this.#way;
  }

  get isPartial(): boolean {
    return (this.#opening ?? this.#cutter)?.isPartial ?? false;
  }

  /** Of both directions: the way's own until the peer has proved who it is. */
  get cipher(): Cipher | undefined {
    return this.#peer ? this.#peer.cipher : this.#way?.cipher;
  }

  set peer(peer: Peer) {
    this.#peer = peer;
  }

  /** Frames are pieces of a file of at most so many bytes until it is 0 again. */
  set awaited(bytes: number) {
    this.#awaited = bytes;
    if (this.#cutter) this.#cutter.most = Math.max(bytes, this.#limits.frameBytes);
  }

  push(bytes: Buffer): void {
    if (!this.#opening) return this.#read(() => this.#cut(bytes));
    this.#read(() => {
      const opened = this.#opening?.push(bytes);
      return opened ? this.#open(opened) : [];
    });
    const unknown = this.#opening?.unknown;
    if (unknown && !this.#receiver.isOver())
      this.#openingTimer ??= setTimeout(
        () => this.#opening && this.#read(() => this.#open(unknown)),
        FRAME_ENDS_MS,
      );
  }

  end(): void {
    clearTimeout(this.#frameTimer);
    clearTimeout(this.#openingTimer);
  }

  #read(bodies: () => Iterable<unknown>): void {
    if (this.#receiver.isOver()) return;
    let frames = 0;
    try {
      const each = bodies()[Symbol.iterator]();
      for (; !each.next().done; frames++) if (this.#receiver.isOver()) return;
    } catch (error) {
      if (error instanceof BadFrame || error instanceof BadOpening)
        return this.#receiver.refuse(error.reason);
      if (error instanceof UnreadFrame) return this.#receiver.refuse(error.reason, error.body);
      if (error instanceof Unreadable) return this.#receiver.refuse('no-packet');
      throw error;
    }
    this.#watch(frames > 0);
  }

  *#open({ way, cutter, packet, later }: Opened): Generator<void> {
    this.#opening = undefined;
    this.#way = way;
    cutter.most = this.#limits.frameBytes;
    this.#cutter = cutter;
    yield this.#receiver.packet(packet);
    yield* this.#cut(Buffer.concat(later));
  }

  *#cut(bytes: Buffer): Generator<void> {
    for (const body of this.#cutter?.push(bytes) ?? [])
      yield this.#awaited > 0 ? this.#receiver.piece(body) : this.#receiver.packet(this.#packet(body));
  }

  #packet(body: Buffer): Packet {
    let text: Buffer;
    try {
      text = this.cipher?.decrypt(body) ?? body;
    } catch {
      throw new UnreadFrame('bad-cipher', body);
    }
    try {
      return readPacket(text);
    } catch (error) {
      throw error instanceof Unreadable ? new UnreadFrame('no-packet', text) : error;
    }
  }

  /** A frame that has begun must come to its end in time, however its sender trickles. */
  #watch(isNew: boolean): void {
    if (isNew || !this.isPartial) {
      clearTimeout(this.#frameTimer);
      this.#frameTimer = undefined;
    }
    const { frameSeconds, archiveSeconds } = this.#limits;
    const seconds = this.#awaited > 0 ? archiveSeconds : frameSeconds;
    if (this.isPartial) this.#frameTimer ??= setTimeout(() => this.#receiver.refuse('slow'), seconds * 1000);
  }
}
