import type { Stage } from '../../gateway/policy/grant.js';
import type { RevocationReason } from '../../gateway/policy/certificates.js';

/** What a client certificate is to say; the key is that of the request and nothing else of it counts. */
export interface CertificateOrder {
  /** The tenant's id: the common name. */
  name: string;
  /** Which authority signs. */
  stage: Stage;
  /** The tenant's name; what X.520 has no room for is left out. */
  organisation?: string | undefined;
  /** ISO 8601; an hour ago by default, for clocks that are slow. */
  notBefore?: string | undefined;
  /** ISO 8601 */
  notAfter: string;
}

export interface CertifiedKey {
  /** PEM: the certificate, then the authority that issued it. */
  certificate: string;
  /** SHA-256, hexadecimal in lower case. */
  fingerprint: string;
  /** Hexadecimal in lower case. */
  serial: string;
  /** ISO 8601, whole seconds. */
  notBefore: string;
  notAfter: string;
}

/** Periods and days that the operator sets. */
export interface Periods {
  /** How many days a request for consent waits for its answer. */
  consentAnswer: number;
  /** How many days a recipient has to erase what a consent gave it, where nothing was agreed. */
  erasure: number;
  /** The day of the month from which the month before is published by the hub itself; 0 is never. */
  statisticsDay: number;
}

/** When a published figure would tell of one subject; the operator's to set, and said in every edition. */
export interface DisclosureRules {
  /** Fewer subjects than this are withheld. */
  fewestSubjects: number;
  /** Nobody may estimate another's amount more closely than this, in percent of it. */
  pPercent: number;
  /** Nor may the two largest together make up more than this, in percent of the whole. */
  largestSharePercent: number;
}

/** What the process gives its rooms beside the database. */
export interface RoomServices {
  /** The hub's signature over a text: a detached JWS (RFC 7515, appendix F) with the signing certificate's chain. */
  sign: (payload: string) => Promise<string>;
  periods: Readonly<Periods>;
  disclosureRules: Readonly<DisclosureRules>;
  /** Logs a fault with its stack and returns the incident id that may leave the hub instead. */
  fault: (error: unknown, where: string) => string;
  /**
   * What a PKCS #10 request (PEM) says: whose it claims to be, and the SHA-256 of the key whose possession it proves.
   *
   * @throws Refusal CSR_UNUSABLE
   */
  readRequest: (csr: string) => Promise<{ commonName: string | null; keySha256: string }>;
  /**
   * A client certificate for the key of a PKCS #10 request (PEM). It opens nothing until its fingerprint is registered:
   * should the transaction that registers it fail, nobody can use it.
   *
   * @throws Refusal CSR_UNUSABLE
   */
  certify: (csr: string, order: CertificateOrder) => Promise<CertifiedKey>;
  /**
   * Puts a certificate on the revocation list of the authority that issued it, whatever becomes of the transaction.
   * False where none of this hub's did.
   */
  revokeIssued: (fingerprint: string, reason: RevocationReason) => Promise<boolean>;
}
