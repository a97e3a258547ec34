import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchHub } from './bench-hub.js';
import { BenchPeer } from './collector-peer.js';
import { forgetMeters } from './forget.js';
import { BENCH_AREA, BENCH_SUBJECT } from './ingest-files.js';
import { timed } from './timing.js';

const PEERS = 500;
const PACKETS = 48;
const FUNCTIONS = 10;
const KEY = 'of the benchmark';

/** Packets of 500 collectors at once, from the first report to the last acknowledgement. */
export interface CollectorFigures {
  name: string;
  connections: number;
  packets: number;
  readings: number;
  packetsPerSecond: number;
  readingsPerSecond: number;
  uploads: number;
  /** Most resident memory of the listener's process, MB: at rest with all connections, and at its highest. */
  memory: { connected: number; peak: number };
}

/**
 * 500 collectors report at once, ten meters a packet, through the listener and the upload door into the database. All
 * are acknowledged, and what is stored is compared with what was sent.
 */
export async function benchCollectors(hub: BenchHub): Promise<CollectorFigures> {
  const buildings = Array.from({ length: PEERS }, (_, at) => `310101A${String(at).padStart(3, '0')}`);
  await prepare(hub, buildings);
  const { child, port } = await listener(hub);
  try {
    const peers = await Promise.all(buildings.map((building) => BenchPeer.validated(port, building, KEY)));
    const connected = await memory(child, 'VmRSS');
    const milliseconds = await timed(() => Promise.all(peers.map((peer, at) => peer.report(packetsOf(at)))));
    const peak = await memory(child, 'VmHWM');
    for (const peer of peers) peer.end();
    await compare(hub);
    const packets = PEERS * PACKETS;
    const { rows } = await hub.admin.query<{ uploads: number }>(
      'select count(*)::integer as uploads from exchange.batch',
    );
    return {
      name: 'collectors',
      connections: PEERS,
      packets,
      readings: packets * FUNCTIONS,
      packetsPerSecond: (packets / milliseconds) * 1_000,
      readingsPerSecond: (packets * FUNCTIONS * 1_000) / milliseconds,
      uploads: rows[0]?.uploads ?? 0,
      memory: { connected, peak },
    };
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}

const valueOf = (peer: number, packet: number, place: number): number =>
  (peer + packet * 7 + place * 3) % 1_000;

function packetsOf(peer: number): { sequence: string; time: string; values: string[] }[] {
  return Array.from({ length: PACKETS }, (_, packet) => ({
    sequence: String(packet),
    time: new Date(Date.UTC(2026, 0, 1, packet)).toISOString().slice(0, 19).replaceAll(/\D/g, ''),
    values: Array.from({ length: FUNCTIONS }, (_value, place) => String(valueOf(peer, packet, place))),
  }));
}

async function prepare({ admin, home }: BenchHub, buildings: string[]): Promise<void> {
  await forgetMeters(admin);
  const meters = buildings.flatMap((building) =>
    Array.from({ length: FUNCTIONS }, (_, at) => `${building}.01.1.${at}`),
  );
  await admin.query(
    `insert into metering.meter (id, name, subject, area, level, energy_item, unit, interval_minutes, platform)
     select id, id, $2, $3, 1, '01000', 'kWh', 60, 'bench' from unnest($1::text[]) as id`,
    [meters, BENCH_SUBJECT, BENCH_AREA],
  );
  await mkdir(join(home, 'collectors'), { recursive: true });
  await writeFile(join(home, 'collectors', 'bench.key'), `${KEY}\n`, { mode: 0o600 });
  const peers = buildings.map((building) => ({
    building,
    gateway: '01',
    keyFile: 'bench.key',
    interval: 60,
  }));
  await writeFile(join(home, 'collectors.json'), JSON.stringify({ listeners: [{ port: 0, peers }] }));
}

async function listener({ home, url }: BenchHub): Promise<{ child: ChildProcess; port: number }> {
  const command = fileURLToPath(new URL('../hub.js', import.meta.url));
  const as = ['--as', 'bench-district', '--home', home, '--url', url];
  const child = spawn(
    process.execPath,
    [command, 'serve', 'collectors', '--config', join(home, 'collectors.json'), ...as],
    { env: { ...process.env, HUB_LOG: 'error' }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const died = once(child, 'exit').then(() => Promise.reject(new Error('the listener ended')));
  died.catch(() => undefined);
  const [said] = (await Promise.race([once(child.stdout!, 'data'), died])) as [Buffer];
  const { listening } = JSON.parse(String(said)) as { listening: string[] };
  return { child, port: Number(listening[0]?.split(':')[1]) };
}

async function compare({ admin }: BenchHub): Promise<void> {
  let sum = 0;
  for (let peer = 0; peer < PEERS; peer++)
    for (let packet = 0; packet < PACKETS; packet++)
      for (let place = 0; place < FUNCTIONS; place++) sum += valueOf(peer, packet, place);
  const { rows } = await admin.query<{ present: number; sum: string }>(
    'select sum(present)::integer as present, sum(total)::text as sum from metering.day_block',
  );
  const expected = { present: PEERS * PACKETS * FUNCTIONS, sum: String(sum) };
  if (rows[0]?.present !== expected.present || rows[0]?.sum !== expected.sum)
    throw new Error(`stored ${JSON.stringify(rows[0])} instead of ${JSON.stringify(expected)}`);
}

/** Of a process, in MB. */
async function memory({ pid }: ChildProcess, name: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
}
