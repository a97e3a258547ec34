import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import forge from 'node-forge';
import { type Authority, openAuthority } from '../../certs/authority.js';
import { CertificateError } from '../../certs/certificate-error.js';
import { inspect } from '../../certs/inspect.js';
import { openJudge } from '../../certs/judge.js';
import { DAY_MS } from '../../certs/period.js';
import { readTrust } from '../../certs/trust.js';
import { temporaryHome } from './handshakes.js';
import { keyPair, request } from './requests.js';

let home: Awaited<ReturnType<typeof temporaryHome>>;
let authority: Authority;

beforeAll(async () => {
  home = await temporaryHome();
  authority = await openAuthority(home.path);
});

afterAll(() => home[Symbol.asyncDispose]());

describe('the authority refuses to issue', () => {
  test.each(['', '../root', 'a/b', 'District', 'a..b', '-a', 'x'.repeat(64), 'gateway', 'ca', 'a\nb'])(
    'to the name %j',
    async (name) => {
      await expect(authority.issueClient({ name, stage: 'FORMAL' })).rejects.toThrow(CertificateError);
      await expect(authority.handOut(name, {} as never)).rejects.toThrow(CertificateError);
    },
  );

  test('for a stage that is none, though the root could sign', async () => {
    await expect(authority.issueClient({ name: 'a', stage: 'ROOT' as 'TEST' })).rejects.toThrow('no stage');
  });

  test.each(['', ' ', 'a\u0000b', '甲'.repeat(65)])('to the organisation %j', async (organisation) => {
    await expect(authority.issueClient({ name: 'a', stage: 'TEST', organisation })).rejects.toThrow(
      CertificateError,
    );
  });

  test.each([
    { days: 0 },
    { days: 1.5 },
    { days: Number.NaN },
    { days: 3651 },
    { notAfter: new Date(0) },
    { notAfter: new Date(Number.NaN) },
    { notAfter: new Date(Date.now() + 20 * 365 * DAY_MS) },
  ])('for the period %j', async (period) => {
    await expect(authority.issueClient({ name: 'a', stage: 'TEST', ...period })).rejects.toThrow(
      CertificateError,
    );
  });

  test.each(['not a host', 'a/b', 'exa_mple', ''])('to the server name %j', async (name) => {
    await expect(authority.serverCredentials([name])).rejects.toThrow(CertificateError);
  });

  test('what it refused is in no index', async () => {
    expect(await authority.list('a')).toEqual([]);
  });
});

describe('a request is refused', () => {
  const order = { name: 'own-key', stage: 'FORMAL' } as const;

  test('when it is none', async () => {
    await expect(authority.issueFromCsr('-----BEGIN', order)).rejects.toThrow('no PKCS #10');
  });

  test('when its signature is of another key', async () => {
    const csr = request({ bits: 2048, signer: keyPair(2048).privateKey });

    await expect(authority.issueFromCsr(csr, order)).rejects.toThrow('possession');
  });

  test('when its key is short', async () => {
    await expect(authority.issueFromCsr(request({ bits: 1024 }), order)).rejects.toThrow('2048');
  });

  test('when its exponent is small', async () => {
    const csr = request({ bits: 2048, publicExponent: 3 });

    await expect(authority.issueFromCsr(csr, order)).rejects.toThrow('65537');
  });

  test('when it is signed over SHA-1', async () => {
    const csr = request({ bits: 2048, digest: forge.md.sha1.create() });

    await expect(authority.issueFromCsr(csr, order)).rejects.toThrow('SHA-256');
  });
});

describe('a client certificate', () => {
  test('is v3, of 2048 bits, for clientAuth alone, and names the tenant and its organisation', async () => {
    const issued = await authority.issueClient({
      name: 'district-310101',
      stage: 'FORMAL',
      organisation: '黄浦区建筑能耗监测平台',
      days: 90,
    });

    const leaf = new X509Certificate(issued.certificate);
    const { FORMAL } = readTrust(await readFile(authority.bundlePath, 'utf8'));
    expect(leaf.verify(FORMAL.publicKey)).toBe(true);
    expect(leaf.checkPrivateKey(createPrivateKey(issued.key))).toBe(true);
    expect(leaf.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(inspect(issued.certificate)).toMatchObject({
      subject: 'O=黄浦区建筑能耗监测平台, CN=district-310101',
      name: 'district-310101',
      usages: ['clientAuth'],
      isAuthority: false,
      fingerprint: issued.fingerprint,
      serial: issued.serial,
      notAfter: issued.notAfter,
    });
    expect(issued.serial).toMatch(/^[0-7][0-9a-f]{31}$/);
    expect(issued.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(issued.certificate.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });

  test('for a request bears its key and neither its name nor its extensions', async () => {
    const pair = keyPair(2048);
    const issued = await authority.issueFromCsr(request({ bits: 2048, pair }), {
      name: 'own',
      stage: 'TEST',
    });

    const leaf = new X509Certificate(issued.certificate);
    expect(leaf.checkPrivateKey(createPrivateKey(pair.privateKey))).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(inspect(issued.certificate)).toMatchObject({ subject: 'CN=own', usages: ['clientAuth'] });
    expect(openJudge(home.path).stageOf(issued.certificate)).toEqual({ stage: 'TEST' });
  });

  test('is handed out with a key that others cannot read', async () => {
    const issued = await authority.issueClient({ name: 'service-co', stage: 'FORMAL' });

    const paths = await authority.handOut('service-co', issued);

    expect(paths.key).toBe(join(home.path, 'certs', 'service-co.key'));
    expect((await stat(paths.key!)).mode & 0o777).toBe(0o600);
    expect(await readFile(paths.key!, 'utf8')).toBe(issued.key);
    expect(await readFile(paths.certificate, 'utf8')).toBe(issued.certificate);
  });
});

describe('the hub’s own certificates', () => {
  test('stay the same while they are good', async () => {
    expect(await authority.serverCredentials()).toEqual(await authority.serverCredentials());
    expect(await authority.gatewayCredentials()).toEqual(await authority.gatewayCredentials());
    expect(await authority.signingCredentials()).toEqual(await authority.signingCredentials());
  });

  test('the server’s is renewed for a new name and keeps it for the old ones', async () => {
    const local = await authority.serverCredentials();
    const named = await authority.serverCredentials(['hub.example', '10.0.0.8']);

    const certificate = new X509Certificate(named.certificate);
    expect(named.serial).not.toBe(local.serial);
    expect(certificate.checkHost('hub.example')).toBeDefined();
    expect(certificate.checkIP('10.0.0.8')).toBeDefined();
    expect(certificate.checkIP('::1')).toBeDefined();
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect((await authority.serverCredentials()).serial).toBe(named.serial);
  });

  test('are replaced once revoked', async () => {
    const before = await authority.gatewayCredentials();
    await authority.revoke('gateway', 'KEY_COMPROMISE');

    const after = await authority.gatewayCredentials();

    const judge = openJudge(home.path);
    expect(judge.isGateway(before.certificate)).toBe(false);
    expect(judge.isGateway(after.certificate)).toBe(true);
  });

  test('are replaced when the key on disk is not theirs', async () => {
    const before = await authority.signingCredentials();
    await writeFile(join(home.path, 'authority', 'hub-signing.key'), keyPair(2048).privateKey);

    const after = await authority.signingCredentials();

    expect(after.serial).not.toBe(before.serial);
    expect(new X509Certificate(after.certificate).checkPrivateKey(createPrivateKey(after.key))).toBe(true);
    expect(await readFile(join(home.path, 'certs', 'hub-signing.crt'), 'utf8')).toBe(after.certificate);
  });
});
