import { type Revocation, signCrl } from './crl.js';
import { ISSUERS, type IssuerId } from './names.js';
import { DAY_MS } from './period.js';
import type { CertificateRecord } from './record.js';
import type { AuthorityStore } from './store.js';
import { type Revocations, blocks, readRevocations } from './trust.js';

const LIST_DAYS = 30;
/** Half the life: a hub that was off for a fortnight still starts with lists that hold. */
const RENEW_DAYS = 15;

/** The published lists as PEM, in the order ROOT, TEST, FORMAL, if they hold and say what the index says. */
export async function currentLists(store: AuthorityStore, now: Date): Promise<string[] | undefined> {
  const bundle = await store.revocations();
  if (bundle === undefined) return undefined;
  const trust = await store.trust();
  const published = readOrNothing(() => readRevocations(bundle, trust));
  const records = await store.records();
  return published && isCurrent(published, records, now) ? blocks(bundle, 'X509 CRL') : undefined;
}

/**
 * Signs and publishes all three lists, for OpenSSL asks for one of every authority in a chain. Call it under the
 * store's lock, after the index was saved: the index is what counts, so a crash between the two loses nothing.
 */
export async function publishLists(store: AuthorityStore, now: Date): Promise<string[]> {
  const records = await store.records();
  const number = await nextNumber(store, now);
  const thisUpdate = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const nextUpdate = new Date(thisUpdate.getTime() + LIST_DAYS * DAY_MS);
  const lists: string[] = [];
  for (const id of ISSUERS) {
    const draft = { number, thisUpdate, nextUpdate, revoked: revokedBy(id, records) };
    lists.push(signCrl(draft, await store.issuer(id)));
  }
  await store.publishRevocations(lists);
  return lists;
}

function isCurrent(published: Revocations, records: readonly CertificateRecord[], now: Date): boolean {
  return ISSUERS.every((id) => {
    const list = published[id];
    const revoked = revokedBy(id, records);
    return (
      list.thisUpdate <= now &&
      list.nextUpdate.getTime() - now.getTime() > RENEW_DAYS * DAY_MS &&
      list.revoked.size === revoked.length &&
      revoked.every(({ serial }) => list.revoked.has(serial))
    );
  });
}

function revokedBy(id: IssuerId, records: readonly CertificateRecord[]): Revocation[] {
  return records
    .filter((record) => record.issuer === id && record.revokedAt !== null)
    .map(({ serial, revokedAt, reason }) => ({
      serial,
      revokedAt: new Date(revokedAt!),
      reason: reason ?? 'UNSPECIFIED',
    }));
}

/** Time in milliseconds, or one more than the last: it grows even where the last list was lost or the clock set back. */
async function nextNumber(store: AuthorityStore, now: Date): Promise<number> {
  const bundle = await store.revocations();
  const trust = await store.trust();
  const last = bundle === undefined ? undefined : readOrNothing(() => readRevocations(bundle, trust));
  const numbers = last ? ISSUERS.map((id) => last[id].number) : [];
  return Math.max(now.getTime(), ...numbers.map((number) => number + 1));
}

/** A list that cannot be read is replaced, not mourned: the index holds everything it said. */
function readOrNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
