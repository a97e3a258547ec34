import { execFile, type ExecFileOptions } from 'node:child_process';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { openAuthority } from '../../certs/authority.js';
import { openWorld, type World } from '../world/world.js';
import { connect, exchange, pairOf, post, type Pair } from './raw-connection.js';
import { refusalOf } from './refusals.js';
import { fingerprintOf, issued, registered } from './strangers.js';

/** The contract: a revocation works within a second, on connections that are open. */
const BOUND_MS = 1_000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world.close());

/** Runs a command of the build to its end; throws when it fails. */
const hub = (args: string[], options: ExecFileOptions): Promise<unknown> =>
  promisify(execFile)('node_modules/.bin/node', ['dist/scripts/hub.js', ...args], options);

const request = post('/graphql', JSON.stringify({ query: '{ me { tenant } }' }));

/** Asks every 20 ms over one connection while `revoke` runs; how long after it the first refusal came. */
async function refusedAfter(
  pair: Pair,
  revoke: () => Promise<unknown>,
): Promise<{ ms: number; refusal: unknown; answered: number }> {
  const socket = await connect(world, pair);
  let answered = 0;
  try {
    expect((await exchange(socket, request)).status).toBe(200);
    await revoke();
    const revokedAt = performance.now();
    for (;;) {
      const reply = await exchange(socket, request);
      const ms = performance.now() - revokedAt;
      if (reply.status !== 200) return { ms, refusal: refusalOf(reply), answered };
      if (ms > 5 * BOUND_MS) throw new Error(`still answered after ${ms} ms`);
      answered += 1;
      await pause(20);
    }
  } finally {
    socket.destroy();
  }
}

const another = async (): Promise<Pair> =>
  registered(world, await issued(world, 'spare', 'FORMAL'), 'district-310101', 'FORMAL');

test('revoked by hub cert revoke, a certificate is refused within a second on a connection that is open', async () => {
  const pair = await another();
  const revoke = ['cert', 'revoke', fingerprintOf(pair), '--reason', 'key-compromise', '--home', world.home];

  const { ms, refusal } = await refusedAfter(pair, () =>
    hub(revoke, { env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: world.ownerUrl } }),
  );

  expect(refusal).toEqual([401, 'CERTIFICATE_REVOKED']);
  expect(ms).toBeLessThan(BOUND_MS);
});

test('revoked over the wire, a certificate is refused within a second on a connection that is open', async () => {
  const pair = await another();
  const revoke =
    'mutation ($f: ID!) { revokeCertificate(fingerprint: $f, reason: "KEY_COMPROMISE") { status } }';

  const { ms, refusal } = await refusedAfter(pair, () =>
    world
      .as('municipal')
      .mustAsk(revoke, { f: fingerprintOf(pair) }, { 'x-hub-purpose': 'PLATFORM_OPERATION' }),
  );

  expect(refusal).toEqual([401, 'CERTIFICATE_REVOKED']);
  expect(ms).toBeLessThan(BOUND_MS);
});

test('suspended, a tenant is refused within a second on a connection that is open', async () => {
  const suspend = 'mutation { setTenantStatus(id: "scopeless", status: "SUSPENDED") { status } }';

  const { ms, refusal } = await refusedAfter(pairOf(world, 'scopeless'), () =>
    world.as('municipal').mustAsk(suspend, {}, { 'x-hub-purpose': 'PLATFORM_OPERATION' }),
  );

  expect(refusal).toEqual([403, 'TENANT_INACTIVE']);
  expect(ms).toBeLessThan(BOUND_MS);
});

test('a refused certificate keeps no connection', async () => {
  const pair = await another();
  await (await openAuthority(world.home)).revoke(fingerprintOf(pair));
  await pause(250);
  const socket = await connect(world, pair);

  expect((await exchange(socket, request)).headers['connection']).toBe('close');
  await expect(exchange(socket, request)).rejects.toThrow();
});
