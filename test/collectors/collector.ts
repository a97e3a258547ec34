import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FrameSpec } from '../../scripts/collectors/config.js';
import { FrameCutter, framed, type PacketName } from '../../scripts/collectors/frames.js';

export interface CollectorOptions {
  port: number;
  /** Of a data centre. */
  node?: string;
  building?: string;
  gateway?: string;
  key?: string;
  frame?: FrameSpec;
  /** What is put over the body of each frame, by name. */
  seal?: (body: Buffer) => Buffer;
  open?: (body: Buffer) => Buffer;
}

/** A data collector as one stands in a building's cellar: a socket that speaks the packets of the guide. */
export class Collector {
  readonly #options: Required<CollectorOptions>;
  readonly #socket: Socket;
  readonly #cutter: FrameCutter;
  #received: string[] = [];
  #isClosed = false;
  /** Whether each byte is written for itself. */
  trickle = false;

  private constructor(options: CollectorOptions, socket: Socket) {
    const plain = (body: Buffer): Buffer => body;
    this.#options = {
      ...{ building: '310101A001', gateway: '01', key: 'secret-1', frame: { kind: 'plain' as const } },
      ...{ seal: plain, open: plain, node: '' },
      ...options,
    };
    this.#socket = socket.setNoDelay(true);
    this.#cutter = new FrameCutter(this.#options.frame, 1_048_576);
    socket.on('data', (bytes) => {
      for (const body of this.#cutter.push(bytes)) this.#received.push(this.#options.open(body).toString());
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (this.#isClosed = true));
  }

  static async connect(options: CollectorOptions): Promise<Collector> {
    const socket = connect(options.port, '127.0.0.1');
    await once(socket, 'connect');
    return new Collector(options, socket);
  }

  /** Connects and proves who it is. */
  static async validated(options: CollectorOptions): Promise<Collector> {
    const collector = await Collector.connect(options);
    await collector.prove();
    return collector;
  }

  async prove(): Promise<string> {
    this.packet('id_validate', 'request');
    const sequence = inside(await this.next(), 'sequence');
    this.packet('id_validate', 'md5', { md5: this.md5(sequence) });
    return inside(await this.next(), 'result');
  }

  md5(sequence: string): string {
    return createHash('md5')
      .update(sequence + this.#options.key)
      .digest('hex');
  }

  packet(name: PacketName, operation: string, children: Record<string, string> = {}, more = ''): void {
    const { node, building, gateway, frame, seal } = this.#options;
    const of = node && `<node_id>${node}</node_id>`;
    const text = Object.entries(children).map(([child, value]) => `<${child}>${value}</${child}>`);
    const xml = `<?xml version="1.0" encoding="utf-8"?>\n<root><common>${of}<building_id>${building}</building_id><gateway_id>${gateway}</gateway_id><type>${name}</type></common><${name} operation="${operation}">${text.join('')}${more}</${name}></root>`;
    this.send(framed(frame, name, seal(Buffer.from(xml))));
  }

  /** A report of one function a value: `01A00` of meter 1. */
  report(sequence: string, time: string, value: string, more: Record<string, string> = {}): void {
    const operation = 'total' in more ? 'continuous' : 'report';
    const children = { sequence, parser: 'yes', time, ...more };
    this.packet('data', operation, children, functionOf(value));
  }

  send(bytes: Buffer | string): void {
    if (!this.trickle) this.#socket.write(bytes);
    else for (const byte of Buffer.from(bytes)) this.#socket.write(Buffer.from([byte]));
  }

  /** The next packet; undefined when the connection has ended before it. */
  async next(): Promise<string> {
    for (let waited = 0; this.#received.length === 0; waited += 5) {
      if (this.#isClosed) return 'closed';
      if (waited > 20_000) throw new Error('no packet came');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.#received.shift() ?? '';
  }

  get waiting(): number {
    return this.#received.length;
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

export function functionOf(value: string, error = '0'): string {
  return `<meter id="1"><function id="1" coding="01A00" error="${error}">${value}</function></meter>`;
}

export function inside(packet: string, element: string): string {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(packet)?.[1] ?? packet;
}
