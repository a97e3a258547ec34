import { type X509Certificate, verify } from 'node:crypto';
import forge from 'node-forge';
import { type Issuer, keyIdentifier } from './certificate.js';
import { CertificateError } from './certificate-error.js';
import * as der from './der.js';
import { SHA256_WITH_RSA, signSha256 } from './keys.js';

/**
 * Why a certificate ends before its time: the reason codes of RFC 5280, 5.3.1 that fit a leaf. Holding (6) is left
 * out, because a certificate that may come back would have to be told from one that may not.
 */
export const REASONS = {
  UNSPECIFIED: 0,
  KEY_COMPROMISE: 1,
  AFFILIATION_CHANGED: 3,
  SUPERSEDED: 4,
  CESSATION_OF_OPERATION: 5,
  PRIVILEGE_WITHDRAWN: 9,
} as const;
export type Reason = keyof typeof REASONS;

export interface Revocation {
  serial: string;
  revokedAt: Date;
  reason: Reason;
}

export interface CrlDraft {
  /** Grows with every list of the same issuer. */
  number: number;
  thisUpdate: Date;
  nextUpdate: Date;
  revoked: readonly Revocation[];
}

export interface Crl {
  number: number;
  thisUpdate: Date;
  nextUpdate: Date;
  /** Serials, hexadecimal in lower case, and since when they are revoked. */
  revoked: ReadonlyMap<string, Date>;
}

const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const CRL_NUMBER = '2.5.29.20';
const REASON_CODE = '2.5.29.21';

/** Signs a version 2 revocation list (RFC 5280, 5) and returns it as PEM. forge has none, so it is built by hand. */
export function signCrl(draft: CrlDraft, issuer: Issuer): string {
  const algorithm = der.sequence(der.oid(SHA256_WITH_RSA), der.nothing());
  const list = der.sequence(
    der.integer('01'),
    algorithm,
    forge.pki.distinguishedNameToAsn1(issuer.certificate.subject),
    der.time(draft.thisUpdate),
    der.time(draft.nextUpdate),
    // An empty list must be absent, not empty (5.1.2.6).
    ...(draft.revoked.length > 0 ? [der.sequence(...draft.revoked.map(entry))] : []),
    der.explicit(0, crlExtensions(draft, issuer)),
  );
  const signature = signSha256(issuer.key, der.encode(list));
  const crl = der.sequence(list, algorithm, der.bits(signature));
  return forge.pem.encode({ type: 'X509 CRL', body: der.encode(crl) }).replaceAll('\r\n', '\n');
}

/** Reads a list that `issuer` signed. Throws CertificateError for any other text. */
export function readCrl(pem: string, issuer: X509Certificate): Crl {
  try {
    const [list, , signature] = der.parts(der.decode(forge.pem.decode(pem)[0]!.body));
    const signed = Buffer.from(der.encode(list!), 'latin1');
    const bytes = Buffer.from(der.text(signature).slice(1), 'latin1');
    if (!verify('sha256', signed, issuer.publicKey, bytes))
      throw new CertificateError('the signature is wrong');
    return readList(der.parts(list));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CertificateError(`A revocation list is damaged or not of this hub: ${why}`, { cause: error });
  }
}

function entry({ serial, revokedAt, reason }: Revocation): der.Node {
  const items = [der.integer(serial), der.time(revokedAt)];
  // "Unspecified" is said by leaving the reason out (5.3.1).
  if (reason !== 'UNSPECIFIED') {
    items.push(der.sequence(extension(REASON_CODE, der.enumerated(REASONS[reason]))));
  }
  return der.sequence(...items);
}

function crlExtensions(draft: CrlDraft, issuer: Issuer): der.Node {
  const keyId = der.sequence(der.implicitOctets(0, keyIdentifier(issuer.certificate)));
  return der.sequence(
    extension(AUTHORITY_KEY_IDENTIFIER, keyId),
    extension(CRL_NUMBER, der.integer(draft.number.toString(16))),
  );
}

function extension(id: string, value: der.Node): der.Node {
  return der.sequence(der.oid(id), der.octets(value));
}

/** version, algorithm, issuer, thisUpdate, nextUpdate, entries where there are any, [0] extensions */
function readList(list: der.Node[]): Crl {
  const [, , , thisUpdate, nextUpdate] = list;
  const entries = list.length > 6 ? der.parts(list[5]) : [];
  return {
    number: readNumber(der.parts(der.parts(list.at(-1))[0])),
    thisUpdate: der.readTime(thisUpdate!),
    nextUpdate: der.readTime(nextUpdate!),
    revoked: new Map(entries.map((item) => readEntry(der.parts(item)))),
  };
}

function readEntry([serial, revokedAt]: der.Node[]): [string, Date] {
  return [hex(der.text(serial)), der.readTime(revokedAt!)];
}

function readNumber(extensions: der.Node[]): number {
  const found = extensions.find((item) => forge.asn1.derToOid(der.text(der.parts(item)[0])) === CRL_NUMBER);
  const value = der.decode(der.text(der.parts(found).at(-1)));
  return Number.parseInt(hex(der.text(value)), 16);
}

function hex(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('hex');
}
