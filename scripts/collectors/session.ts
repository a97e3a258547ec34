import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { Unreadable } from '../../subgraphs/metering/formats/unreadable.js';
import type { Limits } from './config.js';
import type { RefusalReason } from './counters.js';
import { BadFrame, type FrameCutter, framed, type PacketName } from './frames.js';
import { digitsOf, linesOf } from './lines.js';
import { BadOpening, type Opened, Opening, type Way } from './opening.js';
import { type Packet, packetText, readPacket } from './packets.js';
import { nameOf, type Peer } from './peers.js';
import type { ReceivedPackets } from './received.js';

/** What a session needs of the server that it belongs to. */
export interface SessionHost {
  /** How its peers may begin. */
  ways: readonly Way[];
  limits: Limits;
  receivedOf: (peer: Peer) => ReceivedPackets;
  /** Resolves once there is room for more packets. */
  room: () => Promise<void>;
  count: (what: 'packets' | 'acknowledged' | 'repeated' | 'validated') => void;
  refused: (reason: RefusalReason, peer: string | undefined) => void;
  /** A peer is validated: another session of it ends. */
  validated: (peer: Peer, session: Session) => void;
}

/** A frame is written at once, so its last bytes do not come later than this. */
const FRAME_ENDS_MS = 500;
/** So many packets of one collector may wait to be stored. */
const MOST_OUTSTANDING = 16;
/** Who is refused may take so long to read why. */
const LAST_WORDS_MS = 2_000;

/** One connection of a collector: it proves who it is, then sends; what it sends is acknowledged once it is stored. */
export class Session {
  readonly #socket: Socket;
  readonly #host: SessionHost;
  /** Until the first packet said by which frames the rest is cut. */
  #opening: Opening | undefined;
  #way: Way | undefined;
  #cutter: FrameCutter | undefined;
  #peer: Peer | undefined;
  /** Who says to be here, and the sequence that it has to prove it with, once. */
  #claimed: { building: string; gateway: string; sequence: string } | undefined;
  #outstanding = 0;
  #frameTimer: NodeJS.Timeout | undefined;
  #openingTimer: NodeJS.Timeout | undefined;
  readonly #handshakeTimer: NodeJS.Timeout;
  #isOver = false;

