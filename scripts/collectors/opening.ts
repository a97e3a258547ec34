import { Unreadable } from '../../subgraphs/metering/formats/unreadable.js';
import type { Cipher } from './cipher.js';
import { type FrameSpec, nameOf, wayOf } from './config.js';
import type { RefusalReason } from './counters.js';
import { BadFrame, FrameCutter } from './frames.js';
import { type Packet, readPacket } from './packets.js';
import type { Peer } from './peers.js';

/** How peers begin: the frame of their packets, and the cipher where one lies over the first packet too. */
export interface Way {
  frame: FrameSpec;
  cipher: Cipher | undefined;
  peers: ReadonlyMap<string, Peer>;
}

/** A connection whose first packet is known. */
export interface Opened {
  way: Way;
  /** Holds what came after the first packet. */
  cutter: FrameCutter;
  packet: Packet;
  /** What came while other ways were still waited for. */
  later: Buffer[];
}

interface Candidate {
  way: Way;
  cutter: FrameCutter;
}

/** First bytes that are no packet in any of the ways. */
export class BadOpening extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(reason);
    this.reason = reason;
  }
}

/** A request has some hundred bytes; so much of each connection is held once for each way, before anybody has proved anything. */
const FIRST_PACKET_BYTES = 4_096;
/** Of several reasons the one that got furthest is told. */
const FURTHEST: RefusalReason[] = ['no-packet', 'bad-cipher', 'oversize', 'no-frame'];

export function waysOf(peers: Iterable<Peer>): Way[] {
  const found = new Map<string, Way & { peers: Map<string, Peer> }>();
  for (const peer of peers) {
    const { frame, cipher, config, name } = peer;
    const key = wayOf(frame, config.cipher);
    const first = cipher?.from === 'start' ? cipher : undefined;
    const way = found.get(key) ?? { frame, cipher: first, peers: new Map<string, Peer>() };
    way.peers.set(name, peer);
    found.set(key, way);
  }
  return [...found.values()];
}

/**
 * Tells by the first packet of a connection how its peer speaks. It is read in every way that peers of the listener
 * have; the one in which it is a packet that names a peer of that very way is the peer's. Any other name is unknown in
 * the way that it came, whether another way has it or not, and is answered there once nothing else can come of it.
 */
export class Opening {
  #open: Candidate[];
  #fallback: Opened | undefined;
  readonly #reasons = new Set<RefusalReason>();

  constructor(ways: readonly Way[], frameBytes: number) {
    const most = Math.min(frameBytes, FIRST_PACKET_BYTES);
    this.#open = ways.map((way) => ({ way, cutter: new FrameCutter(way.frame, most) }));
  }

  /** A packet that names no peer of its way, while another way waits for the end of its frame. */
  get unknown(): Opened | undefined {
    return this.#fallback;
  }

  get isPartial(): boolean {
    return this.#open.some(({ cutter }) => cutter.isPartial);
  }

  /** Undefined until enough has come. Throws BadOpening when it is none in any way. */
  push(bytes: Buffer): Opened | undefined {
    this.#fallback?.later.push(bytes);
    const waiting: Candidate[] = [];
    for (const one of this.#open) {
      const packet = this.#first(one.way, one.cutter, bytes);
      if (packet === 'refused') continue;
      if (packet === undefined) {
        waiting.push(one);
        continue;
      }
      const opened = { ...one, packet, later: [] };
      if (one.way.peers.has(nameOf(packet))) return opened;
      if (!this.#fallback || this.#fallback.cutter.isPartial) this.#fallback = opened;
    }
    this.#open = waiting;
    if (waiting.length > 0) return undefined;
    if (this.#fallback) return this.#fallback;
    throw new BadOpening(FURTHEST.find((reason) => this.#reasons.has(reason)) ?? 'no-frame');
  }

  #first({ cipher }: Way, cutter: FrameCutter, bytes: Buffer): Packet | 'refused' | undefined {
    let isDeciphered = false;
    try {
      for (const body of cutter.push(bytes)) {
        const plain = cipher ? cipher.decrypt(body) : body;
        isDeciphered = true;
        return readPacket(plain);
      }
      return undefined;
    } catch (error) {
      if (error instanceof BadFrame) this.#reasons.add(error.reason);
      else if (!isDeciphered) this.#reasons.add('bad-cipher');
      else if (error instanceof Unreadable) this.#reasons.add('no-packet');
      else throw error;
      return 'refused';
    }
  }
}
