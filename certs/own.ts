import { X509Certificate, createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import { type Credentials, type Issue, issueWithKey } from './issuing.js';
import { ORGANISATION, OWN_NAMES } from './names.js';
import { DAY_MS } from './period.js';
import * as profiles from './profiles.js';
import { type CertificateRecord, select } from './record.js';
import { type AuthorityStore, type PemPair, writePair } from './store.js';
import { fingerprintOf, isIssuedBy, serialOf } from './trust.js';

/** Names under which every hub is reached on its own machine. */
const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];
/** What browsers and partners' scanners accept at most. */
const TLS_DAYS = 397;
const TLS_RENEW_DAYS = 30;
/** Packages are verified years after they were signed. */
const SIGNING_DAYS = 3650;
const SIGNING_RENEW_DAYS = 365;

interface Own {
  kind: 'SERVER' | 'GATEWAY' | 'SIGNING';
  extensions: profiles.Extension[];
  days: number;
  /** A certificate with less left than this is replaced. */
  renewDays: number;
  /** Names that it must hold. */
  hosts: readonly string[];
}

/** serverAuth, for localhost and `names`: DNS names or IP addresses. */
export function serverOrder(names: readonly string[]): Own {
  const hosts = [...new Set([...LOCAL_NAMES, ...names])];
  const extensions = profiles.server(hosts);
  return { kind: 'SERVER', extensions, days: TLS_DAYS, renewDays: TLS_RENEW_DAYS, hosts };
}

/** clientAuth under the root itself: no tenant's certificate, and no tenant's authority, can stand in for it. */
export const GATEWAY_ORDER: Own = {
  kind: 'GATEWAY',
  extensions: profiles.CLIENT,
  days: TLS_DAYS,
  renewDays: TLS_RENEW_DAYS,
  hosts: [],
};

export const SIGNING_ORDER: Own = {
  kind: 'SIGNING',
  extensions: profiles.SIGNING,
  days: SIGNING_DAYS,
  renewDays: SIGNING_RENEW_DAYS,
  hosts: [],
};

/** The hub's own certificate of a kind: the one on disk while it is good, else a new one. Call it under the lock. */
export async function ownCredentials(store: AuthorityStore, own: Own): Promise<Credentials> {
  const name = OWN_NAMES[own.kind];
  const kept = await store.own(name);
  const good = kept && (await ifGood(store, kept, own));
  if (good) return good;

  const order: Issue = {
    kind: own.kind,
    issuer: 'ROOT',
    subject: { commonName: name, organisation: ORGANISATION },
    extensions: own.extensions,
    period: { days: own.days },
  };
  const issued = await issueWithKey(store, order);
  await store.saveOwn(name, issued);
  if (own.kind === 'SIGNING') await writePair(store.handout, name, { certificate: issued.certificate });
  return issued;
}

async function ifGood(store: AuthorityStore, kept: PemPair, own: Own): Promise<Credentials | undefined> {
  const certificate = new X509Certificate(kept.certificate);
  const fingerprint = fingerprintOf(certificate);
  const { ROOT } = await store.trust();
  const left = certificate.validToDate.getTime() - Date.now();
  const isGood =
    isOpen(select(await store.records(), fingerprint)) &&
    isIssuedBy(certificate, ROOT) &&
    // A crash between writing the two files leaves a key that does not fit.
    certificate.checkPrivateKey(createPrivateKey(kept.key)) &&
    left > own.renewDays * DAY_MS &&
    own.hosts.every((host) => covers(certificate, host));
  return isGood
    ? {
        ...kept,
        fingerprint,
        serial: serialOf(certificate),
        notBefore: certificate.validFromDate,
        notAfter: certificate.validToDate,
      }
    : undefined;
}

function isOpen([record]: CertificateRecord[]): boolean {
  return record !== undefined && record.revokedAt === null;
}

function covers(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
}