  constructor(socket: Socket, host: SessionHost) {
    this.#socket = socket;
    this.#host = host;
    const { frameBytes, handshakeSeconds, idleSeconds } = host.limits;
    this.#opening = new Opening(host.ways, frameBytes);
    this.#handshakeTimer = setTimeout(() => this.#refuse('slow'), handshakeSeconds * 1000);
    socket.setTimeout(idleSeconds * 1000, () => this.#refuse('idle'));
    socket.on('data', (bytes) => this.#received(bytes));
    socket.on('end', () => this.#isPartial && this.#refuse('half-frame'));
    socket.on('error', () => this.end());
    socket.on('close', () => this.end());
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#handshakeTimer);
    clearTimeout(this.#frameTimer);
    clearTimeout(this.#openingTimer);
    this.#socket.destroy();
  }

  #received(bytes: Buffer): void {
    if (!this.#isOver) this.#read(() => this.#packetsOf(bytes));
  }

  #read(packets: () => Iterable<Packet>): void {
    let frames = 0;
    try {
      for (const packet of packets()) {
        frames++;
        this.#handle(packet);
        if (this.#isOver) return;
      }
    } catch (error) {
      if (error instanceof BadFrame || error instanceof BadOpening) return this.#refuse(error.reason);
      if (error instanceof Unreadable) return this.#refuse('no-packet');
      throw error;
    }
    this.#watch(frames > 0);
    void this.#holdBack();
  }

  get #isPartial(): boolean {
    return (this.#opening ?? this.#cutter)?.isPartial ?? false;
  }

  *#packetsOf(bytes: Buffer): Generator<Packet> {
    if (!this.#opening) return yield* this.#cut(bytes);
    const opened = this.#opening.push(bytes);
    if (opened) return yield* this.#open(opened);
    const { unknown } = this.#opening;
    if (unknown)
      this.#openingTimer ??= setTimeout(
        () => this.#opening && !this.#isOver && this.#read(() => this.#open(unknown)),
        FRAME_ENDS_MS,
      );
  }

  *#open({ way, cutter, packet, later }: Opened): Generator<Packet> {
    this.#opening = undefined;
    this.#way = way;
    cutter.most = this.#host.limits.frameBytes;
    this.#cutter = cutter;
    yield packet;
    yield* this.#cut(Buffer.concat(later));
  }

  *#cut(bytes: Buffer): Generator<Packet> {
    for (const body of this.#cutter?.push(bytes) ?? []) yield this.#packet(body);
  }

  /** A frame that has begun must come to its end in time, however its sender trickles. */
  #watch(isNew: boolean): void {
    if (isNew || !this.#isPartial) {
      clearTimeout(this.#frameTimer);
      this.#frameTimer = undefined;
    }
    if (this.#isPartial)
      this.#frameTimer ??= setTimeout(() => this.#refuse('slow'), this.#host.limits.frameSeconds * 1000);
  }

  async #holdBack(): Promise<void> {
    this.#socket.pause();
    await this.#host.room();
    if (!this.#isOver && this.#outstanding < MOST_OUTSTANDING) this.#socket.resume();
  }

  #packet(body: Buffer): Packet {
    const cipher = this.#cipher;
    if (!cipher) return readPacket(body);
    try {
      return readPacket(cipher.decrypt(body));
    } catch (error) {
      if (error instanceof Unreadable) throw error;
      this.#refuse('bad-cipher');
      throw new BadFrame('no-frame');
    }
  }

  get #cipher(): Peer['cipher'] {
    return this.#peer ? this.#peer.cipher : this.#way?.cipher;
  }

  #handle(packet: Packet): void {
    const { name, operation } = packet;
    if (name === 'id_validate') return this.#identify(packet);
    const peer = this.#peer;
    if (!peer) return this.#refuse('wrong-order');
    if (nameOf(packet.building, packet.gateway) !== peer.name) return this.#refuse('other-peer');
    if (name === 'heart_beat' && operation === 'notify')
      return void this.#send(name, 'time', { time: localDigits(peer.config.timeZone) });
    if (name === 'data' && ['report', 'continuous', 'reply'].includes(operation))
      return this.#take(packet, peer);
    if (name === 'config' && operation === 'period_ack') return;
    this.#refuse('wrong-order');
  }

  #identify({ operation, building, gateway, md5 }: Packet): void {
    if (operation === 'request' && !this.#peer) {
      const sequence = randomBytes(10).toString('hex');
      this.#claimed = { building, gateway, sequence };
      return void this.#send('id_validate', 'sequence', { sequence });
    }
    const claimed = this.#claimed;
    this.#claimed = undefined;
    if (operation !== 'md5' || !claimed || claimed.building !== building || claimed.gateway !== gateway)
      return this.#refuse('wrong-order');
    // Who is unknown learns no more than who has the wrong key.
    const peer = this.#way?.peers.get(nameOf(building, gateway));
    const isProved = peer?.isProof(claimed.sequence, md5) ?? false;
    this.#send('id_validate', 'result', { result: isProved ? 'pass' : 'fail' }, { building, gateway });
    if (!peer || !isProved) return this.#refuse(peer ? 'wrong-md5' : 'unknown-peer');
    this.#welcome(peer);
  }

  #welcome(peer: Peer): void {
    clearTimeout(this.#handshakeTimer);
    this.#peer = peer;
    this.#host.count('validated');
    this.#host.validated(peer, this);
    const { period, query } = peer.config;
    if (period !== undefined) this.#send('config', 'period', { period: String(period) });
    if (query) this.#send('data', 'query');
  }

  #take(packet: Packet, peer: Peer): void {
    this.#host.count('packets');
    const taken = this.#host.receivedOf(peer).take(packet.sequence, linesOf(packet, peer.config));
    if (taken.isReused) return this.#host.refused('sequence-reused', peer.name);
    if (taken.isRepeated) this.#host.count('repeated');
    this.#outstanding++;
    void this.#acknowledge(packet, taken.stored);
  }

  async #acknowledge({ sequence, total, current }: Packet, stored: Promise<void>): Promise<void> {
    try {
      await stored;
      if (this.#send('data', 'continuous_ack', { sequence, total, current }))
        this.#host.count('acknowledged');
    } catch {
      // What the hub refused is not acknowledged: the collector keeps it and sends it again.
    } finally {
      this.#outstanding--;
      void this.#holdBack();
    }
  }

  #send(
    name: PacketName,
    operation: string,
    children: Record<string, string | undefined> = {},
    to: { building: string; gateway: string } | undefined = this.#peer?.config ?? this.#claimed,
  ): boolean {
    if (this.#isOver || !to || !this.#way) return false;
    const text = Buffer.from(packetText(to, name, operation, children));
    this.#socket.write(framed(this.#way.frame, name, this.#cipher?.encrypt(text) ?? text));
    return true;
  }

  /** Counted and logged without data; what was written before still goes out. */
  #refuse(reason: RefusalReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#host.refused(reason, this.#peer?.name);
    this.#socket.end(() => this.end());
    setTimeout(() => this.end(), LAST_WORDS_MS).unref();
  }
}

/** yyyyMMddHHmmss on the clock of a zone. */
function localDigits(timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  const text = parts.format(new Date()).replaceAll(/\D/g, '');
  return text.length === 14 ? text : digitsOf(Date.now());
}
