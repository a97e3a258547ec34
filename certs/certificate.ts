import { type KeyObject, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import * as der from './der.js';
import { SHA256_WITH_RSA, signSha256 } from './keys.js';
import type { Extension } from './profiles.js';

export interface Subject {
  commonName: string;
  organisation?: string | undefined;
  unit?: string | undefined;
}

export interface Draft {
  subject: Subject;
  publicKey: forge.pki.rsa.PublicKey;
  notBefore: Date;
  notAfter: Date;
  extensions: Extension[];
}

/** An authority that can sign: its certificate and its private key. */
export interface Issuer {
  certificate: forge.pki.Certificate;
  key: KeyObject;
}

export interface SignedCertificate {
  certificate: forge.pki.Certificate;
  pem: string;
  /** Hexadecimal, lower case, 32 digits. */
  serial: string;
}

/** Signs an X.509 v3 certificate with SHA-256 (RFC 5280, 4.1 and 4.2.1.1–2). */
export function signCertificate(draft: Draft, issuer: Issuer): SignedCertificate {
  return sign(draft, issuer.certificate.subject.attributes, keyIdentifier(issuer.certificate), issuer.key);
}

/** Signs the certificate of a root with its own key. */
export function signRoot(draft: Draft, key: KeyObject): SignedCertificate {
  return sign(draft, attributes(draft.subject), fingerprintOfKey(draft.publicKey), key);
}

/** The bytes of the key identifier of a certificate's own key (RFC 5280, 4.2.1.2, method 1). */
export function keyIdentifier(certificate: forge.pki.Certificate): string {
  return fingerprintOfKey(certificate.publicKey as forge.pki.rsa.PublicKey);
}

function sign(
  draft: Draft,
  issuer: forge.pki.CertificateField[],
  issuerKeyIdentifier: string,
  key: KeyObject,
): SignedCertificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = draft.publicKey;
  certificate.serialNumber = randomSerial();
  certificate.validity.notBefore = draft.notBefore;
  certificate.validity.notAfter = draft.notAfter;
  certificate.setSubject(attributes(draft.subject));
  certificate.setIssuer(issuer);
  certificate.setExtensions([
    ...draft.extensions,
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuerKeyIdentifier },
  ]);
  seal(certificate, key);
  const pem = forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
  return { certificate, pem, serial: certificate.serialNumber };
}

/** What forge's own `sign` does, with the key in OpenSSL's hands. */
function seal(certificate: forge.pki.Certificate, key: KeyObject): void {
  // The published types lack the function and the field that forge's own `sign` uses.
  const { getTBSCertificate } = forge.pki as unknown as {
    getTBSCertificate: typeof forge.pki.certificateToAsn1;
  };
  certificate.signatureOid = SHA256_WITH_RSA;
  certificate.siginfo.algorithmOid = SHA256_WITH_RSA;
  const tbsCertificate = getTBSCertificate(certificate);
  certificate.signature = signSha256(key, der.encode(tbsCertificate));
  Object.assign(certificate, { tbsCertificate });
}

function attributes(subject: Subject): forge.pki.CertificateField[] {
  const fields = [
    { name: 'organizationName', value: subject.organisation },
    { name: 'organizationalUnitName', value: subject.unit },
    { name: 'commonName', value: subject.commonName },
  ];
  // UTF8String throughout: PrintableString, forge's default, holds neither Chinese nor an underscore. The published
  // types want a class where forge wants a type.
  const valueTagClass = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;
  return fields
    .filter((field) => field.value !== undefined)
    .map((field) => ({ ...field, valueTagClass }) as forge.pki.CertificateField);
}

/**
 * 16 random bytes of which the first is 1–127: positive, and of one length in DER and in every listing
 * (RFC 5280, 4.1.2.2).
 */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = bytes[0]! & 0x7f || 1;
  return bytes.toString('hex');
}

function fingerprintOfKey(publicKey: forge.pki.rsa.PublicKey): string {
  return forge.pki.getPublicKeyFingerprint(publicKey, { type: 'RSAPublicKey' }).getBytes();
}
