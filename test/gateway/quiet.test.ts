import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../world/apart.js';
import { Caller } from '../world/caller.js';
import { ended, type Served, served } from '../world/served.js';
import { copyTemplate, dropDatabases, testServer } from '../world/template.js';

/** What would make the parts of the hub report to their vendors, if they could. */
const TEMPTATIONS = {
  APOLLO_KEY: 'service:energy:key',
  APOLLO_GRAPH_REF: 'energy@current',
  APOLLO_GRAPH_ID: 'energy',
  APOLLO_SCHEMA_REPORTING: 'true',
  APOLLO_TELEMETRY_DISABLED: 'false',
  NODE_ENV: 'development',
};

interface Recorded {
  connects?: string;
  asks?: string;
  telemetry?: string | null;
  loads?: string;
}

const recorder = join(import.meta.dirname, 'outgoing.mjs');
const database = `hub_${randomBytes(5).toString('hex')}`;
let folder: string;
let roomPort = 0;
let hub: Served;
let room: Served;
/** The gateway, and a room in a process of its own: each with a recorder of what it opens. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-quiet-'));
  await copyTemplate(folder, database);
  [roomPort = 0] = await freePorts(1);
  const recorded = (part: string) =>
    served({ home: folder, ownerUrl: testServer(database) }, part, {
      HUB_ROOMS: `buildings=https://localhost:${roomPort}`,
      HUB_ROOM_PORT: String(roomPort),
      HUB_HOUSEKEEPING_SECONDS: '1',
      HUB_TEST_OUTGOING: join(folder, part),
      NODE_OPTIONS: `--import ${recorder}`,
      ...TEMPTATIONS,
    });
  hub = await recorded('gateway');
  room = await recorded('buildings');
}, 60_000);
afterAll(async () => {
  for (const one of [hub, room]) await ended(one, 'SIGKILL');
  await dropDatabases(database);
  await rm(folder, { recursive: true });
});

const recordedOf = async (part: string): Promise<Recorded[]> =>
  (await readFile(join(folder, part), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);

/** Ports at the far end of the connections that a process has opened, as the kernel knows them; Linux only. */
async function farPorts(pid: number, nearPorts: readonly number[]): Promise<number[]> {
  const links = (await readdir(`/proc/${pid}/fd`)).map((fd) =>
    readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''),
  );
  const own = new Set(
    (await Promise.all(links)).flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []),
  );
  const tables = ['tcp', 'tcp6', 'udp', 'udp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8'));
  const rows = (await Promise.all(tables)).flatMap((table) => table.trim().split('\n').slice(1));
  return rows.flatMap((row) => {
    const [, near = '', far = '', , , , , , , inode = ''] = row.trim().split(/\s+/);
    const [nearPort, farPort] = [near, far].map((end) => parseInt(end.split(':')[1] ?? '', 16));
    return own.has(inode) && farPort && !nearPorts.includes(nearPort!) ? [farPort] : [];
  });
}

test('a hub that serves, and ends, speaks to its database and its rooms and to nobody else, whatever its environment suggests', async () => {
  const listening = [new URL(hub.url), new URL(hub.operations ?? ''), new URL(room.url)].map(({ port }) =>
    Number(port),
  );
  const seen = new Set<number>();
  const watching = new AbortController();
  const watched = (async () => {
    while (!watching.signal.aborted && existsSync(`/proc/${hub.child.pid}/fd`)) {
      for (const { child } of [hub, room])
        for (const port of await farPorts(child.pid!, listening)) seen.add(port);
      await pause(20);
    }
  })();
  const caller = Caller.of(hub.url, join(folder, 'certs'), 'district-310101');
  try {
    for (let round = 0; round < 4; round++) {
      await caller.mustAsk('{ me { tenant may { allowed } } buildings { nodes { id } } }');
      await caller.send('GET', '/graphql', null, { accept: 'text/html' });
      await caller.upload([{ meter: 'nobody', date: '2026-01-01', interval: 60, values: [] }]);
      await fetch(`${hub.operations}/readyz`);
      await fetch(`${hub.operations}/metrics`);
      await pause(500);
    }
  } finally {
    await caller.close();
    watching.abort();
    await watched;
  }
  expect([await ended(hub), await ended(room)]).toEqual([0, 0]);

  const server = new URL(testServer());
  const databaseAt = `${server.hostname}:${server.port}`;
  for (const [part, places] of [
    ['gateway', [databaseAt, `localhost:${roomPort}`]],
    ['buildings', [databaseAt]],
  ] as const) {
    const entries = await recordedOf(part);
    const connected = new Set(entries.flatMap(({ connects }) => connects ?? []));
    expect([part, [...connected].toSorted()]).toEqual([part, places.toSorted()]);
    // Names that the hub listens under itself, and its room's.
    const known = ['127.0.0.1', 'localhost', server.hostname];
    const names = entries.flatMap(({ asks }) => asks ?? []).filter((name) => !known.includes(name));
    expect([part, names]).toEqual([part, []]);
    // Nobody has asked for traces, so what makes them is not even loaded.
    expect([part, entries.flatMap(({ loads }) => loads ?? [])]).toEqual([part, []]);
  }
  expect((await recordedOf('gateway')).at(-1)).toEqual({ telemetry: 'true' });
  const far = process.platform === 'linux' ? [Number(server.port), roomPort] : [];
  expect([...seen].toSorted()).toEqual(far.toSorted());
}, 60_000);

test('what the test listens with hears a connection, a name and a datagram', async () => {
  const file = join(folder, 'heard');
  const program = `import dgram from 'node:dgram';
    import('@opentelemetry/sdk-trace');
    fetch('https://reporting.invalid/').catch(() => undefined);
    dgram.createSocket('udp4').unref().send('x', 9, '127.0.0.1');`;
  const child = spawn(
    'node_modules/.bin/node',
    ['--import', recorder, '--input-type=module', '--eval', program],
    {
      env: { PATH: process.env['PATH'], HUB_TEST_OUTGOING: file },
      stdio: 'ignore',
    },
  );
  await once(child, 'exit');

  const heard = (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);
  expect(heard).toEqual(
    expect.arrayContaining([
      { connects: 'reporting.invalid:443' },
      { asks: 'reporting.invalid' },
      { loads: '@opentelemetry/sdk-trace' },
      { connects: 'udp 127.0.0.1' },
    ]),
  );
});
