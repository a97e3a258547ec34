import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import forge from 'node-forge';
import { openAuthority } from '../../certs/authority.js';
import { DAY_MS } from '../../certs/period.js';
import { CLIENT } from '../../certs/profiles.js';
import { asIssuer, pairFrom, selfSigned } from '../certs/handshakes.js';
import { openWorld, type World } from '../world/world.js';
import { connect, pairOf } from './raw-connection.js';
import { refusalOf, refusals } from './refusals.js';
import { fingerprintOf, foreign, introduce, issued, registered } from './strangers.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world.close());

const now = (): number => Date.now();
const ME = { data: { me: { tenant: 'district-310101', stage: 'FORMAL' } } };
const answered = (reply: { body: Buffer }): unknown => JSON.parse(reply.body.toString('utf8'));

test('without a certificate nobody is answered, and the connection ends', async () => {
  const reply = await introduce(world);

  expect(refusalOf(reply)).toEqual([401, 'CERTIFICATE_REQUIRED']);
  expect(reply.headers['connection']).toBe('close');
});

test.each(['/', '/upload/readings', '/packages/pkg_x/manifest', '/nowhere'])(
  'without a certificate nobody learns what is at %s',
  async (path) => {
    const socket = await connect(world);
    socket.end(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    expect(String(await socket.toArray())).toMatch(/^HTTP\/1.1 401 [^]*"CERTIFICATE_REQUIRED"/);
  },
);

test('a certificate that signed itself is refused', async () => {
  expect(refusalOf(await introduce(world, await selfSigned(CLIENT)))).toEqual([401, 'CERTIFICATE_UNTRUSTED']);
});

test('a certificate that bears the name of our authority and was signed by nobody of ours is refused', async () => {
  const ca = readFileSync(join(world.home, 'certs', 'ca.crt'), 'utf8');
  const names = forge.pki.certificateFromPem(ca.split(/(?<=-----END CERTIFICATE-----)/)[2] ?? '');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  const forged = await pairFrom(
    { certificate: names, key: createPrivateKey(pem) },
    CLIENT,
    'district-310101',
  );

  expect(refusalOf(await introduce(world, forged))).toEqual([401, 'CERTIFICATE_UNTRUSTED']);
});

test.each(['FORMAL', 'TEST'] as const)(
  'a certificate of an authority elsewhere with all our names is refused (%s)',
  async (stage) => {
    expect(refusalOf(await introduce(world, await foreign('district-310101', stage)))).toEqual([
      401,
      'CERTIFICATE_UNTRUSTED',
    ]);
  },
);

test('a certificate that a tenant issued with its own key is refused', async () => {
  const below = await pairFrom(asIssuer(pairOf(world, 'municipal')), CLIENT, 'district-310101');
  expect(refusalOf(await introduce(world, below))).toEqual([401, 'CERTIFICATE_UNTRUSTED']);
});

test.each(['serverCredentials', 'signingCredentials', 'gatewayCredentials'] as const)(
  'what the hub itself holds (%s) calls nobody in its name',
  async (which) => {
    const authority = await openAuthority(world.home);
    expect(refusalOf(await introduce(world, await authority[which]()))).toEqual([
      401,
      'CERTIFICATE_UNTRUSTED',
    ]);
  },
);

test('an expired certificate is refused though it is registered', async () => {
  const period = { notBefore: new Date(now() - 2 * DAY_MS), notAfter: new Date(now() - 1_000) };
  const old = await registered(
    world,
    await issued(world, 'district-310101', 'FORMAL', period),
    'district-310101',
    'FORMAL',
  );

  expect(refusalOf(await introduce(world, old))).toEqual([401, 'CERTIFICATE_EXPIRED']);
});

test('a certificate that is not valid yet is refused though it is registered', async () => {
  const period = { notBefore: new Date(now() + DAY_MS), notAfter: new Date(now() + 2 * DAY_MS) };
  const early = await registered(
    world,
    await issued(world, 'national', 'FORMAL', period),
    'national',
    'FORMAL',
  );

  expect(refusalOf(await introduce(world, early))).toEqual([401, 'CERTIFICATE_NOT_YET_VALID']);
});

test('a certificate that is registered to nobody is refused, whatever name it bears', async () => {
  const reply = await introduce(world, await issued(world, 'municipal', 'FORMAL'));

  expect(refusalOf(reply)).toEqual([403, 'CERTIFICATE_UNREGISTERED']);
  expect(refusals(reply)[0]?.extensions.rule).toBe('identity/registered');
});

test.each([
  ['TEST', 'FORMAL', 'district-310104'],
  ['FORMAL', 'TEST', 'newcomer'],
] as const)(
  'a certificate of the %s authority that is registered on the %s stage is refused',
  async (authority, stage, tenant) => {
    const wrong = await registered(world, await issued(world, tenant, authority), tenant, stage);
    expect(refusalOf(await introduce(world, wrong))).toEqual([403, 'CERTIFICATE_WRONG_AUTHORITY']);
  },
);

test('a tenant that is suspended is refused until it is active again; one that is closed is refused', async () => {
  const set = async (status: string): Promise<void> => {
    const change = 'mutation ($id: ID!, $to: String!) { setTenantStatus(id: $id, status: $to) { status } }';
    await world
      .as('municipal')
      .mustAsk(change, { id: 'scopeless', to: status }, { 'x-hub-purpose': 'PLATFORM_OPERATION' });
    await world.registryCatchesUp();
  };
  const pair = pairOf(world, 'scopeless');

  await set('SUSPENDED');
  expect(refusalOf(await introduce(world, pair))).toEqual([403, 'TENANT_INACTIVE']);
  await set('ACTIVE');
  expect((await introduce(world, pair)).status).toBe(200);
  await set('CLOSED');
  expect(refusalOf(await introduce(world, pair))).toEqual([403, 'TENANT_INACTIVE']);
});

test('TLS 1.1 is refused in the handshake; 1.2 and 1.3 are spoken', async () => {
  const pair = pairOf(world, 'district-310101');
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

  await expect(introduce(world, pair, {}, old)).rejects.toThrow(
    /alert protocol version|unsupported protocol/,
  );
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const reply = await introduce(world, pair, {}, { minVersion: version, maxVersion: version });
    expect(answered(reply)).toEqual(ME);
  }
});

