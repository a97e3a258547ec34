import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../world/apart.js';
import { Caller } from '../world/caller.js';
import { smallCity } from '../world/city.js';
import { ended, type Served, served } from '../world/served.js';
import { openWorld, type World } from '../world/world.js';
import { type Line, openLine } from './cut-line.js';
import { http2Connection } from './http2-connection.js';

/** A gateway and a room of it, processes of their own, whose database can be taken from them. */
let world: World;
let line: Line;
let room: Served;
let gateway: Served;
let caller: Caller;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  const database = new URL(world.ownerUrl);
  line = await openLine(database.hostname, Number(database.port));
  database.host = `127.0.0.1:${line.port}`;
  const [port = 0] = await freePorts(1);
  const settings = {
    DATABASE_URL: database.href,
    HUB_HOUSEKEEPING_SECONDS: '3600',
    HUB_ROOMS: `buildings=https://localhost:${port}`,
    HUB_ROOM_PORT: String(port),
    HUB_DRAIN_SECONDS: '2',
    HUB_END_SECONDS: '1',
  };
  room = await served(world, 'buildings', settings);
  gateway = await served(world, 'gateway', settings);
  caller = Caller.of(gateway.url, join(world.home, 'certs'), 'district-310101');
}, 120_000);
afterAll(async () => {
  await caller.close();
  for (const process of [gateway, room]) await ended(process, 'SIGKILL');
  await line.close();
  await world.close();
});

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    if (await holds()) return;
    await pause(50);
  }
  throw new Error(`not so after ten seconds: ${what}`);
}

const BUILDINGS = '{ buildings { nodes { id } } }';
const isAnswered = async (): Promise<boolean> => !(await caller.ask(BUILDINGS)).errors;

test('SIGHUP while the database is out and the limits have a fault ends neither gateway nor room', async () => {
  await until('it is answered', isAnswered);
  await line.cut();
  const path = join(world.home, 'limits.env');
  await writeFile(path, 'HUB_QUERY_DEPTH=none\n');
  for (const { child } of [gateway, room]) child.kill('SIGHUP');
  // Longer than the gateway waits for a database that does not answer.
  await pause(3_000);
  await line.mend();
  await until('it is answered again', isAnswered);

  expect([gateway, room].map(({ child }) => [child.exitCode, child.signalCode])).toEqual([
    [null, null],
    [null, null],
  ]);
  await writeFile(`${path}.new`, 'HUB_QUERY_DEPTH=2\n');
  await rename(`${path}.new`, path);
  gateway.child.kill('SIGHUP');
  await until('the limit holds', async () => !(await isAnswered()));
});

test('a gateway that ends says so to open connections of HTTP/2 at once, and ends whatever is still on them', async () => {
  const at = { home: world.home, hub: { url: gateway.url } };
  const [idle, sending] = [
    await http2Connection(at, 'district-310101'),
    await http2Connection(at, 'district-310101'),
  ];
  const headers = {
    ':method': 'POST',
    ':path': '/upload/readings',
    'content-type': 'application/x-ndjson',
    'content-length': '100000',
  };
  const endless = sending.request(headers);
  endless.on('error', () => undefined).write('\n');
  await pause(300);
  const told = Promise.all([idle, sending].map((session) => once(session, 'goaway')));
  const cut = once(sending, 'close');

  const gone = ended(gateway);
  await told;
  expect((await fetch(`${gateway.operations}/readyz`)).status).toBe(503);
  expect(endless.closed).toBe(false);
  expect(await gone).toBe(0);
  await cut;
});
