import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openAuthority } from '../../certs/authority.js';
import { blocks } from '../../certs/trust.js';
import { temporaryHome } from './handshakes.js';

const run = promisify(execFile);
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const testWithOpenssl = hasOpenssl ? test : test.skip;

testWithOpenssl(
  'OpenSSL reads the lists and checks whole chains by them (skipped without openssl)',
  async () => {
    await using home = await temporaryHome();
    const authority = await openAuthority(home.path);
    const good = await authority.issueClient({ name: 'good', stage: 'FORMAL' });
    const bad = await authority.issueClient({ name: 'bad', stage: 'FORMAL' });
    await authority.revoke('bad', 'KEY_COMPROMISE');
    const paths = [await authority.handOut('good', good), await authority.handOut('bad', bad)];
    const lists = await authority.crls();

    const formal = join(home.path, 'formal.crl');
    await writeFile(formal, lists[2]!);
    const { stdout } = await run('openssl', ['crl', '-text', '-noout', '-in', formal]);
    expect(stdout).toContain('Version 2');
    expect(stdout).toContain(`Serial Number: ${bad.serial.toUpperCase()}`);
    expect(stdout).toContain('Key Compromise');
    expect(stdout).toContain('X509v3 CRL Number');
    expect(stdout).toContain('X509v3 Authority Key Identifier');
    expect(stdout).not.toContain(good.serial.toUpperCase());

    const verify = (certificate: string) =>
      run('openssl', [
        ...['verify', '-crl_check_all', '-x509_strict', '-purpose', 'sslclient'],
        ...['-CAfile', authority.bundlePath, '-CRLfile', authority.revocationsPath, certificate],
      ]);
    await expect(verify(paths[0]!.certificate)).resolves.toMatchObject({
      stdout: expect.stringContaining('OK'),
    });
    await expect(verify(paths[1]!.certificate)).rejects.toMatchObject({
      stderr: expect.stringContaining('certificate revoked'),
    });
  },
);

testWithOpenssl('a request made by OpenSSL becomes a certificate (skipped without openssl)', async () => {
  await using home = await temporaryHome();
  const authority = await openAuthority(home.path);
  const { stdout } = await run('openssl', [
    ...['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=whoever'],
    ...['-keyout', join(home.path, 'own.key')],
  ]);

  const issued = await authority.issueFromCsr(stdout, { name: 'own', stage: 'TEST' });

  expect(blocks(issued.certificate, 'CERTIFICATE')).toHaveLength(2);
});