test('a certificate without its key proves nothing', async () => {
  const stolen = {
    certificate: pairOf(world, 'municipal').certificate,
    key: pairOf(world, 'service-co').key,
  };
  await expect(introduce(world, stolen)).rejects.toThrow(/key values mismatch/);
});

const CLAIMS = {
  'x-hub-tenant': 'municipal',
  'x-hub-caller': 'municipal',
  'x-hub-stage': 'TEST',
  'x-hub-grant': Buffer.from('{"caller":{"tenant":"municipal"}}').toString('base64'),
  'x-forwarded-client-cert': 'Subject="CN=municipal"',
  'x-ssl-client-verify': 'SUCCESS',
  'x-ssl-client-s-dn': 'CN=municipal',
  'x-forwarded-for': '127.0.0.1',
  authorization: 'Bearer municipal',
  cookie: 'tenant=municipal',
};

test('headers that claim an identity change nothing, with a certificate and without', async () => {
  expect(answered(await introduce(world, pairOf(world, 'district-310101'), CLAIMS))).toEqual(ME);
  expect(refusalOf(await introduce(world, undefined, CLAIMS))).toEqual([401, 'CERTIFICATE_REQUIRED']);
});

test('headers that claim an identity do not reach the bulk doors either', async () => {
  const [, code] = refusalOf(await world.as('enterprise-a').send('POST', '/upload/readings', 'x', CLAIMS));
  expect(code).toBe('SCOPE_MISSING');
});

test('two certificates of one tenant both call in its name; the end of one is not the end of the other', async () => {
  const first = pairOf(world, 'district-310101');
  const second = await registered(
    world,
    await issued(world, 'renewed', 'FORMAL'),
    'district-310101',
    'FORMAL',
  );

  expect(answered(await introduce(world, first))).toEqual(ME);
  expect(answered(await introduce(world, second))).toEqual(ME);
  await world
    .as('municipal')
    .mustAsk(
      `mutation ($f: ID!) { revokeCertificate(fingerprint: $f, reason: "SUPERSEDED") { status } }`,
      { f: fingerprintOf(second) },
      { 'x-hub-purpose': 'PLATFORM_OPERATION' },
    );
  await world.registryCatchesUp();
  expect(refusalOf(await introduce(world, second))).toEqual([401, 'CERTIFICATE_REVOKED']);
  expect(answered(await introduce(world, first))).toEqual(ME);
});

test('a TEST certificate is answered from the TEST stage, where nothing of the formal one is', async () => {
  expect(
    answered(await introduce(world, pairOf(world, 'newcomer'), { 'x-hub-purpose': 'DATA_REPORTING' })),
  ).toEqual({
    data: { me: { tenant: 'newcomer', stage: 'TEST' } },
  });
});
