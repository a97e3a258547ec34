import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateError } from './certificate-error.js';
import { ISSUERS, type IssuerId } from './names.js';
import { type Revocations, type Trust, blocks, byIssuer, readRevocations, readTrust } from './trust.js';

/** How old, in milliseconds, the knowledge of a revocation by another process may be. */
const LOOK_AGAIN_MS = 200;

/** What the authority publishes, as one moment saw it. */
export interface Published {
  trust: Trust;
  revocations: Revocations;
}

export function bundlePath(home: string): string {
  return join(home, 'certs', 'ca.crt');
}

export function revocationsPath(home: string): string {
  return join(home, 'certs', 'ca.crl');
}

/**
 * Returns a function that answers what the files of `home` hold, at most 200 ms late. It looks at the files' marks
 * and reads only what changed. It throws CertificateError where a file is missing, damaged or out of date: whoever
 * cannot know what is revoked must refuse.
 */
export function watchPublished(home: string): (now: Date) => Published {
  let seen: (Published & { mark: string }) | undefined;
  let lookedAt = -Infinity;
  return (now) => {
    if (!seen || performance.now() - lookedAt > LOOK_AGAIN_MS) {
      const mark = markOf(bundlePath(home)) + markOf(revocationsPath(home));
      // Forgotten before reading: should reading fail, the next call must not answer from what was.
      if (mark !== seen?.mark) seen = undefined;
      seen ??= { ...read(home), mark };
      lookedAt = performance.now();
    }
    refuseStale(seen.revocations, now);
    return seen;
  };
}

/** The revocation lists as they are handed out. */
export interface PublishedLists {
  /** All three, PEM: ROOT, TEST, FORMAL. */
  bundle: string;
  each: Readonly<Record<IssuerId, { der: Buffer; thisUpdate: Date }>>;
}

/** The lists of a home, if they are whole, signed and not out of date. Throws CertificateError. */
export function readPublishedLists(home: string, now = new Date()): PublishedLists {
  const { revocations } = read(home);
  refuseStale(revocations, now);
  const bundle = contents(revocationsPath(home));
  const pems = blocks(bundle, 'X509 CRL');
  const derOf = (id: IssuerId): Buffer =>
    Buffer.from((pems[ISSUERS.indexOf(id)] ?? '').replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const each = byIssuer((id) => ({ der: derOf(id), thisUpdate: revocations[id].thisUpdate }));
  return { bundle, each };
}

function read(home: string): Published {
  const trust = readTrust(contents(bundlePath(home)));
  return { trust, revocations: readRevocations(contents(revocationsPath(home)), trust) };
}

function refuseStale(revocations: Revocations, now: Date): void {
  for (const list of Object.values(revocations)) {
    if (now >= list.nextUpdate) {
      throw new CertificateError(`The revocation lists ran out on ${list.nextUpdate.toISOString()}.`);
    }
  }
}

/** A replaced file has another inode; a file changed in place another time or size. */
function markOf(path: string): string {
  return orUnreadable(path, () => {
    const { ino, mtimeMs, size } = statSync(path);
    return `${ino}/${mtimeMs}/${size};`;
  });
}

function contents(path: string): string {
  return orUnreadable(path, () => readFileSync(path, 'utf8'));
}

function orUnreadable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CertificateError(`${path} cannot be read; hub cert init writes it.`, { cause: error });
  }
}
