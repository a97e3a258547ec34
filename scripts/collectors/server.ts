import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Log } from '../../gateway/log.js';
import { asFailure } from '../client/failure.js';
import { type Batch, Batcher } from './batcher.js';
import type { CollectorsConfig, ListenerConfig } from './config.js';
import { Counters } from './counters.js';
import { waysOf } from './opening.js';
import { type Peer, peersOf } from './peers.js';
import { ReceivedPackets } from './received.js';
import { Session } from './session.js';
import { Keeping, type Unread } from './unread.js';

/** How lines were taken: what the receipt says. */
export interface Taken {
  lines: number;
  quarantined: number;
}

export interface CollectorsOptions {
  config: CollectorsConfig;
  /** Where the keys of peers are. */
  home: string;
  /** Uploads a batch; resolves with its receipt. */
  upload: (batch: Batch) => Promise<Taken>;
  /** Uploads a daily zip; resolves with its receipt. */
  uploadArchive: (zip: Buffer) => Promise<Taken>;
  /** Uploads what could not be read; resolves with its receipt. */
  uploadUnread: (unread: Unread) => Promise<Taken>;
  log: Log;
}

const REPORT_MS = 60_000;

/** Listens for collectors and hands what they send to the hub. */
export class Collectors {
  readonly counters = new Counters();
  readonly #options: CollectorsOptions;
  readonly #batcher: Batcher;
  readonly #keeping: Keeping;
  readonly #servers: Server[] = [];
  readonly #sessions = new Set<Session>();
  readonly #byPeer = new Map<string, Session>();
  readonly #received = new Map<string, ReceivedPackets>();
  readonly #report: NodeJS.Timeout;
  /** Bytes of files on their way. */
  #reserved = 0;

  private constructor(options: CollectorsOptions) {
    this.#options = options;
    const { config, upload, uploadUnread } = options;
    this.#batcher = new Batcher(
      (batch) => this.#counted(() => upload(batch), { lines: batch.lines }),
      config.batch,
    );
    this.#keeping = new Keeping({
      upload: (unread) => this.#counted(() => uploadUnread(unread), { bytes: unread.bytes.length }),
      kept: ({ reason, peer, bytes }) => this.#kept({ reason, peer, bytes: bytes.length }),
      failed: ({ reason, peer }, error) => this.#notKept({ reason, peer }, error),
    });
    this.#report = setInterval(() => this.#say(), REPORT_MS).unref();
  }

  static async start(options: CollectorsOptions): Promise<Collectors> {
    const collectors = new Collectors(options);
    try {
      for (const listener of options.config.listeners) await collectors.#listen(listener);
    } catch (error) {
      await collectors.stop();
      throw error;
    }
    return collectors;
  }

  /** Where each listener listens, in their order. */
  get addresses(): AddressInfo[] {
    return this.#servers.map((server) => server.address() as AddressInfo);
  }

  /** Sends what waits, then ends; what is not acknowledged by then comes again. */
  async stop(): Promise<void> {
    clearInterval(this.#report);
    const closed = this.#servers.map((server) => server.listening && server.close() && once(server, 'close'));
    await this.#batcher.finish();
    await this.#keeping.finish();
    for (const session of this.#sessions) session.end();
    await Promise.all(closed);
    this.#say();
  }

  async #listen(listener: ListenerConfig): Promise<void> {
    const { limits } = this.#options.config;
    const ways = waysOf((await peersOf(listener, this.#options.home)).values());
    const server = createServer({ noDelay: true }, (socket) => {
      this.counters.connections++;
      const session: Session = new Session(socket, {
        ways,
        limits,
        receivedOf: (peer) => this.#receivedOf(peer),
        room: () => this.#batcher.room(),
        reserve: (bytes) => this.#reserve(bytes),
        archive: (zip) => this.#counted(() => this.#options.uploadArchive(zip), { bytes: zip.length }),
        keep: (unread) => this.#keeping.keep(unread),
        count: (what) => this.counters[what]++,
        refused: (reason, peer) => this.#refused(reason, peer, socket.remoteAddress),
        validated: (peer) => this.#validated(peer, session),
      });
      this.#sessions.add(session);
      socket.once('close', () => this.#sessions.delete(session));
    });
    server.maxConnections = limits.connections;
    server.on('drop', (dropped) => this.#refused('too-many', undefined, dropped?.remoteAddress));
    this.#servers.push(server);
    server.listen(listener.port, listener.host, 1_024);
    await once(server, 'listening');
  }

  #receivedOf({ name }: Peer): ReceivedPackets {
    let received = this.#received.get(name);
    if (!received) this.#received.set(name, (received = new ReceivedPackets(this.#batcher, name)));
    return received;
  }

  /** A collector that comes anew has lost its old connection, whatever that one's socket still believes. */
  #validated({ name }: Peer, session: Session): void {
    const before = this.#byPeer.get(name);
    this.#byPeer.set(name, session);
    if (before !== session) before?.end();
  }

  #reserve(bytes: number): boolean {
    if (bytes > 0 && this.#reserved + bytes > this.#options.config.limits.archiveBytes) return false;
    this.#reserved += bytes;
    return true;
  }

  async #counted(upload: () => Promise<Taken>, about: Record<string, number>): Promise<void> {
    this.counters.uploads++;
    try {
      const { lines, quarantined } = await upload();
      this.counters.lines += lines;
      this.counters.quarantined += quarantined;
    } catch (error) {
      this.counters.failedUploads++;
      const { code, rule } = asFailure(error);
      this.#options.log.error({ event: 'upload failed', code, rule, ...about }, 'upload failed');
      throw error;
    }
  }

  #refused(
    ...[reason, peer, address]: [Parameters<Counters['refuse']>[0], string | undefined, string | undefined]
  ): void {
    this.counters.refuse(reason);
    this.#options.log.warn({ event: 'collector refused', reason, peer, address }, 'collector refused');
  }

  #kept(about: Record<string, unknown>): void {
    this.counters.kept++;
    this.#options.log.info({ event: 'kept unread', ...about }, 'kept unread');
  }

  #notKept(about: Record<string, unknown>, error: unknown): void {
    const { code } = asFailure(error);
    this.#options.log.error({ event: 'not kept', code, ...about }, 'not kept');
  }

  #say(): void {
    this.#options.log.info(
      { event: 'collectors', open: this.#sessions.size, ...this.counters },
      'collectors',
    );
  }
}
