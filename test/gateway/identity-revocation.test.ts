import { execFile, type ExecFileOptions } from 'node:child_process';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { openAuthority } from '../../certs/authority.js';
import { openJudge } from '../../certs/judge.js';
import { until } from '../world/admin.js';
import { openWorld, type World } from '../world/world.js';
import { connect, exchange, pairOf, post, type Pair } from './raw-connection.js';
import { refusalOf } from './refusals.js';
import { codesOf, fingerprintOf, issued, newTenant, OPERATOR, registered } from './strangers.js';

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

const operator = (text: string, variables: object = {}) =>
  world.as('municipal').ask(text, { ...variables }, OPERATOR);

test('a tenant keeps its last good certificate, unless the key is lost or it means to go', async () => {
  const { pair, caller } = await newTenant(world, 'keeps-one');
  const spare = await registered(world, await issued(world, 'keeps-one', 'FORMAL'), 'keeps-one', 'FORMAL');
  const retire = (f: string, reason = 'SUPERSEDED') =>
    caller.ask('mutation ($f: ID!, $reason: String!) { retireCertificate(fingerprint: $f, reason: $reason) { state } }', { f, reason }); // prettier-ignore
  const last = [{ extensions: { code: 'WRONG_STATE', rule: 'certificates/last' } }];
  await operator('mutation ($f: ID!) { suspendCertificate(fingerprint: $f, reason: "x") { state } }', {
    f: fingerprintOf(spare),
  });

  // The other one is on hold: nobody could call with it.
  expect((await retire(fingerprintOf(pair).toUpperCase())).errors).toMatchObject(last);
  expect((await retire(fingerprintOf(spare))).data).toEqual({ retireCertificate: { state: 'REVOKED' } });
  expect((await retire(fingerprintOf(pair), 'PRIVILEGE_WITHDRAWN')).errors).toMatchObject(last);
  const itself = await operator(
    'mutation ($f: ID!) { revokeCertificate(fingerprint: $f, reason: "UNSPECIFIED") { state } }',
    { f: fingerprintOf(pairOf(world, 'municipal')) },
  );
  expect(itself.errors).toMatchObject(last);
  expect((await retire(fingerprintOf(pair), 'KEY_COMPROMISE')).data).toEqual({
    retireCertificate: { state: 'REVOKED' },
  });
  await caller.close();
});

test('a tenant that moves is administered where it lies now, with its certificates and approvals', async () => {
  const { pair, caller } = await newTenant(world, 'mover');
  const retired = await registered(world, await issued(world, 'mover', 'FORMAL'), 'mover', 'FORMAL');
  await operator(
    'mutation ($f: ID!) { revokeCertificate(fingerprint: $f, reason: "SUPERSEDED") { state } }',
    {
      f: fingerprintOf(retired),
    },
  );
  const areas = () =>
    world.sql(
      `select area from tenants.certificate where tenant = 'mover'
       union select area from tenants.certificate_approval where tenant = 'mover'`,
    );
  expect(await areas()).toEqual([{ area: '310112' }]);

  await world.sql(`update tenants.tenant set area = '320500' where id = 'mover'`);

  expect(await areas()).toEqual([{ area: '320500' }]);
  const revoke = await operator(
    'mutation ($f: ID!) { revokeCertificate(fingerprint: $f, reason: "UNSPECIFIED") { state } }',
    { f: fingerprintOf(pair) },
  );
  expect(codesOf(revoke)).toEqual(['NOT_FOUND']);
  await caller.close();
});

test('suspended, a certificate is refused within a second, and it comes back as quickly; revoked it never does', async () => {
  const { pair, caller } = await newTenant(world, 'on-hold');
  const f = fingerprintOf(pair);
  const act = (field: string) => operator(`mutation ($f: ID!) { done: ${field} { state } }`, { f });
  const isRefused = async () => codesOf(await caller.ask('{ me { tenant } }'))[0];
  expect(codesOf(await act('suspendCertificate(fingerprint: $f, reason: " ")'))).toEqual(['BAD_USER_INPUT']);
  expect(codesOf(await act('resumeCertificate(fingerprint: $f)'))).toEqual(['WRONG_STATE']);
  expect(codesOf(await act('revokeCertificate(fingerprint: $f, reason: "because")'))).toEqual([
    'BAD_USER_INPUT',
  ]);

  expect(await act('suspendCertificate(fingerprint: $f, reason: "Laptop lost")')).toEqual({
    data: { done: { state: 'SUSPENDED' } },
  });
  expect(await until(async () => (await isRefused()) === 'CERTIFICATE_SUSPENDED')).toBeLessThan(1_000);
  await act('resumeCertificate(fingerprint: $f)');
  expect(await until(async () => (await isRefused()) === undefined)).toBeLessThan(1_000);

  await act('revokeCertificate(fingerprint: $f, reason: "PRIVILEGE_WITHDRAWN")');
  expect(openJudge(world.home).stageOf(pair.certificate)).toEqual({ problem: 'REVOKED' });
  expect(codesOf(await act('resumeCertificate(fingerprint: $f)'))).toEqual(['WRONG_STATE']);
  await expect(
    world.sql(`update tenants.certificate set status = 'ACTIVE' where fingerprint = $1`, [f]),
  ).rejects.toThrow('revoked for ever');
  await caller.close();
});

test('no certificate suspends itself, and its tenant may suspend its other one with it', async () => {
  const first = pairOf(world, 'municipal');
  const second = await registered(world, await issued(world, 'municipal', 'FORMAL'), 'municipal', 'FORMAL');
  const suspend = (f: string) =>
    operator('mutation ($f: ID!) { suspendCertificate(fingerprint: $f, reason: "Laptop lost") { state } }', {
      f,
    });

  const { errors } = await suspend(fingerprintOf(first).toUpperCase());
  expect(errors).toMatchObject([
    {
      message: expect.stringContaining('does not suspend itself'),
      extensions: { code: 'BAD_USER_INPUT', remedy: expect.stringContaining('another') },
    },
  ]);
  expect(await suspend(fingerprintOf(second))).toEqual({
    data: { suspendCertificate: { state: 'SUSPENDED' } },
  });
});
