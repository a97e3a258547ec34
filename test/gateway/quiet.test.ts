import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Caller } from '../world/caller.js';
import { copyTemplate, onTestServer, testServer } from '../world/template.js';

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
}

const recorder = join(import.meta.dirname, 'outgoing.mjs');
const database = `hub_${randomBytes(5).toString('hex')}`;
let folder: string;
let hub: ChildProcess;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-quiet-'));
  await copyTemplate(folder, database);
  hub = spawn('node_modules/.bin/node', ['--import', recorder, 'dist/scripts/hub.js', 'serve', 'gateway'], {
    env: {
      PATH: process.env['PATH'],
      HUB_HOME: folder,
      HUB_PORT: '0',
      HUB_OPS_PORT: '0',
      HUB_LOG: 'silent',
      HUB_TEST_OUTGOING: join(folder, 'outgoing'),
      DATABASE_URL: testServer(database),
      ...TEMPTATIONS,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const died = once(hub, 'exit').then(([code]) =>
    Promise.reject(new Error(`the hub ended with ${String(code)}`)),
  );
  died.catch(() => undefined);
  const [said] = (await Promise.race([once(hub.stdout!, 'data'), died])) as [Buffer];
  ({ url } = JSON.parse(said.toString('utf8')) as { url: string });
}, 60_000);
afterAll(async () => {
  hub.kill('SIGKILL');
  await onTestServer(async (client) => {
    for (const name of [database, `${database}_test`])
      await client.query(`drop database if exists ${name} with (force)`);
    for (const group of ['rooms', 'gateway']) await client.query(`drop role if exists ${database}_${group}`);
  });
  await rm(folder, { recursive: true });
});

const recorded = async (): Promise<Recorded[]> =>
  (await readFile(join(folder, 'outgoing'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);

test('a hub that serves, and ends, speaks to its database and to nobody else, whatever its environment suggests', async () => {
  const caller = Caller.of(url, join(folder, 'certs'), 'district-310101');
  try {
    for (let round = 0; round < 4; round++) {
      await caller.mustAsk('{ me { tenant may { allowed } } buildings { nodes { id } } }');
      await caller.send('GET', '/graphql', null, { accept: 'text/html' });
      await caller.upload([{ meter: 'nobody', date: '2026-01-01', interval: 60, values: [] }]);
      await pause(500);
    }
  } finally {
    await caller.close();
  }
  hub.kill('SIGTERM');
  expect(await once(hub, 'exit')).toEqual([0, null]);

  const entries = await recorded();
  const server = new URL(testServer());
  const places = new Set(entries.flatMap(({ connects }) => connects ?? []));
  const names = new Set(entries.flatMap(({ asks }) => asks ?? []));
  expect([...places]).toEqual([`${server.hostname}:${server.port}`]);
  // Names that the hub listens under itself.
  expect([...names].filter((name) => !['127.0.0.1', 'localhost', server.hostname].includes(name))).toEqual(
    [],
  );
  expect(entries.at(-1)).toEqual({ telemetry: 'true' });
}, 60_000);

test('what the test listens with hears a connection, a name and a datagram', async () => {
  const file = join(folder, 'heard');
  const program = `import dgram from 'node:dgram';
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
      { connects: 'udp 127.0.0.1' },
    ]),
  );
});
