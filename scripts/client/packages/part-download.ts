import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { codeOf, fault } from '../failure.js';
import type { HubAnswer, HubClient } from '../hub-client.js';
import type { Progress } from '../progress.js';
import { type RetryPolicy, withRetries } from '../retry.js';
import type { PackagePart } from './manifest.js';

const CHUNK_BYTES = 1024 * 1024;

export interface PartOrder {
  packageId: string;
  part: PackagePart;
  /** Where the finished part goes; it grows as `<path>.partial`. */
  path: string;
  progress: Progress;
  retry: RetryPolicy;
}

/**
 * Brings one part to disk and answers whether it had to be fetched. What an earlier run left, finished or partial,
 * is hashed and used; a broken connection goes on where it broke. The part has its name only once its hash is right.
 *
 * @throws Failure PACKAGE_DAMAGED when even a fresh download has another hash than the signed manifest says.
 */
export async function downloadPart(client: HubClient, order: PartOrder): Promise<boolean> {
  const { part, path, progress } = order;
  if (await isWhole(path, part)) {
    progress.add(part.bytes);
    return false;
  }
  const partial = `${path}.partial`;
  for (const isLastTry of [false, true]) {
    if ((await fetchRest(client, order, partial)) === part.sha256) {
      await rename(partial, path);
      return true;
    }
    // What an earlier run left may have been damaged on disk: from the first byte, once.
    progress.back(part.bytes);
    await rm(partial);
    if (isLastTry) break;
  }
  throw fault(
    'PACKAGE_DAMAGED',
    `Part ${part.number} of ${order.packageId} arrives with another hash than the manifest says.`,
  );
}

/** Whether the file has the size and the hash that the manifest says. */
export async function isWhole(path: string, { bytes, sha256 }: PackagePart): Promise<boolean> {
  return (await sizeOf(path)) === bytes && (await hashFile(path)).digest('hex') === sha256;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function hashFile(path: string): Promise<Hash> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }))
    hash.update(chunk as Buffer);
  return hash;
}

/** Completes the partial file and answers the hash of the whole. */
async function fetchRest(client: HubClient, order: PartOrder, partial: string): Promise<string> {
  const arrival = await Arrival.resume(partial, order);
  try {
    let before = arrival.size;
    await withRetries(
      order.retry,
      async () => {
        before = arrival.size;
        await arrival.receive(client);
      },
      () => arrival.size > before,
    );
    await arrival.sync();
    return arrival.digest();
  } finally {
    await arrival.close();
  }
}

/** A partial file that grows, and the hash of what is in it. */
class Arrival {
  readonly #file: FileHandle;
  readonly #order: PartOrder;
  #hash: Hash;
  size: number;

  private constructor(file: FileHandle, order: PartOrder, hash: Hash, size: number) {
    this.#file = file;
    this.#order = order;
    this.#hash = hash;
    this.size = size;
  }

  static async resume(path: string, order: PartOrder): Promise<Arrival> {
    const found = (await sizeOf(path)) ?? 0;
    const isUsable = found <= order.part.bytes;
    const file = await open(path, found > 0 && isUsable ? 'r+' : 'w');
    const size = isUsable ? found : 0;
    order.progress.add(size);
    return new Arrival(file, order, size > 0 ? await hashFile(path) : createHash('sha256'), size);
  }

  /** Appends what is missing. The hub answers with the rest, or with the whole when it holds another version. */
  async receive(client: HubClient): Promise<void> {
    const { packageId, part, progress } = this.#order;
    if (this.size === part.bytes) return;
    const range = { range: `bytes=${this.size}-`, 'if-range': `"${part.sha256}"` };
    const answer = await client.send({
      method: 'GET',
      path: `/packages/${encodeURIComponent(packageId)}/parts/${part.number}`,
      headers: this.size > 0 ? range : {},
    });
    if (!this.#isContinued(answer)) await this.#beginAnew();
    try {
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        if (this.size + chunk.length > part.bytes) throw tooLong(part);
        await this.#file.write(chunk, 0, chunk.length, this.size);
        this.#hash.update(chunk);
        this.size += chunk.length;
        progress.add(chunk.length);
      }
    } catch (error) {
      throw client.asFailure(error);
    }
    if (this.size < part.bytes) throw fault('CONNECTION_LOST', `Part ${part.number} ended early.`);
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  digest(): string {
    return this.#hash.digest('hex');
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #isContinued({ status, headers }: HubAnswer): boolean {
    return status === 206 && headers['content-range']?.startsWith(`bytes ${this.size}-`) === true;
  }

  async #beginAnew(): Promise<void> {
    this.#order.progress.back(this.size);
    await this.#file.truncate(0);
    this.#hash = createHash('sha256');
    this.size = 0;
  }
}

function tooLong(part: PackagePart): Error {
  return fault(
    'PACKAGE_DAMAGED',
    `Part ${part.number} is longer than the ${part.bytes} bytes that the manifest says.`,
  );
}
