import { X509Certificate } from 'node:crypto';
import { ISSUERS, type IssuerId, OWN_NAMES, type Stage } from './names.js';
import { CLIENT_AUTH } from './profiles.js';
import { type Published, watchPublished } from './published.js';
import { type Trust, commonName, fingerprintOf, isIssuedBy, serialOf } from './trust.js';

/** Why a presented certificate does not identify anyone; the error code is `CERTIFICATE_` and this. */
export type Problem = 'REQUIRED' | 'UNTRUSTED' | 'EXPIRED' | 'NOT_YET_VALID' | 'REVOKED';
export type Verdict = { stage: Stage } | { problem: Problem };

/** What about a certificate never changes once an authority of ours signed it. Dates in milliseconds. */
interface Issued {
  issuer: IssuerId;
  serial: string;
  name: string;
  isClient: boolean;
  notBefore: number;
  notAfter: number;
}

/** Only certificates that we signed are kept, so strangers cannot fill it; the bound is for a very long life. */
const KEPT = 20_000;

/**
 * Judges certificates that TLS let through unjudged (`rejectUnauthorized: false`), from public material alone:
 * `ca.crt` and `ca.crl`. TLS itself has proved that the peer holds the private key. Every method throws
 * CertificateError where that material is missing, damaged or out of date; the caller must then refuse.
 */
export class Judge {
  readonly #published: (now: Date) => Published;
  readonly #issued = new Map<string, Issued>();
  #trust: Trust | undefined;

  constructor(published: (now: Date) => Published) {
    this.#published = published;
  }

  /** Which authority vouches for a caller now. The certificate as PEM, DER or node has it, or none. */
  stageOf(presented: X509Certificate | Buffer | string | undefined, now = new Date()): Verdict {
    if (presented === undefined) return { problem: 'REQUIRED' };
    const published = this.#published(now);
    const issued = this.#recognise(presented, published.trust);
    if (!issued?.isClient || issued.issuer === 'ROOT') return { problem: 'UNTRUSTED' };
    const problem = lapse(issued, published, now);
    return problem ? { problem } : { stage: issued.issuer };
  }

  /** Whether the gateway itself calls: what a room asks when it runs as a process of its own. */
  isGateway(presented: X509Certificate | Buffer | string | undefined, now = new Date()): boolean {
    return this.#isOwn(presented, OWN_NAMES.GATEWAY, true, now);
  }

  /** Whether a certificate may sign the hub's packages and receipts at `now`. */
  isSigner(presented: X509Certificate | Buffer | string | undefined, now = new Date()): boolean {
    return this.#isOwn(presented, OWN_NAMES.SIGNING, false, now);
  }

  #isOwn(
    presented: X509Certificate | Buffer | string | undefined,
    name: string,
    isClient: boolean,
    now: Date,
  ): boolean {
    if (presented === undefined) return false;
    const published = this.#published(now);
    const issued = this.#recognise(presented, published.trust);
    if (issued?.issuer !== 'ROOT' || issued.name !== name || issued.isClient !== isClient) return false;
    return lapse(issued, published, now) === undefined;
  }

  #recognise(presented: X509Certificate | Buffer | string, trust: Trust): Issued | undefined {
    const certificate = parse(presented);
    if (!certificate) return undefined;
    if (this.#trust !== trust) this.#issued.clear();
    this.#trust = trust;
    const fingerprint = fingerprintOf(certificate);
    const known = this.#issued.get(fingerprint);
    if (known) return known;
    const issued = examine(certificate, trust);
    if (this.#issued.size >= KEPT) this.#issued.clear();
    if (issued) this.#issued.set(fingerprint, issued);
    return issued;
  }
}

/** A judge over the files that `openAuthority(home)` publishes; it follows them within 200 ms. */
export function openJudge(home: string): Judge {
  return new Judge(watchPublished(home));
}

function parse(presented: X509Certificate | Buffer | string): X509Certificate | undefined {
  if (presented instanceof X509Certificate) return presented;
  try {
    return new X509Certificate(presented);
  } catch {
    return undefined;
  }
}

/** Undefined for a certificate that none of our authorities signed, and for an authority, which is nobody's leaf. */
function examine(certificate: X509Certificate, trust: Trust): Issued | undefined {
  if (certificate.ca) return undefined;
  const issuer = ISSUERS.find((id) => isIssuedBy(certificate, trust[id]));
  if (!issuer) return undefined;
  const chain = [certificate, trust[issuer], trust.ROOT];
  return {
    issuer,
    serial: serialOf(certificate),
    name: commonName(certificate),
    isClient: certificate.keyUsage?.includes(CLIENT_AUTH) ?? false,
    // A leaf is good while its whole chain is.
    notBefore: Math.max(...chain.map((link) => link.validFromDate.getTime())),
    notAfter: Math.min(...chain.map((link) => link.validToDate.getTime())),
  };
}

function lapse(issued: Issued, { trust, revocations }: Published, now: Date): Problem | undefined {
  if (revocations[issued.issuer].revoked.has(issued.serial)) return 'REVOKED';
  if (revocations.ROOT.revoked.has(serialOf(trust[issued.issuer]))) return 'REVOKED';
  if (now.getTime() < issued.notBefore) return 'NOT_YET_VALID';
  // The end is exclusive, as OpenSSL has it.
  return now.getTime() >= issued.notAfter ? 'EXPIRED' : undefined;
}
