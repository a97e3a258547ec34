import { CertificateError } from './certificate-error.js';
import type { Reason } from './crl.js';
import type { IssuerId, Stage } from './names.js';

export type Kind = 'CLIENT' | 'SERVER' | 'GATEWAY' | 'SIGNING';

/** One line of the index of everything that the authorities issued. Times are ISO 8601 in UTC. */
export interface CertificateRecord {
  /** Hexadecimal, lower case, 32 digits; unique over all authorities. */
  serial: string;
  /** SHA-256 of the certificate, hexadecimal in lower case without colons. */
  fingerprint: string;
  /** The common name: a tenant's name, or one of the hub's own. */
  name: string;
  organisation: string | null;
  kind: Kind;
  issuer: IssuerId;
  /** Null for the hub's own certificates, which belong to no stage. */
  stage: Stage | null;
  /** SHA-256 of the public key (SubjectPublicKeyInfo); null in lines of before it was kept. */
  key: string | null;
  notBefore: string;
  notAfter: string;
  revokedAt: string | null;
  reason: Reason | null;
}

/** JSON lines, so that an operator can read, grep and compare it. */
export function writeIndex(records: readonly CertificateRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** Throws CertificateError for a damaged line: with a line lost, a revocation could be lost. */
export function readIndex(text: string): CertificateRecord[] {
  return text.split('\n').flatMap((line, index) => {
    if (line === '') return [];
    try {
      const record = JSON.parse(line) as Omit<CertificateRecord, 'key'> & { key?: string };
      return [{ ...record, key: record.key ?? null }];
    } catch (error) {
      throw new CertificateError(`The index of certificates is damaged in line ${index + 1}.`, {
        cause: error,
      });
    }
  });
}

/**
 * The records that a serial (32 hexadecimal digits), a fingerprint (64, with or without colons) or a name means.
 * A name means all its certificates, narrowed by `stage` where given.
 */
export function select(
  records: readonly CertificateRecord[],
  which: string,
  stage?: Stage,
): CertificateRecord[] {
  const digits = which.replaceAll(':', '').toLowerCase();
  const field = /^[0-9a-f]{64}$/.test(digits)
    ? 'fingerprint'
    : /^[0-9a-f]{32}$/.test(digits)
      ? 'serial'
      : 'name';
  const wanted = field === 'name' ? which : digits;
  return records.filter((record) => record[field] === wanted && (!stage || record.stage === stage));
}
