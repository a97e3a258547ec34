import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openJudge } from '../../certs/judge.js';
import { compile } from './compiled.js';
import { temporaryHome } from './handshakes.js';

interface Result {
  status: number;
  stdout: string;
  stderr: string;
}

/** Registers nothing, but says what it was told; fails for the tenant called `closed`, refuses the one called `full`. */
const MAIN = `
  import { certCommand } from './scripts/commands/cert.js';
  import { Failure } from './scripts/client/failure.js';
  import { Command } from 'commander';
  const onIssued = async ({ tenant, certificate }) => {
    if (tenant === 'closed') throw new Error('the tenant is closed');
    if (tenant === 'full') throw new Failure({ code: 'CERTIFICATE_LIMIT', message: 'It has two.', remedy: '' });
    return tenant ? 'Registered to ' + tenant + ': ' + certificate.fingerprint : undefined;
  };
  const onRevoked = async ({ records }) => 'Told of ' + records.length;
  await new Command('hub').addCommand(certCommand({ onIssued, onRevoked })).parseAsync();`;

let folder: Awaited<ReturnType<typeof temporaryHome>>;
let home: string;

beforeAll(async () => {
  folder = await temporaryHome();
  home = join(folder.path, 'home');
  await compile(folder.path, ['certs', 'scripts/commands', 'scripts/client']);
  await writeFile(join(folder.path, 'main.js'), MAIN);
  expect(await cert('init')).toMatchObject({ status: 0 });
});

afterAll(() => folder[Symbol.asyncDispose]());

function cert(...args: string[]): Promise<Result> {
  const env = { PATH: process.env['PATH'], HUB_HOME: home };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['main.js', 'cert', ...args],
      { cwd: folder.path, env },
      (error, stdout, stderr) => {
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}

function issue(name: string, ...args: string[]): Promise<Result> {
  return cert('issue', '--name', name, '--stage', 'FORMAL', '--demo-key', ...args);
}

describe('hub cert fails with a line and status 1', () => {
  test.each([
    ['in a home without an authority, and makes none', ['list', '--home', 'elsewhere'], 'hub cert init'],
    ['on a bad name', ['issue', '--name', '../x', '--stage', 'TEST', '--demo-key'], 'no tenant name'],
    ['without a request', ['issue', '--name', 'a', '--stage', 'TEST'], 'hub cert request'],
    [
      'on months that nobody approves',
      ['issue', '--name', 'a', '--stage', 'TEST', '--months', '13'],
      '12, 24, 36, 48, 60',
    ],
    ['on a request for no tenant name', ['request', '--name', '../x'], 'no tenant name'],
    ['without a stage', ['issue', '--name', 'a'], '--stage'],
    ['on an unknown stage', ['issue', '--name', 'a', '--stage', 'ROOT'], 'TEST or FORMAL'],
    [
      'on days that are no number',
      ['issue', '--name', 'a', '--stage', 'TEST', '--demo-key', '--days', 'x'],
      'whole days',
    ],
    [
      'on a request that is not there',
      ['issue', '--name', 'a', '--stage', 'TEST', '--csr', 'no.csr'],
      'no.csr',
    ],
    [
      'on a request that is none',
      ['issue', '--name', 'a', '--stage', 'TEST', '--csr', 'main.js'],
      'PKCS #10',
    ],
    ['on revoking what is unknown', ['revoke', 'nobody'], 'nobody'],
    ['on an unknown reason', ['revoke', 'nobody', '--reason', 'boredom'], 'key-compromise'],
    ['on showing what is unknown', ['show', 'nobody'], 'nobody'],
    ['on showing a file that is no certificate', ['show', 'main.js'], 'no certificate'],
  ])('%s', async (_, args, reason) => {
    const { status, stdout, stderr } = await cert(...args);

    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.split('\n')[0]).toContain(reason);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(await readdir(folder.path)).not.toContain('elsewhere');
  });

  test('when files would be overwritten, and issues nothing', async () => {
    expect(await issue('twice')).toMatchObject({ status: 0 });

    expect(await issue('twice')).toMatchObject({ status: 1, stderr: expect.stringContaining('--replace') });
    expect(JSON.parse((await cert('show', 'twice', '--json')).stdout).certificates).toHaveLength(1);

    expect(await issue('twice', '--replace')).toMatchObject({ status: 0 });
    expect(JSON.parse((await cert('show', 'twice', '--json')).stdout).certificates).toHaveLength(2);
  });

  test('when the tenant cannot be registered, saying that the certificate exists', async () => {
    const { status, stderr } = await issue('late', '--tenant', 'closed');

    expect(status).toBe(1);
    expect(stderr).toMatch(/late\.crt was issued, but not registered: the tenant is closed/);
  });

  test('when the registry gives its place to another meanwhile, and revokes it again', async () => {
    const { status, stderr } = await issue('overtaken', '--tenant', 'full');

    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/not registered: It has two\. It was revoked/),
    ]);
    const { certificates } = JSON.parse((await cert('show', 'overtaken', '--json')).stdout) as {
      certificates: { certificate: string }[];
    };
    expect(openJudge(home).stageOf(await readFile(join(home, 'certs', 'overtaken.crt'), 'utf8'))).toEqual({
      problem: 'REVOKED',
    });
    expect(certificates).toHaveLength(1);
  });

  test('as JSON too, where JSON was asked for', async () => {
    const { status, stdout } = await cert('revoke', 'nobody', '--json');

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ errors: [{ extensions: { code: 'CERT_REFUSED' } }] });
  });
});

