import { X509Certificate } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Authority, openAuthority } from '../../certs/authority.js';
import { CertificateError } from '../../certs/certificate-error.js';
import type { Credentials } from '../../certs/issuing.js';
import { type Judge, openJudge } from '../../certs/judge.js';
import { DAY_MS } from '../../certs/period.js';
import * as profiles from '../../certs/profiles.js';
import { selfSigned, temporaryHome } from './handshakes.js';

let home: Awaited<ReturnType<typeof temporaryHome>>;
let foreign: Awaited<ReturnType<typeof temporaryHome>>;
let authority: Authority;
let judge: Judge;
let formal: Credentials;
let revoked: Credentials;

beforeAll(async () => {
  home = await temporaryHome();
  foreign = await temporaryHome();
  authority = await openAuthority(home.path);
  judge = openJudge(home.path);
  formal = await authority.issueClient({ name: 'district-310101', stage: 'FORMAL' });
  revoked = await authority.issueClient({ name: 'former', stage: 'FORMAL' });
  await authority.revoke(revoked.fingerprint, 'KEY_COMPROMISE');
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await foreign[Symbol.asyncDispose]();
});

describe('the judge', () => {
  test('refuses bytes that are no certificate', () => {
    expect(judge.stageOf(Buffer.from('no certificate'))).toEqual({ problem: 'UNTRUSTED' });
    expect(judge.stageOf('')).toEqual({ problem: 'UNTRUSTED' });
  });

  test('judges the dates anew each time, to the second', () => {
    const at = (ms: number) => judge.stageOf(formal.certificate, new Date(ms));
    // Past the life of the published lists nothing is judged at all, so the far end is tried on a short certificate.
    expect(at(formal.notBefore.getTime() - 1)).toEqual({ problem: 'NOT_YET_VALID' });
    expect(at(Date.now())).toEqual({ stage: 'FORMAL' });
  });

  test('refuses from the last second of a certificate on', async () => {
    const brief = await authority.issueClient({ name: 'brief', stage: 'TEST', days: 2 });
    const end = brief.notAfter.getTime();

    expect(judge.stageOf(brief.certificate, new Date(end - 1))).toEqual({ stage: 'TEST' });
    expect(judge.stageOf(brief.certificate, new Date(end))).toEqual({ problem: 'EXPIRED' });
  });

  test('answers the same for PEM, DER and the object of node', () => {
    const certificate = new X509Certificate(formal.certificate);
    for (const form of [formal.certificate, certificate.raw, certificate]) {
      expect(judge.stageOf(form)).toEqual({ stage: 'FORMAL' });
    }
  });

  test('knows of a revocation by another process within a second, though it knew the certificate', async () => {
    const leaver = await authority.issueClient({ name: 'leaver', stage: 'FORMAL' });
    expect(judge.stageOf(leaver.certificate)).toEqual({ stage: 'FORMAL' });

    await (await openAuthority(home.path)).revoke('leaver', 'CESSATION_OF_OPERATION');
    await sleep(300);

    expect(judge.stageOf(leaver.certificate)).toEqual({ problem: 'REVOKED' });
  });

  test('takes the gateway for the gateway, and no tenant for it', async () => {
    const gateway = await authority.gatewayCredentials();
    const signing = await authority.signingCredentials();

    expect(judge.isGateway(formal.certificate)).toBe(false);
    expect(judge.isGateway(signing.certificate)).toBe(false);
    expect(judge.isGateway(undefined)).toBe(false);
    expect(judge.isGateway(gateway.certificate)).toBe(true);
  });

  test('takes the signing certificate for a signer, and no other', async () => {
    const gateway = await authority.gatewayCredentials();
    const signing = await authority.signingCredentials();

    expect(judge.isSigner(formal.certificate)).toBe(false);
    expect(judge.isSigner(gateway.certificate)).toBe(false);
    expect(judge.isSigner((await authority.serverCredentials()).certificate)).toBe(false);
    expect(judge.isSigner(signing.certificate)).toBe(true);
  });
});

describe('the judge refuses to judge', () => {
  test('once the revocation lists ran out', () => {
    const later = new Date(Date.now() + 31 * DAY_MS);

    expect(() => judge.stageOf(formal.certificate, later)).toThrow(CertificateError);
  });

  test.each(['ca.crt', 'ca.crl'])('without %s', async (file) => {
    await whileFile(file, null, () => {
      expect(() => openJudge(home.path).stageOf(formal.certificate)).toThrow(CertificateError);
    });
  });

  test('on revocation lists that another hub signed', async () => {
    await openAuthority(foreign.path);
    const foreignLists = await readFile(join(foreign.path, 'certs', 'ca.crl'));
    await whileFile('ca.crl', foreignLists, () => {
      expect(() => openJudge(home.path).stageOf(revoked.certificate)).toThrow('signature');
    });
  });

  test('on a bundle into which a fourth authority was slipped', async () => {
    const bundle = await readFile(join(home.path, 'certs', 'ca.crt'), 'utf8');
    await whileFile('ca.crt', bundle + (await selfSigned(profiles.ROOT)).certificate, () => {
      expect(() => openJudge(home.path).stageOf(formal.certificate)).toThrow('instead of 3');
    });
  });
});

/** While a file that the judge reads says something else, or is gone. */
async function whileFile(name: string, says: string | Buffer | null, look: () => void): Promise<void> {
  const path = join(home.path, 'certs', name);
  const contents = await readFile(path);
  await (says === null ? rm(path) : writeFile(path, says));
  try {
    look();
  } finally {
    await writeFile(path, contents);
  }
}
