import { X509Certificate } from 'node:crypto';
import { CertificateError } from './certificate-error.js';
import { type Crl, readCrl } from './crl.js';
import { AUTHORITY_NAMES, ISSUERS, type IssuerId } from './names.js';

/** The three authorities of this hub; public material only. */
export type Trust = Readonly<Record<IssuerId, X509Certificate>>;
export type Revocations = Readonly<Record<IssuerId, Crl>>;

/**
 * Reads `ca.crt`: exactly the root and the two issuing authorities, each signed as it should be. Throws
 * CertificateError for anything more or less, so that an authority slipped into the file is not trusted by silence.
 */
export function readTrust(bundle: string): Trust {
  const found = blocks(bundle, 'CERTIFICATE').map(parse);
  if (found.length !== ISSUERS.length) {
    throw new CertificateError(`The authority bundle holds ${found.length} certificates instead of 3.`);
  }
  const trust = byIssuer((id) => {
    const certificate = found.find((candidate) => commonName(candidate) === AUTHORITY_NAMES[id]);
    if (!certificate) throw new CertificateError(`The authority bundle lacks "${AUTHORITY_NAMES[id]}".`);
    return certificate;
  });
  for (const id of ISSUERS) {
    if (!trust[id].ca || !isIssuedBy(trust[id], trust.ROOT)) {
      throw new CertificateError(`"${AUTHORITY_NAMES[id]}" is no authority of this hub's root.`);
    }
  }
  return trust;
}

/** Reads `ca.crl`: one list of each authority, in the order ROOT, TEST, FORMAL. Throws CertificateError. */
export function readRevocations(bundle: string, trust: Trust): Revocations {
  const lists = blocks(bundle, 'X509 CRL');
  if (lists.length !== ISSUERS.length) {
    throw new CertificateError(`The revocation bundle holds ${lists.length} lists instead of 3.`);
  }
  return byIssuer((id) => readCrl(lists[ISSUERS.indexOf(id)]!, trust[id]));
}

/** By name, key identifier and signature: a forged name alone fails the signature. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** The first common name of the subject, or '' where it has none. */
export function commonName(certificate: X509Certificate): string {
  const name = certificate.toLegacyObject().subject?.CN;
  return (Array.isArray(name) ? name[0] : name) ?? '';
}

/** SHA-256 of the certificate, hexadecimal in lower case without colons: how a certificate is registered. */
export function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** Hexadecimal in lower case, as the revocation lists and the index have it. */
export function serialOf(certificate: X509Certificate): string {
  return certificate.serialNumber.toLowerCase();
}

/** The PEM blocks of a kind, in the order of the text. */
export function blocks(text: string, label: string): string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, 'g')) ?? [];
}

export function byIssuer<T>(of: (id: IssuerId) => T): Record<IssuerId, T> {
  return { ROOT: of('ROOT'), TEST: of('TEST'), FORMAL: of('FORMAL') };
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new CertificateError('The authority bundle holds a damaged certificate.', { cause: error });
  }
}
