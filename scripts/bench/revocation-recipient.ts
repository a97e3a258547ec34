import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import type { BenchHub } from './bench-hub.js';

/** The day whose package is downloaded. */
export const DAY = '2026-01-01';
/** How long the recipient goes on trying after it was refused. */
const AFTERWARDS_MS = 400;
const ANSWER_WITHIN_MS = 10_000;

export type Doing = 'idle' | 'download';

export interface Outcome {
  /** Milliseconds from the answer to the revocation to the last byte; 0 when none came any more. */
  afterAnswer: number;
  /** The same from when the revocation was sent. */
  afterSending: number;
  bytesAfter: number;
}

export interface Credentials {
  cert: string;
  key: string;
}

export async function pair({ home }: BenchHub, name: string): Promise<Credentials> {
  const read = (file: string): Promise<string> => readFile(join(home, 'certs', file), 'utf8');
  return { cert: await read(`${name}.crt`), key: await read(`${name}.key`) };
}

export async function poolOf({ home, url }: BenchHub, credentials: Credentials): Promise<Pool> {
  const ca = await readFile(join(home, 'certs', 'ca.crt'), 'utf8');
  return new Pool(url, { connections: 1, connect: { ca, ...credentials } });
}

/**
 * The recipient asks on one connection as fast as it is answered, for its meters or for the part of a package; is
 * revoked meanwhile; and goes on for a while after it was refused, when nothing may come any more.
 */
export async function lastByte(pool: Pool, doing: Doing, revoke: () => Promise<unknown>): Promise<Outcome> {
  const path = doing === 'download' ? `/packages/${await opened(pool, packageOf)}/parts/1` : null;
  if (path === null) await opened(pool, meters);
  const watch = { lastAt: 0, bytesAfter: 0, sentAt: Number.POSITIVE_INFINITY };
  const asking = path === null ? () => meters(pool, watch) : () => download(pool, path, watch);
  const running = (async () => {
    while (await asking().catch(() => false));
  })();
  await pause(Math.random() * 200);
  watch.sentAt = performance.now();
  await revoke();
  const answeredAt = performance.now();
  await running;
  if (performance.now() - watch.sentAt > ANSWER_WITHIN_MS) throw new Error('it was not refused in time');
  const { lastAt, bytesAfter, sentAt } = watch;
  const until = performance.now() + AFTERWARDS_MS;
  while (performance.now() < until) await asking().catch(() => false);
  if (watch.lastAt !== lastAt) throw new Error('something came after the refusal');
  const [afterAnswer, afterSending] = [Math.max(0, lastAt - answeredAt), Math.max(0, lastAt - sentAt)];
  return { afterAnswer, afterSending, bytesAfter };
}

interface Watch {
  /** When something that only the permitted get came last. */
  lastAt: number;
  bytesAfter: number;
  sentAt: number;
}

/** Until the hub has learnt of certificate and consent. */
async function opened<T>(pool: Pool, ask: (pool: Pool) => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + ANSWER_WITHIN_MS;
  for (;;) {
    const found = await ask(pool).catch(() => undefined);
    if (found) return found;
    if (performance.now() > giveUpAt) throw new Error('it was never allowed');
    await pause(20);
  }
}

async function graphql<Data>(pool: Pool, query: string): Promise<Data | null> {
  const { body } = await pool.request({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await body.json()) as { data?: Data; errors?: object[] };
  return errors ? null : (data ?? null);
}

async function packageOf(pool: Pool): Promise<string | undefined> {
  const query = `{ dailyPackage(date: "${DAY}") { id } }`;
  return (await graphql<{ dailyPackage: { id: string } | null }>(pool, query))?.dailyPackage?.id;
}

async function meters(pool: Pool, watch?: Watch): Promise<boolean> {
  const data = await graphql(pool, '{ meters(first: 1) { nodes { id } } }');
  if (data && watch) watch.lastAt = performance.now();
  return data !== null;
}

async function download(pool: Pool, path: string, watch: Watch): Promise<boolean> {
  const { statusCode, body } = await pool.request({ method: 'GET', path });
  for await (const piece of body) {
    if (statusCode !== 200) continue;
    watch.lastAt = performance.now();
    if (watch.lastAt > watch.sentAt) watch.bytesAfter += (piece as Buffer).length;
  }
  return statusCode === 200;
}
