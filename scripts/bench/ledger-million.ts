import { spawn } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'pg';
import { sealOf } from '../../gateway/ledger/seal.js';
import type { BenchHub } from './bench-hub.js';

/** Verifying a long ledger by the commands that people use; memory is what their processes took at most. */
export interface LedgerMillion {
  name: 'ledger million';
  entries: number;
  appendedPerSecond: number;
  databaseSeconds: number;
  databasePeakMB: number;
  exportSeconds: number;
  exportMB: number;
  offlineSeconds: number;
  offlinePeakMB: number;
}

const LOT = 10_000;
const LOOK_MS = 100;

/** Facts as long as those of an answered query. */
const FACTS = `select format('{"allowed":true,"at":"2026-01-01T00:00:00.000Z","event":"DECISION_AND_RELEASE","fingerprint":"%1$s",'
    || '"operation":{"kind":"QUERY","name":"BuildingsWithMeters","sha256":"%1$s"},"permissions":["buildings:read",'
    || '"enterprises:read","meters:read","readings:read"],"purpose":"SUPERVISION","refusals":[],"release":{"bytes":20000,'
    || '"items":null,"kind":"ANSWER","object":null,"sha256":"%1$s"},"request":"%2$s","salt":"%3$s","tenant":"municipal"}',
    repeat('ab', 32), gen_random_uuid(), md5(random()::text)) as facts
  from generate_series(1, $1)`;
const APPEND = 'insert into ledger.entry (facts, seal) select * from unnest($1::text[], $2::bytea[])';

/**
 * Brings the ledger to so many entries, verifies it in the database, exports it, and verifies the export offline.
 *
 * @throws Error when either does not hold.
 */
export async function benchLedgerMillion(
  hub: BenchHub,
  { pool, key, entries }: { pool: Pool; key: KeyObject; entries: number },
): Promise<LedgerMillion> {
  const { rows } = await pool.query<{ count: string }>('select count(*) from ledger.entry');
  const missing = entries - Number(rows[0]?.count ?? 0);
  let appended = 0;
  for (let done = 0; done < missing; done += LOT) {
    const made = await pool.query<{ facts: string }>(FACTS, [Math.min(LOT, missing - done)]);
    const facts = made.rows.map((row) => row.facts);
    const start = performance.now();
    await pool.query(APPEND, [facts, facts.map((text) => sealOf(key, text))]);
    appended += (performance.now() - start) / 1_000;
  }
  const file = join(hub.home, 'ledger.ndjson');
  const home = ['--home', hub.home];
  const database = await hubCommand('verify', '--database', ...home);
  const written = await hubCommand('export', '--out', file, ...home);
  const offline = await hubCommand('verify', file, '--ca', join(hub.home, 'certs', 'ca.crt'));
  return {
    name: 'ledger million',
    entries,
    appendedPerSecond: missing / appended,
    databaseSeconds: database.seconds,
    databasePeakMB: database.peakMB,
    exportSeconds: written.seconds,
    exportMB: (await stat(file)).size / 1_048_576,
    offlineSeconds: offline.seconds,
    offlinePeakMB: offline.peakMB,
  };
}

async function hubCommand(...args: string[]): Promise<{ seconds: number; peakMB: number }> {
  const command = fileURLToPath(new URL('../hub.js', import.meta.url));
  const start = performance.now();
  const child = spawn(process.execPath, [command, 'ledger', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (bytes) => (said += String(bytes)));
  let peak = 0;
  const ended = once(child, 'exit') as Promise<[number]>;
  while (child.exitCode === null) {
    peak = Math.max(peak, await highWater(child.pid));
    await Promise.race([ended, pause(LOOK_MS)]);
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`hub ledger ${args[0]} ended with ${code}: ${said}`);
  return { seconds: (performance.now() - start) / 1_000, peakMB: peak / 1_024 };
}

/** Kilobytes; 0 once the process has gone. */
async function highWater(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
}
