import type { Readable } from 'node:stream';
import type { BulkSession } from '../../runtime/bulk.js';
import { dateText } from './calendar.js';
import { formatOf } from './format.js';
import { Intake } from './intake.js';
import { UploadSource } from './source.js';
import { LineSplitter } from './splitter.js';
import { ChunkWriter, type Tally } from './writer.js';

export interface IngestOptions {
  /** Under which the exchange keeps the receipt; quarantined lines are found again by it. */
  batch: string;
  contentType?: string | undefined;
  contentEncoding?: string | undefined;
  /** Decides which days lie in the future. */
  now: Date;
}

/** accepted + unchanged + corrected + quarantined = lines. */
export interface IngestOutcome extends Tally {
  /** Lines that are not blank; the header of CSV is none. */
  lines: number;
  /** Values in the lines that were stored or found stored; missing values do not count. */
  readings: number;
  /** First and last day stored. */
  days?: [string, string];
  /** Of the body as it was received, hexadecimal. */
  sha256: string;
  /** Received. */
  bytes: number;
  /** Why the body ended early; whole lines before that are stored. */
  interrupted?: string;
}

/**
 * Takes in a body of day lines or readings, NDJSON or CSV, plain or compressed. Each line is stored or quarantined;
 * chunks commit as they fill, so what a broken connection has brought stays, and sending it again changes nothing.
 *
 * @throws Refusal UNSUPPORTED_MEDIA_TYPE, or IDEMPOTENCY_KEY_REUSED when the batch was another body before.
 */
export async function ingest(
  body: Readable,
  options: IngestOptions,
  session: BulkSession,
): Promise<IngestOutcome> {
  const source = new UploadSource(body, options.contentEncoding);
  const writer = await ChunkWriter.open(session, options.batch);
  const intake = new Intake(session, writer, { format: formatOf(options.contentType), now: options.now });
  const splitter = new LineSplitter(intake);
  try {
    for await (const piece of source.pieces()) {
      splitter.push(piece);
      await intake.settle();
    }
    if (!source.interrupted) splitter.end();
    await intake.finish();
  } catch (error) {
    await writer.finish().catch(() => undefined);
    throw error;
  }
  const { lines, readings, days } = intake;
  return {
    lines,
    ...writer.tally,
    readings,
    ...(days && { days: [dateText(days[0]), dateText(days[1])] }),
    sha256: source.sha256,
    bytes: source.bytes,
    ...(source.interrupted && { interrupted: source.interrupted }),
  };
}
