import { X509Certificate } from 'node:crypto';
import { CertificateError } from './certificate-error.js';
import { blocks, commonName, fingerprintOf, serialOf } from './trust.js';

export interface Inspection {
  name: string;
  /** Distinguished names, one attribute a line turned into `, `. */
  subject: string;
  issuer: string;
  serial: string;
  /** SHA-256, hexadecimal in lower case without colons: what a tenant is registered with. */
  fingerprint: string;
  notBefore: Date;
  notAfter: Date;
  /** `clientAuth`, `serverAuth`, or the object identifier of another extended usage; empty where none is named. */
  usages: string[];
  /** Host names and addresses, as OpenSSL writes them. */
  alternativeNames: string | null;
  isAuthority: boolean;
}

const USAGES: Record<string, string> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
};

/** Describes the first certificate in a PEM text. Trusts nothing and verifies nothing. Throws CertificateError. */
export function inspect(pem: string): Inspection {
  const certificate = parse(pem);
  return {
    name: commonName(certificate),
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    serial: serialOf(certificate),
    fingerprint: fingerprintOf(certificate),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    usages: (certificate.keyUsage ?? []).map((usage) => USAGES[usage] ?? usage),
    alternativeNames: certificate.subjectAltName ?? null,
    isAuthority: certificate.ca,
  };
}

function parse(pem: string): X509Certificate {
  const [first] = blocks(pem, 'CERTIFICATE');
  if (first === undefined) throw new CertificateError('The text holds no certificate in PEM.');
  try {
    return new X509Certificate(first);
  } catch (error) {
    throw new CertificateError('The certificate is damaged.', { cause: error });
  }
}
