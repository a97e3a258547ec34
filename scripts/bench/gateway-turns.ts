import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import type { BenchHub } from './bench-hub.js';
import type { Variant } from './gateway-process.js';
import { processorOf } from './processor.js';
import { median } from './timing.js';

/** What a gateway did in one turn; processor time in microseconds a request, waits in milliseconds. */
interface Turn {
  perSecond: number;
  /** Of the gateway's process, rooms included. */
  gateway: number;
  postgres: number;
  medianWait: number;
}

/** The medians of all turns of a gateway, and how much of it another does not need. */
export interface Side {
  requestsPerSecond: number;
  gatewayMicroseconds: number;
  postgresMicroseconds: number;
  medianMilliseconds: number;
}

/** The query that is asked, and what shows that it was answered. */
export interface Asked {
  query: string;
  isAnswered: (answer: { data?: Record<string, unknown> | null }) => boolean;
}

export const CALLER = 'bench-district';
/** Enough that the gateway is never without work while some wait for their entries to be on disk. */
const CONNECTIONS = 128;
const WARM_UP_MS = 2_000;
/** Short, so that what else the machine does falls on all alike. */
const TURN_MS = 500;
const TURNS_A_ROUND = 8;

/**
 * Gateways of several variants, each a process of its own on one home and database, work in turns of half a second.
 * Who is first changes, so that a machine that slows down favours nobody.
 */
export async function gatewayTurns(
  hub: BenchHub,
  variants: readonly Variant[],
  asked: Asked,
  rounds: number,
): Promise<Turns> {
  const postgres = await processorOf(hub.admin);
  const gateways: Gateway[] = [];
  try {
    for (const variant of variants) gateways.push(await Gateway.start(hub, variant));
    for (const gateway of gateways) await gateway.work(asked, postgres, WARM_UP_MS);
    const turns = gateways.map((): Turn[] => []);
    for (let turn = 0; turn < rounds * TURNS_A_ROUND; turn += 1) {
      for (let place = 0; place < gateways.length; place += 1) {
        const next = (place + turn) % gateways.length;
        turns[next]!.push(await gateways[next]!.work(asked, postgres, TURN_MS));
      }
    }
    return new Turns(turns);
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
  }
}

/** What came of the turns, by the variants' places. */
export class Turns {
  readonly #turns: Turn[][];

  constructor(turns: Turn[][]) {
    this.#turns = turns;
  }

  get count(): number {
    return this.#turns[0]!.length;
  }

  side(place: number): Side {
    const of = (figure: (turn: Turn) => number): number => median(this.#turns[place]!.map(figure));
    return {
      requestsPerSecond: of(({ perSecond }) => perSecond),
      gatewayMicroseconds: of(({ gateway }) => gateway),
      postgresMicroseconds: of(({ postgres }) => postgres),
      medianMilliseconds: of(({ medianWait }) => medianWait),
    };
  }

  /** By how much of `whole` the figure of `part` is less: the median over turns that followed each other. */
  share(figure: (turn: Turn) => number, { whole, part }: { whole: number; part: number }): number {
    const [all, some] = [this.#turns[whole]!, this.#turns[part]!];
    return median(all.map((turn, index) => 1 - figure(some[index]!) / figure(turn)));
  }

  /** How much larger the figure of `again` is than that of `once`, as a part of that. */
  added(figure: (turn: Turn) => number, { once, again }: { once: number; again: number }): number {
    const [first, second] = [this.#turns[once]!, this.#turns[again]!];
    return median(first.map((turn, index) => figure(second[index]!) / figure(turn) - 1));
  }
}

/** A gateway with its rooms in a process of its own, and a caller with connections open to it. */
class Gateway {
  readonly #process: ChildProcess;
  readonly #pool: Pool;
  readonly #died: Promise<never>;

  private constructor(process: ChildProcess, pool: Pool, died: Promise<never>) {
    this.#process = process;
    this.#pool = pool;
    this.#died = died;
  }

  static async start({ home }: BenchHub, variant: Variant): Promise<Gateway> {
    const script = fileURLToPath(new URL('gateway-process.js', import.meta.url));
    const child = fork(script, [home, variant], { stdio: 'inherit' });
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(`the gateway that is measured ended with ${String(code)}`);
    });
    died.catch(() => undefined);
    const [{ url }] = (await Promise.race([once(child, 'message'), died])) as [{ url: string }];
    const read = (file: string): Promise<string> => readFile(join(home, 'certs', file), 'utf8');
    const [ca, cert, key] = await Promise.all(['ca.crt', `${CALLER}.crt`, `${CALLER}.key`].map(read));
    const pool = new Pool(url, { connections: CONNECTIONS, connect: { ca, cert, key } as object });
    return new Gateway(child, pool, died);
  }

  /** As many callers as connections, each asking again as soon as it was answered. */
  async work(asked: Asked, postgres: () => Promise<number>, milliseconds: number): Promise<Turn> {
    const [before, databaseBefore] = [await this.#processor(), await postgres()];
    const start = performance.now();
    const waits: number[] = [];
    const caller = async (): Promise<void> => {
      while (performance.now() - start < milliseconds) {
        const begun = performance.now();
        await this.#ask(asked);
        waits.push(performance.now() - begun);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, caller));
    const seconds = (performance.now() - start) / 1_000;
    const [after, databaseAfter] = [await this.#processor(), await postgres()];
    return {
      perSecond: waits.length / seconds,
      gateway: (after - before) / waits.length,
      postgres: (databaseAfter - databaseBefore) / waits.length,
      medianWait: median(waits),
    };
  }

  async stop(): Promise<void> {
    await this.#pool.close();
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }

  async #ask({ query, isAnswered }: Asked): Promise<void> {
    const { body } = await this.#pool.request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const answer = (await body.json()) as Parameters<Asked['isAnswered']>[0];
    if (!isAnswered(answer)) throw new Error(`what is measured was not answered: ${JSON.stringify(answer)}`);
  }

  async #processor(): Promise<number> {
    const answer = once(this.#process, 'message');
    this.#process.send('cpu');
    const [{ cpu }] = (await Promise.race([answer, this.#died])) as [{ cpu: NodeJS.CpuUsage }];
    return cpu.user + cpu.system;
  }
}
