import { createPrivateKey } from 'node:crypto';
import { chmod, mkdir, readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import forge from 'node-forge';
import type { Issuer } from './certificate.js';
import { CertificateError } from './certificate-error.js';
import { PRIVATE, PUBLIC, isAbsent, writeWhole } from './files.js';
import { underLock } from './lock.js';
import { ISSUERS, type IssuerId } from './names.js';
import { bundlePath, revocationsPath } from './published.js';
import { type CertificateRecord, readIndex, writeIndex } from './record.js';
import { type Trust, readTrust } from './trust.js';

export interface PemPair {
  /** The certificate, followed by its issuing authority where that is not the root. */
  certificate: string;
  key: string;
}

/**
 * The authority on disk: `authority/` (0700) with every private key of the hub (0600) and the index, and `certs/`
 * with what may be handed out. Keys are read when something is signed and not kept in memory.
 */
export class AuthorityStore {
  readonly home: string;
  /** Private: the authorities' keys, the hub's own keys, the index. */
  readonly vault: string;
  /** Public but for `<name>.key` files, which are 0600. */
  readonly handout: string;

  constructor(home: string) {
    this.home = resolve(home);
    this.vault = join(this.home, 'authority');
    this.handout = join(this.home, 'certs');
  }

  async prepare(): Promise<void> {
    await mkdir(this.handout, { recursive: true });
  }

  /** Outside the vault, so that it can be held before the vault exists. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return underLock(join(this.home, 'authority.lock'), work);
  }

  /** Takes back what a copy, a restore or a loose umask may have opened. */
  async tighten(): Promise<void> {
    await chmod(this.vault, 0o700);
    const keys = (await readdir(this.vault)).filter((file) => file.endsWith('.key'));
    await Promise.all(keys.map((file) => chmod(join(this.vault, file), PRIVATE)));
  }

  async issuer(id: IssuerId): Promise<Issuer> {
    const [certificate, key] = await Promise.all([
      this.authorityPem(id),
      this.#required(`${id.toLowerCase()}.key`),
    ]);
    try {
      return {
        certificate: forge.pki.certificateFromPem(certificate),
        key: createPrivateKey(key),
      };
    } catch (error) {
      throw new CertificateError(`The ${id} authority in ${this.vault} is damaged.`, { cause: error });
    }
  }

  authorityPem(id: IssuerId): Promise<string> {
    return this.#required(`${id.toLowerCase()}.crt`);
  }

  async records(): Promise<CertificateRecord[]> {
    return readIndex(await this.#required('certificates.jsonl'));
  }

  async saveRecords(records: readonly CertificateRecord[]): Promise<void> {
    await writeWhole(join(this.vault, 'certificates.jsonl'), writeIndex(records), PRIVATE);
  }

  /** A certificate of the hub's own with its key; undefined where none was issued yet. */
  async own(name: string): Promise<PemPair | undefined> {
    const certificate = await readOrNothing(join(this.vault, `${name}.crt`));
    const key = await readOrNothing(join(this.vault, `${name}.key`));
    return certificate !== undefined && key !== undefined ? { certificate, key } : undefined;
  }

  async saveOwn(name: string, pair: PemPair): Promise<void> {
    await writePair(this.vault, name, pair);
  }

  async trust(): Promise<Trust> {
    return readTrust(await this.#bundle());
  }

  /** Writes `ca.crt` where it is missing or differs. */
  async publishBundle(): Promise<void> {
    const bundle = await this.#bundle();
    if ((await readOrNothing(bundlePath(this.home))) !== bundle) {
      await writeWhole(bundlePath(this.home), bundle, PUBLIC);
    }
  }

  async publishRevocations(lists: readonly string[]): Promise<void> {
    await writeWhole(revocationsPath(this.home), lists.join(''), PUBLIC);
  }

  revocations(): Promise<string | undefined> {
    return readOrNothing(revocationsPath(this.home));
  }

  async #bundle(): Promise<string> {
    return (await Promise.all(ISSUERS.map((id) => this.authorityPem(id)))).join('');
  }

  async #required(file: string): Promise<string> {
    const contents = await readOrNothing(join(this.vault, file));
    // Never made anew in silence: a second root would orphan every certificate in the field.
    if (contents === undefined)
      throw new CertificateError(`${join(this.vault, file)} is missing; restore it.`);
    return contents;
  }
}

/** Writes `<name>.key` (0600) and `<name>.crt` and returns their paths; without a key the certificate alone. */
export async function writePair(
  directory: string,
  name: string,
  pair: { certificate: string; key?: string | undefined },
): Promise<{ certificate: string; key: string | null }> {
  const certificate = join(directory, `${name}.crt`);
  const key = pair.key === undefined ? null : join(directory, `${name}.key`);
  if (key !== null) await writeWhole(key, pair.key!, PRIVATE);
  await writeWhole(certificate, pair.certificate, PUBLIC);
  return { certificate, key };
}

export async function readOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
