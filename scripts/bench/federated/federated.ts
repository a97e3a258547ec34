import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { prepareDatabases } from '../../../gateway/databases.js';
import { rolePasswords } from '../../../gateway/keys.js';
import type { HubClient } from '../../client/hub-client.js';
import { attachDatabase } from '../../database/open.js';
import type { BenchHub } from '../bench-hub.js';
import { CALLER } from '../gateway-turns.js';
import { processorOf } from '../processor.js';
import { median, timed } from '../timing.js';
import { fill, isWhole, QUERY } from './city.js';
import type { Shares } from './shares.js';
import type { Order, Seen, Sent } from './watched-process.js';

export interface FederatedFigures {
  name: 'federated';
  query: string;
  /** Milliseconds of one request after another: each line is in the one above it. */
  milliseconds: {
    whole: number;
    answering: number;
    rooms: number;
    driver: number;
    /** The same statements, one after another on one connection, and nothing else. */
    sqlAlone: number;
  };
  timesSqlAlone: number;
  /** To PostgreSQL; those of rooms that work side by side count each. */
  roundTrips: number;
  transactions: number;
  prepared: number;
  requestsPerSecond: number;
  /** Microseconds a request, under load. */
  processor: { hub: number; postgres: number };
  /** Of the hub's, what each part of it takes. */
  shares: Shares;
}

const WARM_UP = 200;
const ASKED = 200;
const LOAD_MS = 4_000;
const CALLERS = 8;

/** Follows one federated query from the socket to SQL. */
export async function benchFederated(hub: BenchHub, rounds: number): Promise<FederatedFigures> {
  await fill(hub);
  const postgres = await processorOf(hub.admin);
  const watched = await Watched.start(hub);
  const client = await hub.client(CALLER, watched.url);
  try {
    for (let turn = 0; turn < WARM_UP; turn += 1) await ask(client);
    await watched.told('statements');
    await ask(client);
    const { statements } = await watched.told<Seen>('seen');
    const milliseconds = await oneAfterAnother(hub, watched, client, statements, rounds);
    const loaded = await underLoad(watched, client, postgres);
    return {
      name: 'federated',
      query: QUERY,
      milliseconds,
      timesSqlAlone: milliseconds.whole / milliseconds.sqlAlone,
      roundTrips: statements.length,
      transactions: statements.filter(({ text }) => /^(begin|start transaction)/i.test(text)).length,
      prepared: statements.filter(({ name }) => name).length,
      ...loaded,
    };
  } finally {
    await client.close();
    await watched.stop();
  }
}

async function ask(client: HubClient): Promise<void> {
  const data = await client.ask(QUERY);
  if (!isWhole({ data }))
    throw new Error(`the query did not answer whole: ${JSON.stringify(data).slice(0, 500)}`);
}

async function oneAfterAnother(
  hub: BenchHub,
  watched: Watched,
  client: HubClient,
  statements: readonly Sent[],
  rounds: number,
): Promise<FederatedFigures['milliseconds']> {
  const turns: FederatedFigures['milliseconds'][] = [];
  for (let round = 0; round < rounds; round += 1) {
    await watched.told('spans');
    const waits: number[] = [];
    for (let turn = 0; turn < ASKED; turn += 1) waits.push(await timed(() => ask(client)));
    const { requests, answering, rooms, driver } = await watched.told<Seen>('seen');
    const sqlAlone = await alone(hub, statements);
    turns.push({
      whole: waits.reduce((sum, wait) => sum + wait, 0) / waits.length,
      answering: answering / requests,
      rooms: rooms / requests,
      driver: driver / requests,
      sqlAlone,
    });
  }
  const middle = (of: keyof FederatedFigures['milliseconds']): number =>
    median(turns.map((turn) => turn[of]));
  return {
    whole: middle('whole'),
    answering: middle('answering'),
    rooms: middle('rooms'),
    driver: middle('driver'),
    sqlAlone: middle('sqlAlone'),
  };
}

/** The statements of one request again, connection by connection, under the same role. Milliseconds, the mean of many. */
async function alone({ home }: BenchHub, statements: readonly Sent[]): Promise<number> {
  const { url } = await attachDatabase({ home, log: () => undefined });
  const { rooms } = (await prepareDatabases(url, await rolePasswords(home))).FORMAL;
  const client = new pg.Client({ connectionString: rooms });
  await client.connect();
  const inOrder = statements.toSorted((one, other) => one.connection - other.connection);
  const again = async (): Promise<void> => {
    for (const { text, values, name } of inOrder) await client.query({ text, values, ...(name && { name }) });
  };
  try {
    for (let turn = 0; turn < WARM_UP / 4; turn += 1) await again();
    return (
      (await timed(async () => {
        for (let turn = 0; turn < ASKED; turn += 1) await again();
      })) / ASKED
    );
  } finally {
    await client.end();
  }
}

async function underLoad(
  watched: Watched,
  client: HubClient,
  postgres: () => Promise<number>,
): Promise<Pick<FederatedFigures, 'requestsPerSecond' | 'processor' | 'shares'>> {
  await watched.told('profile');
  const [before, databaseBefore] = [await watched.processor(), await postgres()];
  let requests = 0;
  const milliseconds = await timed(async () => {
    const end = performance.now() + LOAD_MS;
    const caller = async (): Promise<void> => {
      for (; performance.now() < end; requests += 1) await ask(client);
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
  });
  const [after, databaseAfter] = [await watched.processor(), await postgres()];
  const { idle: _, ...shares } = await watched.told<Shares>('shares');
  const hub = (after - before) / requests;
  const busy = Object.values(shares).reduce((sum, time) => sum + time, 0);
  return {
    requestsPerSecond: (requests / milliseconds) * 1_000,
    processor: { hub, postgres: (databaseAfter - databaseBefore) / requests },
    shares: Object.fromEntries(
      Object.entries(shares)
        .map(([part, time]) => [part, Math.round((time / busy) * hub)] as const)
        .toSorted(([, one], [, other]) => other - one),
    ),
  };
}

/** The hub that is watched, in a process of its own. */
class Watched {
  readonly url: string;
  readonly #process: ReturnType<typeof fork>;

  private constructor(process: ReturnType<typeof fork>, url: string) {
    this.#process = process;
    this.url = url;
  }

  static async start({ home }: BenchHub): Promise<Watched> {
    const child = fork(fileURLToPath(new URL('watched-process.js', import.meta.url)), [home]);
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    return new Watched(child, url);
  }

  async told<Answer>(order: Order): Promise<Answer> {
    const answer = once(this.#process, 'message');
    this.#process.send(order);
    const [said] = (await answer) as [Answer];
    return said;
  }

  async processor(): Promise<number> {
    const { cpu } = await this.told<{ cpu: NodeJS.CpuUsage }>('cpu');
    return cpu.user + cpu.system;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}
