import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openAuthority } from '../../certs/authority.js';
import { inspect } from '../../certs/inspect.js';
import { Failure, fault } from '../client/failure.js';

/** What the registry keeps of a certificate; times are ISO 8601. */
export interface CertificateFacts {
  fingerprint: string;
  serial: string;
  notBefore: string;
  notAfter: string;
}

export interface CertificateChoice {
  /** A file in PEM, or a fingerprint. */
  certificate?: string | undefined;
  fingerprint?: string | undefined;
  serial?: string | undefined;
  notBefore?: string | undefined;
  notAfter?: string | undefined;
  home: string;
}

/**
 * The certificate that somebody named: by its file, by a fingerprint that this home's authority issued, or by all its
 * facts where neither is here. Throws Failure CERTIFICATE_UNUSABLE, FILE_UNUSABLE, USAGE.
 */
export async function certificateFacts(choice: CertificateChoice): Promise<CertificateFacts> {
  const { certificate, fingerprint, serial, notBefore, notAfter } = choice;
  if ((certificate === undefined) === (fingerprint === undefined)) {
    throw fault('USAGE', 'Name a certificate file, or give --fingerprint.');
  }
  const isDigest =
    certificate !== undefined && asFingerprint(certificate) !== undefined && !existsSync(certificate);
  if (certificate !== undefined && !isDigest) return fromFile(certificate);
  const digest = asFingerprint(certificate ?? fingerprint ?? '');
  if (digest === undefined) throw fault('USAGE', 'A fingerprint is the SHA-256: 64 hexadecimal digits.');
  if (serial && notBefore && notAfter) return { fingerprint: digest, serial, notBefore, notAfter };
  return fromIndex(digest, choice.home);
}

/** The fingerprint that somebody typed, or that of the file named. */
export async function fingerprintOf(which: string, home: string): Promise<string> {
  return asFingerprint(which) ?? (await certificateFacts({ certificate: which, home })).fingerprint;
}

/** Digits only, in lower case; OpenSSL writes them in pairs with colons. Undefined for what is none. */
export function asFingerprint(text: string): string | undefined {
  const digits = text.replaceAll(':', '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : undefined;
}

async function fromFile(path: string): Promise<CertificateFacts> {
  const { fingerprint, serial, notBefore, notAfter, usages, isAuthority } = inspect(
    await readFile(path, 'utf8'),
  );
  if (isAuthority || !usages.includes('clientAuth')) {
    throw unusable(`${path} is no client certificate.`, 'Name the <tenant>.crt that hub cert issue wrote.');
  }
  return { fingerprint, serial, notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() };
}

async function fromIndex(digest: string, home: string): Promise<CertificateFacts> {
  const isHere = existsSync(join(home, 'authority'));
  const [record] = isHere ? await (await openAuthority(home, { mayFound: false })).list(digest) : [];
  if (record?.kind === 'CLIENT') {
    const { fingerprint, serial, notBefore, notAfter } = record;
    return { fingerprint, serial, notBefore, notAfter };
  }
  const remedy = 'Name its file, or give --serial, --not-before and --not-after as well.';
  throw unusable(`The authority of ${home} issued no client certificate with this fingerprint.`, remedy);
}

function unusable(message: string, remedy: string): Failure {
  return new Failure({ code: 'CERTIFICATE_UNUSABLE', message, remedy });
}
