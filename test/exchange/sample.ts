import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reply } from '../world/caller.js';
import { aBuilding, aMeter, anEnterprise, has } from '../world/things.js';
import type { World } from '../world/world.js';

export interface Receipt {
  batch: string;
  tenant: string;
  state: string;
  lines: number;
  accepted: number;
  unchanged: number;
  corrected: number;
  quarantined: number;
  reasons: Record<string, number>;
  readings: number;
  bytes: number;
  sha256: string;
  quarantine: string;
  checkpoint: { size: number; root: string };
}

/** Two hourly meters of a building in 310101, and one in 310104. */
export async function meters(world: World): Promise<void> {
  await has(world.as('district-310101'), {
    enterprises: [anEnterprise()],
    buildings: [aBuilding()],
    meters: [aMeter({ id: 'm1' }), aMeter({ id: 'm2' })],
  });
  await has(world.as('district-310104'), {
    buildings: [aBuilding({ id: '310104A001' })],
    meters: [aMeter({ id: 'south', buildingId: '310104A001' })],
  });
}

export function day(meter: string, date: string, value: number | string | null = 1): string {
  return JSON.stringify({ meter, date, interval: 60, values: Array<unknown>(24).fill(value) });
}

export async function upload(
  world: World,
  body: string | Buffer,
  headers: Record<string, string> = {},
  tenant = 'district-310101',
): Promise<Reply & { receipt: Receipt }> {
  const reply = await world.as(tenant).send('POST', '/upload/readings', body, headers);
  return { ...reply, receipt: JSON.parse(reply.body.toString('utf8')) as Receipt };
}

export interface Rejected {
  line: number;
  part: number;
  reason: string;
  detail: string;
  content: string;
  encoding: 'utf8' | 'base64';
}

/** The lines in quarantine, read back over the wire. */
export async function quarantine(
  world: World,
  path: string,
  tenant = 'district-310101',
): Promise<Rejected[]> {
  const { body } = await world.as(tenant).send('GET', path);
  return body
    .toString('utf8')
    .split('\n')
    .flatMap((line) => (line ? [JSON.parse(line) as Rejected] : []));
}

export function authorities(world: World): string {
  return readFileSync(join(world.home, 'certs', 'ca.crt'), 'utf8');
}

/** Asks until it is so; throws when it has not come to pass after ten seconds. */
export async function until<T>(what: () => Promise<T | undefined>): Promise<T> {
  const giveUpAt = performance.now() + 10_000;
  for (;;) {
    const found = await what();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAt) throw new Error('it has not come to pass');
    await pause(25);
  }
}
