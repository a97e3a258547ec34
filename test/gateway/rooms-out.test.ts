import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { Client } from 'pg';
import { freePorts } from '../world/apart.js';
import { smallCity } from '../world/city.js';
import { USCC_A } from '../world/parties.js';
import { ended, type Served, served } from '../world/served.js';
import { aMeter, anEnterprise, usccOf } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import { pairOf } from './raw-connection.js';

/** Buildings in a process of their own, everything else beside the gateway. */
let world: World;
let settings: Record<string, string>;
let buildings: Served;
const logged: string[] = [];
beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  settings = { HUB_ROOMS: `buildings=https://localhost:${port}`, HUB_ROOM_SECONDS: '1' };
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  world = await openWorld({ settings, log });
  settings['HUB_ROOM_PORT'] = String(port);
  settings['HUB_LOG'] = 'error';
  buildings = await served(world, 'buildings', settings);
  await smallCity(world);
}, 120_000);
afterAll(async () => {
  await ended(buildings, 'SIGKILL');
  await world.close();
});

const WORKS = 'query ($uscc: ID!) { enterprise(uscc: $uscc) { name buildings { nodes { id } } } }';
const operation = { query: WORKS, variables: { uscc: USCC_A } };
const askWorks = () => world.as('district-310101').ask(operation.query, operation.variables);
const WHOLE = {
  data: { enterprise: { name: 'A', buildings: { nodes: [{ id: '310101A001' }, { id: '310101B001' }] } } },
};
/** What is answered while the room is out: the rest stands, and the error says where, who and why. */
const WITHOUT_BUILDINGS = {
  data: { enterprise: { name: 'A', buildings: null } },
  errors: [
    {
      message: 'The room buildings does not answer.',
      path: ['enterprise'],
      extensions: { code: 'ROOM_UNAVAILABLE' },
    },
  ],
};
const heard = (event: string): number =>
  logged.filter((line) => (JSON.parse(line) as { event: string }).event === event).length;

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let look = 0; look < 150; look += 1) {
    if (await holds()) return;
    await pause(50);
  }
  throw new Error(`not so after some ten seconds: ${what}`);
}

async function readiness(): Promise<unknown> {
  const answer = await fetch(`${world.hub.operationsUrl}/readyz`);
  return [answer.status, await answer.json()];
}

const isWhole = async (): Promise<boolean> => !(await askWorks()).errors;

test('while a killed room is out the others answer, and the room counts as out; its successor is found', async () => {
  expect(await askWorks()).toEqual(WHOLE);
  const before = heard('room out');
  await ended(buildings, 'SIGKILL');

  for (let asked = 0; asked < 7; asked += 1) expect(await askWorks()).toMatchObject(WITHOUT_BUILDINGS);
  expect(heard('room out')).toBe(before + 1);
  expect(await readiness()).toMatchObject([
    200,
    { ready: true, out: ['buildings'], rooms: { buildings: false, metering: true } },
  ]);
  const metrics = await (await fetch(`${world.hub.operationsUrl}/metrics`)).text();
  expect(metrics).toMatch(/^hub_room_errors_total\{room="buildings",code="ROOM_UNAVAILABLE"\} [1-9]/m);

  // A room that needs it says so too, instead of telling of a fault.
  const registered = 'mutation ($m: [MeterInput!]!) { registerMeters(meters: $m) { id } }';
  expect(await world.as('district-310101').ask(registered, { m: [aMeter({ id: 'm-out' })] })).toMatchObject({
    errors: [{ extensions: { code: 'ROOM_UNAVAILABLE' } }],
  });

  buildings = await served(world, 'buildings', settings);
  await until('the room is back', isWhole);
  expect(await askWorks()).toEqual(WHOLE);
  expect(heard('room back')).toBe(before + 1);
  expect(await readiness()).toMatchObject([200, { ready: true, out: [] }]);
}, 60_000);

test('a room that is killed and started under load is missed by few, and the rest of every answer stands', async () => {
  const load = new AbortController();
  const answers: unknown[] = [];
  const loading = Array.from({ length: 4 }, async () => {
    while (!load.signal.aborted) answers.push(await askWorks());
  });
  await until('it is loaded', () => answers.length > 20);
  await ended(buildings, 'SIGKILL');
  buildings = await served(world, 'buildings', settings);
  await until('the room is back', isWhole);
  load.abort();
  await Promise.all(loading);

  const isExpected = (answer: unknown): boolean =>
    [WHOLE, WITHOUT_BUILDINGS].some((expected) => {
      try {
        expect(answer).toMatchObject(expected);
        return true;
      } catch {
        return false;
      }
    });
  expect(answers.filter((answer) => !isExpected(answer))).toEqual([]);
}, 60_000);

