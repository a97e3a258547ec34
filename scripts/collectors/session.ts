import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { asFailure } from '../client/failure.js';
import { announcedIn, ArchiveTransfer } from './archive.js';
import { type Address, type Limits, nameOf } from './config.js';
import type { RefusalReason } from './counters.js';
import { framed, type PacketName } from './frames.js';
import { Incoming } from './incoming.js';
import { digitsOf, linesOf } from './lines.js';
import type { Way } from './opening.js';
import { type Packet, packetText } from './packets.js';
import type { Peer } from './peers.js';
import type { ReceivedPackets } from './received.js';
import type { Unread } from './unread.js';

/** What a session needs of the server that it belongs to. */
export interface SessionHost {
  /** How its peers may begin. */
  ways: readonly Way[];
  limits: Limits;
  receivedOf: (peer: Peer) => ReceivedPackets;
  /** Resolves once there is room for more packets. */
  room: () => Promise<void>;
  /** Whether so many bytes of files more may be on their way; negative ones are over. */
  reserve: (bytes: number) => boolean;
  /** Uploads a zip; resolves with its receipt. */
  archive: (zip: Buffer) => Promise<void>;
  /** Hands what could not be read to quarantine; resolves when that is done or was told to have failed. */
  keep: (unread: Unread) => Promise<void>;
  count: (what: 'packets' | 'acknowledged' | 'repeated' | 'validated' | 'archives') => void;
  refused: (reason: RefusalReason, peer: string | undefined) => void;
  /** A peer is validated: another session of it ends. */
  validated: (peer: Peer, session: Session) => void;
}

/** So many packets of one collector may wait to be stored. */
const MOST_OUTSTANDING = 16;
/** Who is refused may take so long to read why. */
const LAST_WORDS_MS = 2_000;

/** One connection of a collector: it proves who it is, then sends; what it sends is acknowledged once it is stored. */
export class Session {
  readonly #socket: Socket;
  readonly #host: SessionHost;
  readonly #incoming: Incoming;
  #peer: Peer | undefined;
  /** Who says to be here, and the sequence that it has to prove it with, once. */
  #claimed: (Address & { sequence: string }) | undefined;
  #transfer: ArchiveTransfer | undefined;
  #outstanding = 0;
  readonly #handshakeTimer: NodeJS.Timeout;
  #isOver = false;

