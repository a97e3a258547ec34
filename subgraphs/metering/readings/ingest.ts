import type { Readable } from 'node:stream';
import type { BulkSession } from '../../runtime/bulk.js';
import { bodyFormatOf } from '../formats/body-format.js';
import type { Described } from '../formats/description.js';
import type { BodyReader } from '../formats/records.js';
import { Unreadable } from '../formats/unreadable.js';
import { dateText } from './calendar.js';
import { formatOf } from './format.js';
import { Intake } from './intake.js';
import { UploadSource } from './source.js';
import { LineSplitter } from './splitter.js';
import { ChunkWriter, type Tally } from './writer.js';

export interface IngestOptions extends Described {
  /** Under which the exchange keeps the receipt; quarantined lines are found again by it. */
  batch: string;
  /** Decides which days lie in the future. */
  now: Date;
}

/** accepted + unchanged + corrected + quarantined = lines. */
export interface IngestOutcome extends Tally {
  /** Lines that are not blank, or the records of another format; the header of CSV is none. */
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
  /** What to do about it, where sending the same again would not help. */
  remedy?: string;
}

/**
 * Takes in a body of day lines or readings, NDJSON or CSV, or of one of the other formats, plain or compressed. Each
 * line or record is stored or quarantined; chunks commit as they fill, so what a broken connection has brought stays,
 * and sending it again changes nothing.
 *
 * @throws Refusal UNSUPPORTED_MEDIA_TYPE, or IDEMPOTENCY_KEY_REUSED when the batch was another body before.
 */
export async function ingest(
  body: Readable,
  options: IngestOptions,
  session: BulkSession,
): Promise<IngestOutcome> {
  const format = bodyFormatOf(options);
  const source = new UploadSource(body, options.contentEncoding);
  const writer = await ChunkWriter.open(session, options.batch);
  const intake = new Intake(session, writer, {
    format: formatOf(options.contentType),
    naming: format?.naming ?? { given: new Map(), scheme: undefined },
    now: options.now,
  });
  let unreadable: Unreadable | undefined;
  try {
    const reader = format?.open({ sink: intake, session, now: options.now }) ?? new LineSplitter(intake);
    unreadable = await readBody(source, reader, () => intake.settle());
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
    ...(unreadable && { interrupted: unreadable.message, remedy: unreadable.remedy }),
  };
}

/** A body that cannot be read on is still heard out, or its sender would never hear why. */
export async function readBody(
  source: UploadSource,
  reader: BodyReader,
  settle: () => Promise<void>,
): Promise<Unreadable | undefined> {
  let unreadable: Unreadable | undefined;
  const attempt = async (work: () => void | Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      unreadable = error;
    }
  };
  for await (const piece of source.pieces()) {
    if (!unreadable) await attempt(() => reader.push(piece));
    await settle();
  }
  if (!source.interrupted && !unreadable) await attempt(() => reader.end(settle));
  return unreadable;
}
