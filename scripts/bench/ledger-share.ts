import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import type { BenchHub } from './bench-hub.js';
import { median } from './timing.js';

/** What the ledger costs a gateway that is busy with nothing but small answers: medians over the rounds. */
export interface LedgerShare {
  name: 'ledger share';
  query: string;
  rounds: number;
  requestsPerSecondWith: number;
  requestsPerSecondWithout: number;
  /** By how much fewer requests are answered because each is recorded: median of the rounds' own ratios. */
  throughputShare: number;
  /** Processor time of the gateway's process for one request, rooms included. */
  processorMicrosecondsWith: number;
  processorMicrosecondsWithout: number;
}

interface Round {
  perSecond: number;
  processor: number;
}

const QUERY = '{ me { tenant } }';
const CALLER = 'bench-district';
/** Enough that the gateway is never without work while some wait for their entries to be on disk. */
const CONNECTIONS = 128;
const ROUND_MS = 4_000;

/** The smallest query there is, so that the ledger's share is as large as it can be; both gateways take turns. */
export async function benchLedgerShare(hub: BenchHub, rounds: number): Promise<LedgerShare> {
  const [recording, silent] = [await Gateway.start(hub, 'with'), await Gateway.start(hub, 'without')];
  try {
    for (const gateway of [recording, silent]) await gateway.round(ROUND_MS / 2);
    const pairs: { on: Round; off: Round }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // Who is first changes, so that a machine that slows down favours neither.
      const isFirst = round % 2 === 0;
      const before = isFirst ? await recording.round(ROUND_MS) : undefined;
      const off = await silent.round(ROUND_MS);
      pairs.push({ on: before ?? (await recording.round(ROUND_MS)), off });
    }
    return {
      name: 'ledger share',
      query: QUERY,
      rounds,
      requestsPerSecondWith: median(pairs.map(({ on }) => on.perSecond)),
      requestsPerSecondWithout: median(pairs.map(({ off }) => off.perSecond)),
      throughputShare: median(pairs.map(({ on, off }) => 1 - on.perSecond / off.perSecond)),
      processorMicrosecondsWith: median(pairs.map(({ on }) => on.processor)),
      processorMicrosecondsWithout: median(pairs.map(({ off }) => off.processor)),
    };
  } finally {
    await Promise.all([recording.stop(), silent.stop()]);
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
  async round(milliseconds: number): Promise<Round> {
    const before = await this.#processor();
    const start = performance.now();
    let answered = 0;
    const caller = async (): Promise<void> => {
      while (performance.now() - start < milliseconds) {
        await this.#ask();
        answered += 1;
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, caller));
    const seconds = (performance.now() - start) / 1_000;
    return { perSecond: answered / seconds, processor: ((await this.#processor()) - before) / answered };
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
