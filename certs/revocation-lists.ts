import { type Crl, type Revocation, signCrl } from './crl.js';
import { ISSUERS, type IssuerId } from './names.js';
import { DAY_MS } from './period.js';
import type { CertificateRecord } from './record.js';
import type { AuthorityStore } from './store.js';
import { type Revocations, blocks, readRevocations } from './trust.js';

const LIST_DAYS = 30;
/** Half the life: a hub that was off for a fortnight still starts with lists that hold. */
const RENEW_DAYS = 15;

/** The published lists as PEM, in the order ROOT, TEST, FORMAL, if they hold and say all that the index says. */
export async function currentLists(store: AuthorityStore, now: Date): Promise<string[] | undefined> {
  const published = await publishedLists(store);
  if (!published) return undefined;
  const records = await store.records();
  const isCurrent = ISSUERS.every((id) => holds(published.lists[id], revokedBy(id, records), now));
  return isCurrent ? blocks(published.bundle, 'X509 CRL') : undefined;
}

/**
 * Signs and publishes all three lists, for OpenSSL asks for one of every authority in a chain. Call it under the
 * store's lock, after the index was saved: a crash between the two loses nothing. What was listed stays listed, even
 * where the index no longer says so: an index restored from an old backup must revive nothing.
 */
export async function publishLists(store: AuthorityStore, now: Date): Promise<string[]> {
  const records = await store.records();
  const last = (await publishedLists(store))?.lists;
  const thisUpdate = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const nextUpdate = new Date(thisUpdate.getTime() + LIST_DAYS * DAY_MS);
  const lists: string[] = [];
  for (const id of ISSUERS) {
    const indexed = revokedBy(id, records);
    const revoked = [...indexed, ...listedOnly(last?.[id], indexed)];
    // It grows even where the last list was lost or the clock set back.
    const number = Math.max(now.getTime(), (last?.[id].number ?? 0) + 1);
    lists.push(signCrl({ number, thisUpdate, nextUpdate, revoked }, await store.issuer(id)));
  }
  await store.publishRevocations(lists);
  return lists;
}

/** A bundle that cannot be read is replaced: nobody could have obeyed it. */
async function publishedLists(
  store: AuthorityStore,
): Promise<{ bundle: string; lists: Revocations } | undefined> {
  const bundle = await store.revocations();
  if (bundle === undefined) return undefined;
  const trust = await store.trust();
  try {
    return { bundle, lists: readRevocations(bundle, trust) };
  } catch {
    return undefined;
  }
}

function holds(list: Crl, revoked: readonly Revocation[], now: Date): boolean {
  return (
    list.thisUpdate <= now &&
    list.nextUpdate.getTime() - now.getTime() > RENEW_DAYS * DAY_MS &&
    revoked.every(({ serial }) => list.revoked.has(serial))
  );
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

function listedOnly(last: Crl | undefined, indexed: readonly Revocation[]): Revocation[] {
  const known = new Set(indexed.map(({ serial }) => serial));
  return [...(last?.revoked ?? [])]
    .filter(([serial]) => !known.has(serial))
    .map(([serial, revokedAt]) => ({ serial, revokedAt, reason: 'UNSPECIFIED' }));
}
