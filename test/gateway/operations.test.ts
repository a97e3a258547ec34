import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { openAuthority } from '../../certs/authority.js';
import { readTrust, serialOf } from '../../certs/trust.js';
import { openWorld, type World } from '../world/world.js';
import { connect, exchange, pairOf, post } from './raw-connection.js';
import { fingerprintOf, introduce, issued, registered } from './strangers.js';
import { refusalOf } from './refusals.js';

/** What `npm start` shows of the log. */
const warnings: string[] = [];
let world: World;
beforeAll(async () => {
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  world = await openWorld({ settings: { HUB_HOUSEKEEPING_SECONDS: '1' }, log });
}, 60_000);
afterAll(() => world.close());

const operations = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${world.hub.operationsUrl}${path}`, { headers });
const ask = post('/graphql', JSON.stringify({ query: '{ me { tenant } }' }), {
  'x-hub-purpose': 'DATA_REPORTING',
});

describe('the revocation lists at the operations port', () => {
  test('are the published ones, as PEM together and as DER each', async () => {
    const bundle = await operations('/crl');
    expect(bundle.headers.get('content-type')).toBe('application/x-pem-file');
    expect(await bundle.text()).toBe(readFileSync(join(world.home, 'certs', 'ca.crl'), 'utf8'));

    const formal = await operations('/crl/formal.crl');
    expect(formal.headers.get('content-type')).toBe('application/pkix-crl');
    const der = Buffer.from(await formal.arrayBuffer());
    const pem = readFileSync(join(world.home, 'certs', 'ca.crl'), 'utf8').replaceAll('\n', '');
    expect(pem).toContain(der.toString('base64'));
    expect((await operations('/crl/other.crl')).status).toBe(404);
  });

  test('are not sent again to whoever has them', async () => {
    const first = await operations('/crl/test.crl');
    const etag = first.headers.get('etag') ?? '';
    const modified = first.headers.get('last-modified') ?? '';
    expect(etag).toBe(
      `"${createHash('sha256')
        .update(Buffer.from(await first.arrayBuffer()))
        .digest('hex')}"`,
    );
    expect((await operations('/crl/test.crl', { 'if-none-match': etag })).status).toBe(304);
    expect((await operations('/crl/test.crl', { 'if-modified-since': modified })).status).toBe(304);
    const stale = { 'if-none-match': '"other"', 'if-modified-since': modified };
    expect((await operations('/crl/test.crl', stale)).status).toBe(200);
  });

  test('hold a certificate that an admin revoked over the wire, and the judge refuses it, without a restart', async () => {
    const pair = await registered(
      world,
      await issued(world, 'district-310104', 'FORMAL'),
      'district-310104',
      'FORMAL',
    );
    const serial = serialOf(new X509Certificate(pair.certificate));
    const before = await operations('/crl/formal.crl');
    expect(Buffer.from(await before.arrayBuffer()).toString('hex')).not.toContain(serial);

    await world
      .as('municipal')
      .mustAsk(
        'mutation ($f: ID!) { revokeCertificate(fingerprint: $f, reason: "KEY_COMPROMISE") { state } }',
        { f: fingerprintOf(pair) },
        { 'x-hub-purpose': 'PLATFORM_OPERATION' },
      );

    const after = await operations('/crl/formal.crl', { 'if-none-match': before.headers.get('etag') ?? '' });
    expect(after.status).toBe(200);
    expect(Buffer.from(await after.arrayBuffer()).toString('hex')).toContain(serial);
    await world.registryCatchesUp();
    expect(refusalOf(await introduce(world, pair))).toEqual([401, 'CERTIFICATE_REVOKED']);
  });

  test('are none while they cannot be read: whoever verifies by them must refuse', async () => {
    const path = join(world.home, 'certs', 'ca.crl');
    const good = readFileSync(path);
    writeFileSync(path, 'damaged');
    try {
      expect((await operations('/crl')).status).toBe(503);
      expect((await operations('/crl/root.crl')).status).toBe(503);
    } finally {
      writeFileSync(path, good);
    }
    expect((await operations('/crl')).status).toBe(200);
  });
});

