import { existsSync } from 'node:fs';
import { CertificateError } from './certificate-error.js';
import type { Reason } from './crl.js';
import { foundAuthorities } from './founding.js';
import { type Credentials, type Issue, type IssuedCertificate, issue, issueWithKey } from './issuing.js';
import {
  ISSUERS,
  type Stage,
  checkClientName,
  checkOrganisation,
  checkServerName,
  checkStage,
} from './names.js';
import { GATEWAY_ORDER, SIGNING_ORDER, ownCredentials, serverOrder } from './own.js';
import type { PeriodOrder } from './period.js';
import * as profiles from './profiles.js';
import { bundlePath, revocationsPath } from './published.js';
import { type CertificateRecord, select } from './record.js';
import { keyOfRequest } from './request.js';
import { currentLists, publishLists } from './revocation-lists.js';
import { AuthorityStore, writePair } from './store.js';

export type { Credentials, IssuedCertificate };

/** What to issue to a tenant. */
export interface ClientOrder extends PeriodOrder {
  /** The tenant's name; becomes the common name and the file name. */
  name: string;
  stage: Stage;
  organisation?: string | undefined;
  unit?: string | undefined;
}

/**
 * Issues, renews and revokes certificates. Several processes may work on one home at a time. Every method throws
 * CertificateError, with a sentence for the operator, where the order or the store is at fault.
 */
export class Authority {
  /** The root and both issuing authorities, for clients and servers to verify with. */
  readonly bundlePath: string;
  /** The revocation lists of all three. */
  readonly revocationsPath: string;
  /** Where certificates for handing out are written by default. */
  readonly handout: string;
  readonly #store: AuthorityStore;

  constructor(store: AuthorityStore) {
    this.#store = store;
    this.bundlePath = bundlePath(store.home);
    this.revocationsPath = revocationsPath(store.home);
    this.handout = store.handout;
  }

  /** A client certificate with a new key. To renew, issue again: both hold until the old one ends or is revoked. */
  async issueClient(order: ClientOrder): Promise<Credentials> {
    const wanted = clientIssue(order);
    return this.#store.exclusively(() => issueWithKey(this.#store, wanted));
  }

  /** A client certificate for a key that never left its owner. Only the key of the request (PEM) counts. */
  async issueFromCsr(csr: string, order: ClientOrder): Promise<IssuedCertificate> {
    const wanted = clientIssue(order);
    const key = keyOfRequest(csr);
    return this.#store.exclusively(() => issue(this.#store, wanted, key));
  }

  /**
   * Revokes by serial, fingerprint or name; a name means all certificates of that name, of one stage where given.
   * Judges in every process know within 200 ms of the return. Returns the records, those revoked before unchanged.
   */
  async revoke(
    which: string,
    reason: Reason = 'UNSPECIFIED',
    { stage, now = new Date() }: { stage?: Stage | undefined; now?: Date } = {},
  ): Promise<CertificateRecord[]> {
    return this.#store.exclusively(async () => {
      const records = await this.#store.records();
      const meant = select(records, which, stage);
      if (meant.length === 0)
        throw new CertificateError(`No certificate has the serial, fingerprint or name "${which}".`);
      for (const record of meant) {
        record.reason ??= reason;
        record.revokedAt ??= now.toISOString();
      }
      await this.#store.saveRecords(records);
      await publishLists(this.#store, now);
      return meant;
    });
  }

  /**
   * The revocation lists as PEM (ROOT, TEST, FORMAL). They last 30 days and are signed anew when half of that is
   * left, or when they lag behind the index: a long-running hub calls this daily.
   */
  async crls(now = new Date()): Promise<string[]> {
    const current = await currentLists(this.#store, now);
    if (current) return current;
    return this.#store.exclusively(
      async () => (await currentLists(this.#store, now)) ?? publishLists(this.#store, now),
    );
  }

  /** Everything ever issued, oldest first; or what a serial, fingerprint or name means. */
  async list(which?: string): Promise<CertificateRecord[]> {
    const records = await this.#store.records();
    return which === undefined ? records : select(records, which);
  }

  /** The root and both issuing authorities as PEM, in that order: for `ca` of a TLS context. */
  async authorities(): Promise<string[]> {
    return Promise.all(ISSUERS.map((id) => this.#store.authorityPem(id)));
  }

  /** The server's certificate for localhost and `names`; a new one when names were added or 30 days are left. */
  async serverCredentials(names: readonly string[] = []): Promise<Credentials> {
    for (const name of names) checkServerName(name);
    return this.#store.exclusively(() => ownCredentials(this.#store, serverOrder(names)));
  }

  /** What signs packages and receipts; the certificate is also handed out as `hub-signing.crt`. */
  async signingCredentials(): Promise<Credentials> {
    return this.#store.exclusively(() => ownCredentials(this.#store, SIGNING_ORDER));
  }

  /** With what the gateway calls rooms that run as processes of their own. */
  async gatewayCredentials(): Promise<Credentials> {
    return this.#store.exclusively(() => ownCredentials(this.#store, GATEWAY_ORDER));
  }

  /** Writes `<name>.crt` and, where there is one, `<name>.key` (0600), replacing what is there. Returns the paths. */
  async handOut(
    name: string,
    issued: IssuedCertificate & { key?: string | undefined },
    directory = this.handout,
  ): Promise<{ certificate: string; key: string | null }> {
    checkClientName(name);
    return writePair(directory, name, issued);
  }
}

/**
 * Opens the authority of a hub's home, `authority/` and `certs/` below it; founds it on first use unless `mayFound` is
 * false: a command run in the wrong folder must not make a second root there.
 */
export async function openAuthority(home: string, { mayFound = true } = {}): Promise<Authority> {
  const store = new AuthorityStore(home);
  if (!mayFound && !existsSync(store.vault)) {
    throw new CertificateError(`There is no authority in ${store.vault}; hub cert init makes one.`);
  }
  await store.prepare();
  await store.exclusively(async () => {
    await foundAuthorities(store.vault);
    await store.tighten();
    await store.publishBundle();
  });
  const authority = new Authority(store);
  await authority.crls();
  return authority;
}

function clientIssue(order: ClientOrder): Issue {
  const { name, stage, organisation, unit, ...period } = order;
  checkClientName(name);
  checkStage(stage);
  if (organisation !== undefined) checkOrganisation(organisation);
  if (unit !== undefined) checkOrganisation(unit);
  return {
    kind: 'CLIENT',
    issuer: stage,
    subject: { commonName: name, organisation, unit },
    extensions: profiles.CLIENT,
    period,
  };
}
