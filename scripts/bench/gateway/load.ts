import { connect as plainConnection, type Socket } from 'node:net';
import { connect as tlsConnection } from 'node:tls';
import { median, quantile } from '../timing.js';
import { Messages } from './messages.js';

/** Who is asked what, over how many connections for how long. */
export interface Work {
  url: string;
  /** A client's certificate, PEM, where the gateway asks for one. */
  tls?: { ca: string; cert: string; key: string };
  query: string;
  connections: number;
  milliseconds: number;
}

export interface Load {
  requests: number;
  perSecond: number;
  /** Milliseconds. */
  medianWait: number;
  wait99: number;
}

/**
 * Each connection asks again as soon as it was answered. The time ends with the last answer, so that a request that
 * takes longer than all of it counts as what it is.
 */
export async function load(work: Work): Promise<Load> {
  const callers = await Promise.all(Array.from({ length: work.connections }, () => Caller.open(work)));
  const start = performance.now();
  const waits = (
    await Promise.all(callers.map((caller) => caller.askUntil(start + work.milliseconds)))
  ).flat();
  const seconds = (performance.now() - start) / 1_000;
  for (const caller of callers) caller.close();
  return {
    requests: waits.length,
    perSecond: waits.length / seconds,
    medianWait: median(waits),
    wait99: quantile(waits, 0.99),
  };
}

class Caller {
  readonly #socket: Socket;
  readonly #request: Buffer;
  #answered: (head: string) => void = () => undefined;

  private constructor(socket: Socket, request: Buffer) {
    this.#socket = socket;
    this.#request = request;
    const reader = new Messages((head) => this.#answered(head), { keepsBodies: false });
    socket.on('data', (bytes: Buffer) => reader.push(bytes));
  }

  static async open({ url, tls, query }: Work): Promise<Caller> {
    const { hostname: host, port, pathname } = new URL(url);
    const place = { host: host === 'localhost' ? '127.0.0.1' : host, port: Number(port) };
    const socket = tls
      ? tlsConnection({ ...place, ...tls, servername: 'localhost' })
      : plainConnection(place);
    await new Promise<void>((resolve, reject) => {
      socket.once(tls ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
    });
    socket.setNoDelay(true);
    const body = JSON.stringify({ query });
    const head = [
      `POST ${pathname} HTTP/1.1`,
      `host: localhost:${port}`,
      'content-type: application/json',
      'accept: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
    ];
    return new Caller(socket, Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`));
  }

  /** @returns how long each request waited, in milliseconds */
  askUntil(end: number): Promise<number[]> {
    return new Promise((resolve, reject) => {
      const waits: number[] = [];
      let begun = 0;
      const ask = (): void => {
        begun = performance.now();
        this.#socket.write(this.#request);
      };
      this.#socket.once('close', () => reject(new Error('the gateway closed a connection')));
      this.#answered = (head) => {
        const now = performance.now();
        waits.push(now - begun);
        if (!head.startsWith('HTTP/1.1 200')) return reject(new Error(head));
        if (now < end) ask();
        else resolve(waits);
      };
      ask();
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