test('a renewed server certificate is taken up without a restart; connections that are open go on', async () => {
  const pair = pairOf(world, 'district-310101');
  const open = await connect(world, pair);
  const before = open.getPeerX509Certificate()?.fingerprint256;
  expect((await exchange(open, ask)).status).toBe(200);

  // A name more makes a new certificate, as thirty days left would.
  const renewed = await (await openAuthority(world.home)).serverCredentials(['hub.example']);
  let shown: string | undefined;
  for (
    let tries = 0;
    tries < 50 && shown !== new X509Certificate(renewed.certificate).fingerprint256;
    tries++
  ) {
    await pause(100);
    const socket = await connect(world, pair);
    shown = socket.getPeerX509Certificate()?.fingerprint256;
    socket.destroy();
  }

  expect(shown).toBe(new X509Certificate(renewed.certificate).fingerprint256);
  expect(shown).not.toBe(before);
  expect((await exchange(open, ask)).status).toBe(200);
  open.destroy();
  // What the context leaves out would fall back to defaults: clients are still asked for theirs, nothing is resumed.
  const after = await connect(world, pair);
  expect((await exchange(after, ask)).status).toBe(200);
  expect(after.getProtocol()).toBe('TLSv1.3');
  const again = await connect(world, pair, { session: after.getSession() });
  expect(again.isSessionReused()).toBe(false);
  for (const socket of [after, again]) socket.destroy();
  await expect(
    connect(world, pair, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  ).rejects.toThrow(/protocol/);
  expect(readTrust(readFileSync(join(world.home, 'certs', 'ca.crt'), 'utf8')).ROOT).toBeDefined();
});

test('/metrics tells how long certificates hold', async () => {
  let text = '';
  for (let tries = 0; tries < 50 && !text.includes('hub_certificates_live'); tries++) {
    await pause(100);
    text = await (await operations('/metrics')).text();
  }

  const value = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  expect(value('hub_server_certificate_days')).toBeGreaterThan(390);
  expect(value('hub_certificates_live\\{stage="FORMAL"\\}')).toBeGreaterThan(5);
  expect(value('hub_certificates_ending_7_days\\{stage="FORMAL"\\}')).toBe(0);
});

test('an end that comes near is noticed 90, 30, 14, 7 and 1 days before, each once: in the list, the ledger, the metrics and as a warning', async () => {
  const fingerprint = fingerprintOf(pairOf(world, 'district-310101'));
  const notices = async () =>
    (
      await world
        .as('district-310101')
        .mustAsk<{ me: { certificates: { nodes: { fingerprint: string; notices: { days: number }[] }[] } } }>(
          '{ me { certificates { nodes { fingerprint notices { days } } } } }',
        )
    ).me.certificates.nodes
      .find((certificate) => certificate.fingerprint === fingerprint)
      ?.notices.map(({ days }) => days);
  const endsIn = (days: number) =>
    world.sql(
      `update tenants.certificate set not_after = now() + $2 * interval '1 day' where fingerprint = $1`,
      [fingerprint, days],
    );
  expect(await notices()).toEqual([]);

  await endsIn(90.1);
  await pause(2_500);
  expect(await notices()).toEqual([]);
  const days = [90, 30, 14, 7, 1];
  for (const [place, one] of days.entries()) {
    await endsIn(one - 0.1);
    await pause(2_500);
    expect(await notices()).toEqual(days.slice(0, place + 1));
  }

  const entries = await world.sql<{ facts: string }>(`select facts from ledger.entry order by sequence`);
  const told = entries
    .map(({ facts }) => JSON.parse(facts) as { act?: string; object?: string; actor?: string })
    .filter(({ act, object }) => act === 'CERTIFICATE_EXPIRING' && object === fingerprint);
  expect(told.map(({ actor }) => actor)).toEqual(days.map(() => 'hub'));
  const warned = warnings.map(
    (line) => JSON.parse(line) as { object?: string; days?: number; daysLeft?: number },
  );
  expect(
    warned.filter(({ object }) => object === fingerprint).map((warning) => [warning.days, warning.daysLeft]),
  ).toEqual(days.map((one) => [one, one - 1]));
  expect(await (await operations('/metrics')).text()).toContain(
    'hub_certificates_ending_7_days{stage="FORMAL"} 1',
  );
});