  constructor(socket: Socket, host: SessionHost) {
    this.#socket = socket;
    this.#host = host;
    const { handshakeSeconds, idleSeconds } = host.limits;
    this.#incoming = new Incoming(host.ways, host.limits, {
      packet: (packet) => this.#handle(packet),
      piece: (body) => this.#addPiece(body),
      refuse: (reason, body) => this.#refuseUnread(reason, body),
      isOver: () => this.#isOver,
    });
    this.#handshakeTimer = setTimeout(() => this.#refuse('slow'), handshakeSeconds * 1000);
    socket.setTimeout(idleSeconds * 1000, () => this.#refuse('idle'));
    socket.on('data', (bytes) => {
      this.#incoming.push(bytes);
      void this.#holdBack();
    });
    socket.on('end', () => this.#incoming.isPartial && this.#refuse('half-frame'));
    socket.on('error', () => this.end());
    socket.on('close', () => this.end());
  }

  end(): void {
    this.#isOver = true;
    this.#letGo();
    clearTimeout(this.#handshakeTimer);
    this.#incoming.end();
    this.#socket.destroy();
  }

  async #holdBack(): Promise<void> {
    if (this.#isOver) return;
    this.#socket.pause();
    await this.#host.room();
    if (!this.#isOver && this.#outstanding < MOST_OUTSTANDING) this.#socket.resume();
  }

  #handle(packet: Packet): void {
    const { name, operation } = packet;
    if (name === 'id_validate') return this.#identify(packet);
    const peer = this.#peer;
    if (!peer) return this.#refuse('wrong-order');
    if (nameOf(packet) !== peer.name) return this.#refuse('other-peer');
    if (name === 'heart_beat' && operation === 'notify')
      return void this.#send(name, 'time', { time: localDigits(peer.config.timeZone) });
    if (name === 'data' && ['report', 'continuous', 'reply'].includes(operation))
      return this.#take(packet, peer);
    if (name === 'config' && operation === 'period_ack') return;
    if (name === 'packet' && operation === 'packet_start') return this.#announce(packet, peer);
    if (name === 'packet' && operation === 'packet_end' && this.#transfer)
      return void this.#receive(this.#transfer, packet);
    this.#refuse('wrong-order');
  }

  #identify({ operation, node, building, gateway, md5 }: Packet): void {
    if (operation === 'request' && !this.#peer) {
      const sequence = randomBytes(10).toString('hex');
      this.#claimed = { node, building, gateway, sequence };
      return void this.#send('id_validate', 'sequence', { sequence });
    }
    const claimed = this.#claimed;
    this.#claimed = undefined;
    const name = nameOf({ node, building, gateway });
    if (operation !== 'md5' || !claimed || nameOf(claimed) !== name) return this.#refuse('wrong-order');
    // Who is unknown learns no more than who has the wrong key.
    const peer = this.#incoming.way?.peers.get(name);
    const isProved = peer?.isProof(claimed.sequence, md5) ?? false;
    this.#send('id_validate', 'result', { result: isProved ? 'pass' : 'fail' }, claimed);
    if (!peer || !isProved) return this.#refuse(peer ? 'wrong-md5' : 'unknown-peer');
    this.#welcome(peer);
  }

  #welcome(peer: Peer): void {
    clearTimeout(this.#handshakeTimer);
    this.#peer = peer;
    this.#incoming.peer = peer;
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

  #announce({ filename, filelength }: Packet, { config, fileCipher }: Peer): void {
    if (!config.archive) return this.#refuse('no-archive');
    if (this.#transfer) return this.#refuse('wrong-order');
    const announced = announcedIn(filename, filelength);
    if (!announced) return this.#refuse('bad-archive');
    const transfer = new ArchiveTransfer(announced, fileCipher);
    if (!this.#host.reserve(transfer.most)) return this.#refuse('too-many');
    this.#transfer = transfer;
    this.#incoming.awaited = transfer.most;
    this.#send('packet', 'packet_start_ack');
  }

  #addPiece(body: Buffer): void {
    const transfer = this.#transfer;
    if (!transfer?.add(body)) return this.#refuse('bad-archive');
    if (transfer.isWhole) this.#incoming.awaited = 0;
  }

  /**
   * Acknowledged once the receipt of the whole zip is here; what is not, its data centre keeps and sends again. One that
   * nobody can read is in quarantine until then.
   */
  async #receive(transfer: ArchiveTransfer, { md5 }: Packet): Promise<void> {
    const zip = transfer.opened(md5);
    try {
      if (!zip) return await this.#refuseUnread('bad-archive', transfer.file);
      await this.#host.archive(zip);
    } catch (error) {
      // The hub that could not be asked will be sent it again.
      return await this.#refuseUnread('archive-refused', asFailure(error).isPassing ? undefined : zip);
    } finally {
      this.#letGo();
    }
    if (this.#send('packet', 'packet_end_ack')) this.#host.count('archives');
  }

  #letGo(): void {
    if (this.#transfer) this.#host.reserve(-this.#transfer.most);
    this.#transfer = undefined;
  }

  #send(
    name: PacketName,
    operation: string,
    children: Record<string, string | undefined> = {},
    to: Address | undefined = this.#peer?.config ?? this.#claimed,
  ): boolean {
    const { way, cipher } = this.#incoming;
    if (this.#isOver || !to || !way) return false;
    const text = Buffer.from(packetText(to, name, operation, children));
    this.#socket.write(framed(way.frame, name, cipher?.encrypt(text) ?? text));
    return true;
  }

  /** Of a peer that has proved who it is; what a stranger sends is nobody's. */
  async #refuseUnread(reason: RefusalReason, bytes: Buffer | undefined): Promise<void> {
    const peer = this.#isOver ? undefined : this.#peer?.name;
    const kept = peer !== undefined && bytes?.length ? this.#host.keep({ bytes, reason, peer }) : undefined;
    this.#refuse(reason);
    await kept;
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
