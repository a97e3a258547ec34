import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import type forge from 'node-forge';
import { type Subject, signCertificate } from './certificate.js';
import { LEAF_BITS, generateRsa } from './keys.js';
import type { IssuerId } from './names.js';
import { type Period, type PeriodOrder, periodOf } from './period.js';
import type { Extension } from './profiles.js';
import type { CertificateRecord, Kind } from './record.js';
import { RequestError } from './request.js';
import type { AuthorityStore } from './store.js';
import { fingerprintOf } from './trust.js';

/** A certificate as it is handed out. */
export interface IssuedCertificate extends Period {
  /** PEM: the certificate, followed by its issuing authority where that is not the root. */
  certificate: string;
  /** SHA-256, hexadecimal in lower case without colons. */
  fingerprint: string;
  serial: string;
}

export interface Credentials extends IssuedCertificate {
  /** PKCS #8 PEM, unencrypted. */
  key: string;
}

export interface Issue {
  kind: Kind;
  issuer: IssuerId;
  subject: Subject;
  extensions: Extension[];
  period: PeriodOrder;
}

/**
 * Signs a certificate for a public key and enters it in the index before anyone holds it, so that there is none that
 * could not be revoked. Call it under the store's lock. Throws CertificateError for an impossible period.
 */
export async function issue(
  store: AuthorityStore,
  order: Issue,
  publicKey: forge.pki.rsa.PublicKey,
): Promise<IssuedCertificate> {
  const issuer = await store.issuer(order.issuer);
  const period = periodOf(order.period, issuer.certificate.validity.notAfter);
  const { pem, serial } = signCertificate({ ...order, ...period, publicKey }, issuer);
  const certificate = new X509Certificate(pem);
  const fingerprint = fingerprintOf(certificate);
  const key = digestOfKey(certificate.publicKey);

  const records = await store.records();
  refuseKnownKey(records, key, order.subject.commonName);
  await store.saveRecords([...records, { ...recordOf(order, period, serial, fingerprint), key }]);
  const chain = order.issuer === 'ROOT' ? pem : pem + (await store.authorityPem(order.issuer));
  return { certificate: chain, fingerprint, serial, ...period };
}

/** The same with a new key pair. */
export async function issueWithKey(store: AuthorityStore, order: Issue): Promise<Credentials> {
  const keys = await generateRsa(LEAF_BITS);
  return { ...(await issue(store, order, keys.publicKey)), key: keys.privatePem };
}

/**
 * A key proves who holds it, so it stands for one name, and for nobody once others may hold it too. Throws RequestError.
 */
function refuseKnownKey(records: readonly CertificateRecord[], key: string, name: string): void {
  const known = records.filter((record) => record.key === key);
  if (known.some(({ reason }) => reason === 'KEY_COMPROMISE'))
    throw new RequestError('The key of the request was given up as compromised; make a new one.');
  if (known.some((record) => record.name !== name))
    throw new RequestError('The key of the request is certified for another name; make one of your own.');
}

function digestOfKey(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

function recordOf(
  order: Issue,
  period: Period,
  serial: string,
  fingerprint: string,
): Omit<CertificateRecord, 'key'> {
  return {
    serial,
    fingerprint,
    name: order.subject.commonName,
    organisation: order.subject.organisation ?? null,
    kind: order.kind,
    issuer: order.issuer,
    stage: order.issuer === 'ROOT' ? null : order.issuer,
    notBefore: period.notBefore.toISOString(),
    notAfter: period.notAfter.toISOString(),
    revokedAt: null,
    reason: null,
  };
}
