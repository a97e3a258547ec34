import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import type { BenchHub } from './bench-hub.js';

/** What the ledger costs a gateway that is busy with nothing but small answers. */
export interface LedgerShare {
  name: 'ledger share';
  query: string;
  turns: number;
  requestsPerSecondWith: number;
  requestsPerSecondWithout: number;
  /** By how much fewer requests are answered because each is recorded. */
  throughputShare: number;
  /** Processor time of the gateway's process for one request, rooms included. */
  processorMicrosecondsWith: number;
  processorMicrosecondsWithout: number;
}

/** What a gateway did in all its turns. */
interface Work {
  answered: number;
  seconds: number;
  processor: number;
}

const QUERY = '{ me { tenant } }';
const CALLER = 'bench-district';
/** Enough that the gateway is never without work while some wait for their entries to be on disk. */
const CONNECTIONS = 128;
const WARM_UP_MS = 2_000;
/** Short, so that what else the machine does falls on both alike. */
const TURN_MS = 500;
const TURNS_A_ROUND = 8;

/** The smallest query there is, so that the ledger's share is as large as it can be; both gateways take turns. */
export async function benchLedgerShare(hub: BenchHub, rounds: number): Promise<LedgerShare> {
  const [recording, silent] = [await Gateway.start(hub, 'with'), await Gateway.start(hub, 'without')];
  try {
    for (const gateway of [recording, silent]) await gateway.work(WARM_UP_MS);
    for (const gateway of [recording, silent]) gateway.forget();
    const turns = rounds * TURNS_A_ROUND;
    for (let turn = 0; turn < turns; turn += 1) {
      // Who is first changes, so that a machine that slows down favours neither.
      const order = turn % 2 === 0 ? [recording, silent] : [silent, recording];
      for (const gateway of order) await gateway.work(TURN_MS);
    }
    const [on, off] = [recording.done, silent.done];
    return {
      name: 'ledger share',
      query: QUERY,
      turns,
      requestsPerSecondWith: on.answered / on.seconds,
      requestsPerSecondWithout: off.answered / off.seconds,
      throughputShare: 1 - on.answered / on.seconds / (off.answered / off.seconds),
      processorMicrosecondsWith: on.processor / on.answered,
      processorMicrosecondsWithout: off.processor / off.answered,
    };
  } finally {
    await Promise.all([recording.stop(), silent.stop()]);
  }
}

/** A gateway with its rooms in a process of its own, and a caller with connections open to it. */
class Gateway {
  done: Work = { answered: 0, seconds: 0, processor: 0 };
  readonly #process: ChildProcess;
  readonly #pool: Pool;
  readonly #died: Promise<never>;

  private constructor(process: ChildProcess, pool: Pool, died: Promise<never>) {
    this.#process = process;
    this.#pool = pool;
    this.#died = died;
  }

  static async start({ home }: BenchHub, ledger: 'with' | 'without'): Promise<Gateway> {
    const script = fileURLToPath(new URL('gateway-process.js', import.meta.url));
    const child = fork(script, [home, ledger], { stdio: 'inherit' });
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
  async work(milliseconds: number): Promise<void> {
    const before = await this.#processor();
    const start = performance.now();
    const caller = async (): Promise<void> => {
      while (performance.now() - start < milliseconds) {
        await this.#ask();
        this.done.answered += 1;
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, caller));
    this.done.seconds += (performance.now() - start) / 1_000;
    this.done.processor += (await this.#processor()) - before;
  }

  forget(): void {
    this.done = { answered: 0, seconds: 0, processor: 0 };
  }

  async stop(): Promise<void> {
    await this.#pool.close();
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }

  async #ask(): Promise<void> {
    const { body } = await this.#pool.request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: QUERY }),
    });
    const { data } = (await body.json()) as { data?: { me?: { tenant: string } } };
    if (data?.me?.tenant !== CALLER) throw new Error('the query that is measured was not answered');
  }

  async #processor(): Promise<number> {
    const answer = once(this.#process, 'message');
    this.#process.send('cpu');
    const [{ cpu }] = (await Promise.race([answer, this.#died])) as [{ cpu: NodeJS.CpuUsage }];
    return cpu.user + cpu.system;
  }
}