test('a room that hangs is given up, and found again when it goes on', async () => {
  const before = heard('room out');
  buildings.child.kill('SIGSTOP');
  const waited = await Promise.all(Array.from({ length: 6 }, askWorks));
  for (const answer of waited) expect(answer).toMatchObject(WITHOUT_BUILDINGS);
  expect(heard('room out')).toBe(before + 1);
  expect(await askWorks()).toMatchObject(WITHOUT_BUILDINGS);

  buildings.child.kill('SIGCONT');
  await until('the room is back', isWhole);
}, 60_000);

describe('what is at work when its caller leaves', () => {
  const HELD = `select pid from pg_stat_activity where datname = current_database() and wait_event = 'relation'`;
  const isHeld = async (): Promise<boolean> => (await world.sql(HELD)).length > 0;

  /** Sends an operation that waits for a table, leaves, and tells what becomes of it; then the table is let go. */
  async function leavingWhile<T>(
    lock: string,
    sent: { query: string; variables?: object },
    look: () => Promise<T>,
  ): Promise<T> {
    const holder = new Client({ connectionString: world.ownerUrl });
    await holder.connect();
    try {
      await holder.query(`begin; lock table ${lock}`);
      const leaving = new AbortController();
      const asked = world
        .as('district-310101')
        .pool.request({
          method: 'POST',
          path: '/graphql',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(sent),
          signal: leaving.signal,
        })
        .catch((error: Error) => error.name);
      await until('it waits for the table', isHeld);
      leaving.abort();
      expect(await asked).toBe('AbortError');
      return await look();
    } finally {
      await holder.end();
    }
  }

  test.each([
    ['beside the gateway', 'enterprises.enterprise in access exclusive mode'],
    ['in a process of its own', 'buildings.building in access exclusive mode'],
  ])(
    'a query ends in PostgreSQL too, of a room %s, and its connection serves others',
    async (_where, lock) => {
      let told = '';
      buildings.child.stderr?.on('data', (said: Buffer) => void (told += said.toString('utf8')));
      const faults = heard('fault');
      await leavingWhile(lock, operation, () =>
        until('nobody waits for the table', async () => !(await isHeld())),
      );
      for (let asked = 0; asked < 12; asked += 1) expect(await askWorks()).toEqual(WHOLE);
      expect(told).toBe('');
      expect(heard('fault')).toBe(faults);
    },
  );

  test('a query over HTTP/2 ends with its stream; the connection goes on', async () => {
    const { certificate: cert, key } = pairOf(world, 'district-310101');
    const ca = readFileSync(join(world.home, 'certs', 'ca.crt'));
    const session = http2.connect(world.hub.url, { ca, cert, key });
    const send = () => {
      const headers = { ':method': 'POST', ':path': '/graphql', 'content-type': 'application/json' };
      const stream = session.request(headers);
      stream.on('error', () => undefined).end(JSON.stringify(operation));
      return stream;
    };
    const holder = new Client({ connectionString: world.ownerUrl });
    await holder.connect();
    try {
      await holder.query('begin; lock table enterprises.enterprise in access exclusive mode');
      const stream = send();
      await until('it waits for the table', isHeld);
      stream.close(http2.constants.NGHTTP2_CANCEL);
      await until('nobody waits for the table', async () => !(await isHeld()));
    } finally {
      await holder.end();
    }
    const answer = Buffer.concat((await send().toArray()) as Buffer[]).toString('utf8');
    expect(JSON.parse(answer)).toEqual(WHOLE);
    session.close();
  });

  test('a mutation that has begun is done', async () => {
    const query =
      'mutation ($rows: [EnterpriseInput!]!) { registerEnterprises(enterprises: $rows) { uscc } }';
    const wasHeld = await leavingWhile(
      'enterprises.enterprise in share mode',
      { query, variables: { rows: [anEnterprise({ uscc: usccOf(9) })] } },
      async () => {
        await pause(500);
        return isHeld();
      },
    );
    expect(wasHeld).toBe(true);
    const stored = () => world.sql('select uscc from enterprises.enterprise where uscc = $1', [usccOf(9)]);
    await until('it is done', async () => (await stored()).length === 1);
  });
});
