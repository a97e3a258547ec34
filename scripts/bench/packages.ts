import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { openAuthority } from '../../certs/authority.js';
import type { HubClient } from '../client/hub-client.js';
import { attachDatabase } from '../database/open.js';
import type { BenchHub } from './bench-hub.js';
import { forgetPackages } from './forget.js';
import { median, timed } from './timing.js';

/** Readings a second; ratios over a bare binary COPY out over TLS of the same blocks in the same run. */
export interface PackageFigures {
  name: string;
  what: string;
  readings: number;
  copyOutTls: number;
  /** `hub pull` as a process of its own: start, building, download, verification, acknowledgement. */
  pull: number;
  pullRatio: number;
  /** Building alone: the first dailyPackage of each day. */
  build: number;
  /** Download alone of what is built. */
  download: number;
  downloadRatio: number;
  memory: { peak: number };
}

const COLUMNS = 'date, meter, interval_minutes, scale, values, total, version';

/** Pulls days of a loaded hub; the blocks pulled are counted against the table. */
export async function benchPackages(
  hub: BenchHub,
  what: string,
  days: string[],
  rounds: number,
): Promise<PackageFigures> {
  await serveTls(hub);
  const tls = await tlsClient(hub);
  const client = await hub.client('bench-national');
  try {
    const { readings, blocks } = await held(hub, days);
    const times = {
      copy: [] as number[],
      pull: [] as number[],
      build: [] as number[],
      download: [] as number[],
    };
    for (let round = 0; round < rounds; round += 1) {
      await forget(hub);
      times.copy.push(await timed(() => copyOut(tls, days)));
      times.pull.push(await timed(() => pull(hub, days, blocks)));
      await forget(hub);
      const packages: OfferedPackage[] = [];
      times.build.push(await timed(async () => void packages.push(...(await build(client, days, blocks)))));
      times.download.push(await timed(() => download(client, packages)));
      times.copy.push(await timed(() => copyOut(tls, days)));
    }
    const rate = (list: number[]): number => Math.round((readings / median(list)) * 1_000);
    const [copyOutTls, download_] = [rate(times.copy), rate(times.download)];
    return {
      name: 'packages',
      what,
      readings,
      copyOutTls,
      pull: rate(times.pull),
      pullRatio: rate(times.pull) / copyOutTls,
      build: rate(times.build),
      download: download_,
      downloadRatio: download_ / copyOutTls,
      memory: { peak: (await hub.memory()).peak },
    };
  } finally {
    await client.close();
    await tls.end();
  }
}

interface OfferedPackage {
  id: string;
  parts: number;
  blocks: number;
  bytes: number;
}

async function held({ admin }: BenchHub, days: string[]): Promise<{ readings: number; blocks: number }> {
  const { rows } = await admin.query<{ readings: number; blocks: number }>(
    'select coalesce(sum(present), 0)::int as readings, count(*)::int as blocks from metering.day_block where date = any($1)',
    [days],
  );
  return rows[0] ?? { readings: 0, blocks: 0 };
}

async function forget({ admin }: BenchHub): Promise<void> {
  await forgetPackages(admin);
  await admin.query('checkpoint');
}

/** The embedded server speaks TLS for the comparison, with the hub's own server certificate. */
async function serveTls({ admin, home }: BenchHub): Promise<void> {
  const { certificate, key } = await (await openAuthority(home)).serverCredentials();
  const file = async (name: string, content: string): Promise<void> => {
    await admin.query('create temporary table if not exists pem (line text)');
    await admin.query('truncate pem');
    await admin.query('insert into pem select unnest($1::text[])', [content.trim().split('\n')]);
    await admin.query(`copy pem to program 'umask 077; cat > ${name}'`);
  };
  await file('bench.crt', certificate);
  await file('bench.key', key);
  await admin.query(`alter system set ssl_cert_file = 'bench.crt'`);
  await admin.query(`alter system set ssl_key_file = 'bench.key'`);
  await admin.query('alter system set ssl = on');
  await admin.query('select pg_reload_conf(), pg_sleep(0.3)');
}

async function tlsClient({ home }: BenchHub): Promise<pg.Client> {
  const { url } = await attachDatabase({ home, log: () => undefined });
  const client = new pg.Client({ connectionString: url, ssl: { rejectUnauthorized: false } });
  await client.connect();
  const { rows } = await client.query<{ ssl: boolean }>(
    'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
  );
  if (!rows[0]?.ssl) throw new Error('the comparison is not over TLS');
  return client;
}

async function copyOut(client: pg.Client, days: string[]): Promise<void> {
  for (const day of days) {
    const statement = `copy (select ${COLUMNS} from metering.day_block where date = '${day}' order by meter) to stdout (format binary)`;
    for await (const piece of client.query(copyTo(statement))) void piece;
  }
}

async function build(client: HubClient, days: string[], blocks: number): Promise<OfferedPackage[]> {
  const packages: OfferedPackage[] = [];
  for (const date of days) {
    const { dailyPackage } = await client.ask<{ dailyPackage: OfferedPackage }>(
      'query ($date: LocalDate!) { dailyPackage(date: $date) { id parts blocks bytes } }',
      { date },
    );
    packages.push(dailyPackage);
  }
  const built = packages.reduce((sum, one) => sum + one.blocks, 0);
  if (built !== blocks) throw new Error(`${built} blocks were built of ${blocks}`);
  return packages;
}

async function download(client: HubClient, packages: OfferedPackage[]): Promise<void> {
  for (const { id, parts, bytes } of packages) {
    let received = 0;
    for (let number = 1; number <= parts; number += 1) {
      const { body } = await client.send({ method: 'GET', path: `/packages/${id}/parts/${number}` });
      for await (const piece of body) received += (piece as Buffer).length;
    }
    if (received !== bytes) throw new Error(`${received} bytes of ${bytes} came`);
  }
}

async function pull(hub: BenchHub, days: string[], blocks: number): Promise<void> {
  const out = await mkdtemp(join(tmpdir(), 'hub-bench-pull-'));
  const command = fileURLToPath(new URL('../hub.js', import.meta.url));
  const [from = '', to = from] = [days[0], days.at(-1)];
  const args = [
    'pull',
    '--as',
    'bench-national',
    '--from',
    from,
    '--to',
    to,
    '--out',
    out,
    '--home',
    hub.home,
    '--url',
    hub.url,
  ];
  const child = spawn(process.execPath, [command, ...args, '--verify-content', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (bytes) => (text += String(bytes)));
  const [code] = (await once(child, 'close')) as [number];
  await rm(out, { recursive: true });
  if (code !== 0) throw new Error(`hub pull ended with ${code}: ${text}`);
  const { blocks: pulled } = JSON.parse(text) as { blocks?: number };
  if (pulled !== blocks) throw new Error(`hub pull has ${pulled} blocks of ${blocks}`);
}