describe('hub cert', () => {
  test('issues to a folder, registers, and hands out no readable key', async () => {
    const out = join(folder.path, 'to-send');
    const { status, stdout } = await issue('district-310101', '--out', out, '--tenant', 'd1', '--days', '30');

    expect(status).toBe(0);
    expect(stdout).toMatch(/Registered to d1: [0-9a-f]{64}/);
    expect(await readdir(out)).toEqual(['district-310101.crt', 'district-310101.key']);
    expect((await stat(join(out, 'district-310101.key'))).mode & 0o777).toBe(0o600);
    const certificate = await readFile(join(out, 'district-310101.crt'), 'utf8');
    expect(openJudge(home).stageOf(certificate)).toEqual({ stage: 'FORMAL' });
  });

  test('certifies a request that a tenant made with a key of its own, beside the key, for the months approved', async () => {
    const out = join(folder.path, 'tenant');
    expect(await cert('request', '--name', 'own-key', '--out', out)).toMatchObject({ status: 0 });
    expect((await stat(join(out, 'own-key.key'))).mode & 0o777).toBe(0o600);
    expect((await cert('request', '--name', 'own-key', '--out', out)).stderr).toContain('--replace');
    const csr = join(out, 'own-key.csr');

    const { stdout } = await cert(
      'issue',
      '--name',
      'own-key',
      '--stage',
      'FORMAL',
      '--months',
      '24',
      '--csr',
      csr,
      '--out',
      out,
      '--json',
    );

    const { files, notBefore, notAfter } = JSON.parse(stdout);
    expect(files.key).toBeNull();
    expect(Date.parse(notAfter) - Date.parse(notBefore)).toBeGreaterThan(729 * 86_400_000);
    const key = createPrivateKey(await readFile(join(out, 'own-key.key'), 'utf8'));
    expect(new X509Certificate(await readFile(files.certificate, 'utf8')).checkPrivateKey(key)).toBe(true);
    expect(
      JSON.parse((await cert('list', '--expiring', '700', '--json')).stdout).certificates,
    ).not.toContainEqual(expect.objectContaining({ name: 'own-key' }));
    expect((await cert('list', '--expiring', '735')).stdout).toContain('own-key');
  });

  test('revokes a name, tells the hub, and lists it as revoked', async () => {
    const certificate = JSON.parse((await issue('leaver', '--json')).stdout);

    const { status, stdout } = await cert('revoke', 'leaver', '--reason', 'key-compromise');

    expect(status).toBe(0);
    expect(stdout).toMatch(/Revoked leaver, serial [0-9a-f]{32}.*\nTold of 1/);
    const { certificates } = JSON.parse((await cert('list', '--json')).stdout);
    expect(certificates).toContainEqual(
      expect.objectContaining({
        fingerprint: certificate.fingerprint,
        standing: 'REVOKED',
        reason: 'KEY_COMPROMISE',
      }),
    );
    expect((await cert('list', '--valid')).stdout).not.toContain('leaver');
    expect(openJudge(home).stageOf(await readFile(certificate.files.certificate, 'utf8'))).toEqual({
      problem: 'REVOKED',
    });
  });

  test('shows a file, with what the index knows of it', async () => {
    await cert(
      'issue',
      '--name',
      'newcomer',
      '--stage',
      'test',
      '--demo-key',
      '--organisation',
      '新接入平台',
    );

    const { stdout } = await cert('show', join(home, 'certs', 'newcomer.crt'));

    expect(stdout).toMatch(/Subject +O=新接入平台, CN=newcomer/);
    expect(stdout).toMatch(/Use +clientAuth/);
    expect(stdout).toMatch(/Here +VALID/);
  });

  test('init again keeps the authorities, and adds a name to the server', async () => {
    const before = JSON.parse((await cert('init', '--json')).stdout);
    const after = JSON.parse((await cert('init', '--json', '--server-name', 'hub.example')).stdout);

    expect(after.authorities).toEqual(before.authorities);
    expect(after.server.alternativeNames).toContain('hub.example');
  });

  test('explains itself with examples', async () => {
    const { status, stdout } = await cert('--help');

    expect(status).toBe(0);
    expect(stdout).toContain('hub cert issue --name district-310101');
  });
});
