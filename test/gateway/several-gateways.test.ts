import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { limitsIn } from '../../gateway/followed-limits.js';
import { Balancer } from '../world/balancer.js';
import { Caller } from '../world/caller.js';
import { smallCity } from '../world/city.js';
import { Load } from '../world/load.js';
import { ended, type Served, served } from '../world/served.js';
import { openWorld, type World } from '../world/world.js';
import { pairOf } from './raw-connection.js';
import { fingerprintOf } from './strangers.js';

/** Two gateways, processes of their own, on one database; the world's own is a third that arranges and watches. */
let world: World;
let gateways: [Served, Served];
let balancer: Balancer;
const callers: Caller[] = [];
const SETTINGS = { HUB_HOUSEKEEPING_SECONDS: '3600', HUB_DRAIN_SECONDS: '1' };
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  gateways = [await served(world, 'gateway', SETTINGS), await served(world, 'gateway', SETTINGS)];
  balancer = await Balancer.before(gateways.map(({ url }) => url));
}, 120_000);
afterAll(async () => {
  for (const caller of callers) await caller.close();
  await balancer.close();
  for (const gateway of gateways) await ended(gateway, 'SIGKILL');
  await world.close();
});

function calling(url: string, name = 'district-310101'): Caller {
  const caller = Caller.of(url, join(world.home, 'certs'), name);
  callers.push(caller);
  return caller;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    if (await holds()) return;
    await pause(50);
  }
  throw new Error(`not so after ten seconds: ${what}`);
}

const HOUSES = '{ buildings { nodes { id owner { name } } } }';

test('a certificate that is revoked at one is refused by both, on connections that stood open', async () => {
  const through = gateways.map(({ url }) => calling(url, 'district-310104'));
  for (const caller of through) await caller.mustAsk(HOUSES);

  const fingerprint = fingerprintOf(pairOf(world, 'district-310104'));
  await calling(gateways[0].url, 'municipal').mustAsk(
    'mutation ($f: ID!) { revokeCertificate(fingerprint: $f, reason: "KEY_COMPROMISE") { state } }',
    { f: fingerprint },
    { 'x-hub-purpose': 'PLATFORM_OPERATION' },
  );

  for (const caller of through) {
    const isRefused = async (): Promise<boolean> =>
      (await caller.ask(HOUSES)).errors?.[0]?.extensions.code === 'CERTIFICATE_REVOKED';
    await until('it is refused', isRefused);
    expect(await isRefused()).toBe(true);
  }
});

test('an upload that is sent to both at once under one Idempotency-Key is taken in once', async () => {
  const lines = [{ meter: 'a-gate', date: '2026-01-09', interval: 60, values: Array(24).fill(0.5) }];
  const keyed = { 'idempotency-key': 'both-at-once' };
  const upload = ({ url }: Served) => calling(url).upload(lines, keyed);

  const first = await Promise.all(gateways.map(upload));
  const isOne = ({ status, json }: Awaited<ReturnType<typeof upload>>): boolean =>
    status === 200 || JSON.stringify(json).includes('IDEMPOTENCY_IN_PROGRESS');
  expect(first.filter((reply) => !isOne(reply)).map(({ json }) => json)).toEqual([]);
  const receipts = [await upload(gateways[0]), await upload(gateways[1])];
  expect(receipts.map(({ status }) => status)).toEqual([200, 200]);
  expect(receipts[0]?.json['batch']).toBe(receipts[1]?.json['batch']);
  const other = await calling(gateways[1].url).upload([{ ...lines[0], date: '2026-01-10' }], keyed);
  expect(JSON.stringify(other.json)).toContain('IDEMPOTENCY_KEY_REUSED');
});

describe('limits that are changed under load', () => {
  const DEEP = '{ buildings { nodes { meters { nodes { building { id } } } } } }';
  const code = async ({ url }: Served): Promise<string | undefined> =>
    (await calling(url).ask(DEEP)).errors?.[0]?.extensions.code;

  async function limitsSay(text: string): Promise<void> {
    const path = join(world.home, 'limits.env');
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
    for (const { child } of gateways) child.kill('SIGHUP');
  }

  test('hold at both at once, without a restart, and no request fails', async () => {
    expect(await Promise.all(gateways.map(code))).toEqual([undefined, undefined]);
    const load = new Load(calling(balancer.url), HOUSES);
    await load.more(40);

    await limitsSay('# for the night\nHUB_QUERY_DEPTH=4\n');
    for (const gateway of gateways)
      await until('the limit holds', async () => (await code(gateway)) === 'QUERY_TOO_DEEP');
    await limitsSay('HUB_QUERY_DEPTH=none\nHUB_PORT=1\n');
    await load.more(40);
    expect(await Promise.all(gateways.map(code))).toEqual(['QUERY_TOO_DEEP', 'QUERY_TOO_DEEP']);
    await rm(join(world.home, 'limits.env'));
    for (const { child } of gateways) child.kill('SIGHUP');
    for (const gateway of gateways)
      await until('the limit is the former one', async () => (await code(gateway)) === undefined);

    const { failed } = await load.stop();
    expect(failed).toEqual([]);
  });

  test('are told of by all their faults at once', () => {
    const reading = (): unknown => limitsIn('HUB_QUERY_DEPTH=none\nHUB_PORT=1');
    expect(reading).toThrow(/2 fault\(s\)[^]*HUB_QUERY_DEPTH: Invalid/);
    expect(reading).toThrow(/HUB_PORT: cannot be changed while the hub runs/);
    expect(limitsIn('HUB_QUERY_DEPTH=4')).toEqual({ depth: 4 });
  });
});

describe('a gateway that ends', () => {
  const readiness = async ({ operations }: Served): Promise<number> =>
    (await fetch(`${operations}/readyz`)).status;

  test('says so first, answers what it has, and no request fails', async () => {
    const [gateway] = gateways;
    const holder = new Client({ connectionString: world.ownerUrl });
    await holder.connect();
    const load = new Load(calling(balancer.url), HOUSES);
    await load.more(40);
    await holder.query('begin; lock table metering.meter in access exclusive mode');
    const slow = calling(gateway.url).ask('{ meter(id: "a-gate") { id } }');
    await pause(200);

    const gone = ended(gateway);
    await until('it is not ready', async () => (await readiness(gateway)) === 503);
    balancer.leave(gateway.url);
    expect(await calling(gateway.url).ask('{ me { tenant } }')).toMatchObject({ data: { me: {} } });
    await pause(1_500);
    await holder.end();
    expect(await slow).toEqual({ data: { meter: { id: 'a-gate' } } });
    expect(await gone).toBe(0);

    await load.more(40);
    const { failed } = await load.stop();
    expect(failed).toEqual([]);
    gateways[0] = await served(world, 'gateway', SETTINGS);
    balancer.use(gateways[0].url);
  });

  test('of a sudden fails what is on it and nothing beside', async () => {
    const [, gateway] = gateways;
    const load = new Load(calling(balancer.url), HOUSES);
    await load.more(60);
    const onIt = balancer.connectionsTo(gateway.url);
    await ended(gateway, 'SIGKILL');
    await until('nobody is connected to it', async () => balancer.connectionsTo(gateway.url) === 0);
    const gone = performance.now();
    await load.more(60);

    const { failed } = await load.stop();
    expect(onIt).toBeGreaterThan(0);
    expect(failed.length).toBeLessThanOrEqual(onIt);
    expect(failed.filter(({ at, reply }) => reply ?? at > gone)).toEqual([]);
  });
});
