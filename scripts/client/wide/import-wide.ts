import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { HubClient } from '../hub-client.js';
import { type Payload, sha256OfFile } from '../payload.js';
import { byteProgress, type Progress } from '../progress.js';
import type { SignedReceipt } from '../receipt.js';
import type { RetryPolicy } from '../retry.js';
import { sendReadings } from '../send-readings.js';
import { nothingRead, type WideCount, wideLines, type WideOptions, type WidePlan } from './wide-lines.js';

export interface WideImport {
  path: string;
  plan: WidePlan;
  options: WideOptions;
  /** Lines of one upload at most; one upload takes all without it. */
  batchLines: number | undefined;
  /** PEM bundle to verify receipts with. */
  ca: string;
  /** Told of bytes of the file as they are used. */
  progress: Progress;
  retry: RetryPolicy;
}

export interface WideOutcome extends WideCount {
  lines: number;
  /** Columns of the file that were sent, and those that were not. */
  columns: number;
  skipped: number;
  /** Meters of the table of which the file has no column. */
  absent: number;
  receipts: SignedReceipt[];
}

/** Streams the readings of a wide file through the upload door, in one batch or several; memory holds one day. */
export async function importWide(client: HubClient, job: WideImport): Promise<WideOutcome> {
  const { plan } = job;
  const key = await keyOf(job);
  const source = new LineSource(job);
  const receipts: SignedReceipt[] = [];
  while (await source.hasMore()) {
    receipts.push(
      await sendReadings(client, {
        path: '/upload/readings',
        payload: batchOf(source),
        key: `${key}-${receipts.length + 1}`,
        ca: job.ca,
        // What is seen moving is the file, not the lines made of it.
        progress: byteProgress({ quiet: true }, ''),
        retry: job.retry,
      }),
    );
    source.settle();
  }
  const { meters, unlisted, absent } = plan;
  return {
    ...source.count,
    lines: source.settled,
    columns: meters.length,
    skipped: unlisted.length,
    absent,
    receipts,
  };
}

/** Same file, same meters, same options: the same lines, so a repeated import answers with the first receipts. */
async function keyOf({ path, plan, options, batchLines }: WideImport): Promise<string> {
  const facts = [
    await sha256OfFile(path),
    plan.meters,
    { ...options, missing: [...options.missing] },
    batchLines,
  ];
  // The compressed bytes depend on the compressor, and the hub compares bytes.
  const text = JSON.stringify([...facts, process.versions.zlib]);
  return `import-${createHash('sha256').update(text).digest('hex')}`;
}

function batchOf(source: LineSource): Payload {
  return {
    type: 'ndjson',
    encoding: 'gzip',
    bytes: undefined,
    isRepeatable: true,
    // An error of the lines destroys the compressor, through which the request learns of it.
    open: () =>
      pipeline(
        Readable.from(source.batch(), { highWaterMark: 1 }),
        createGzip({ level: 1 }),
        () => undefined,
      ),
  };
}

/** The lines of the file, cut into batches; a batch can be had again until it is settled. */
class LineSource {
  /** Lines of batches that have their receipt. */
  settled = 0;
  readonly #open: () => Cursor;
  readonly #most: number;
  #cursor: Cursor;
  #isBegun = false;
  #batch = 0;

  constructor(job: WideImport) {
    this.#open = () => new Cursor(job);
    this.#most = job.batchLines ?? Infinity;
    this.#cursor = this.#open();
  }

  /** Of everything that was read; complete at the end of the file. */
  get count(): WideCount {
    return this.#cursor.count;
  }

  hasMore(): Promise<boolean> {
    return this.#cursor.hasMore();
  }

  /** The text of the next batch, from its first line also when it was begun before. */
  async *batch(): AsyncGenerator<string> {
    if (this.#isBegun) await this.#rewind();
    this.#isBegun = true;
    // An attempt that was given up may still be waiting for lines: it keeps to the cursor that it began with.
    const cursor = this.#cursor;
    let taken = 0;
    while (taken < this.#most && (await cursor.hasMore())) {
      const lines = cursor.take(this.#most - taken);
      taken += lines.length;
      yield lines.join('');
    }
    this.#batch = taken;
  }

  /** The batch arrived: what comes next is the next one. */
  settle(): void {
    this.settled += this.#batch;
    this.#isBegun = false;
  }

  async #rewind(): Promise<void> {
    await this.#cursor.close();
    this.#cursor = this.#open();
    for (let left = this.settled; left > 0 && (await this.#cursor.hasMore());) {
      left -= this.#cursor.take(left).length;
    }
  }
}

/** One reading of the file from its beginning. */
class Cursor {
  readonly count = nothingRead();
  readonly #lines: AsyncGenerator<string[]>;
  readonly #progress: Progress;
  #pending: string[] = [];
  #bytes = 0;

  constructor({ path, plan, options, progress }: WideImport) {
    this.#progress = progress;
    this.#lines = wideLines(path, plan, options, this.count, (bytes) => {
      this.#bytes += bytes;
      progress.add(bytes);
    });
  }

  async hasMore(): Promise<boolean> {
    while (this.#pending.length === 0) {
      const { value, done } = await this.#lines.next();
      if (done) return false;
      this.#pending = value;
    }
    return true;
  }

  /** Some of the lines that are ready, at most `most`. */
  take(most: number): string[] {
    return this.#pending.splice(0, Math.min(most, this.#pending.length));
  }

  async close(): Promise<void> {
    await this.#lines.return(undefined);
    this.#progress.back(this.#bytes);
  }
}
