import { createWriteStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { pair } from '../client/caller.js';
import { addConnectionOptions, type ConnectionOptions, openConnection } from '../client/connection.js';
import { fault } from '../client/failure.js';
import { HubClient } from '../client/hub-client.js';
import { addOutputOptions, notesFor, type Outcome, type OutputOptions, report } from '../client/output.js';
import {
  type BodyType,
  filePayload,
  MEDIA_TYPES,
  type Reading,
  sha256OfFile,
  streamPayload,
} from '../client/payload.js';
import { byteProgress } from '../client/progress.js';
import { describeReceipt, saveReceipt } from '../client/receipt.js';
import { wholeNumber } from '../client/retry.js';
import { sendReadings } from '../client/send-readings.js';

interface UploadOptions extends ConnectionOptions, OutputOptions {
  format?: BodyType;
  with?: Reading['parameters'];
  meter?: Reading['meters'];
  idempotencyKey?: string;
  receipt?: string;
  retries: number;
  rejected?: string;
  out?: string;
}

/** `hub upload FILE|-`, and `hub upload --rejected BATCH` for what was quarantined. */
export function uploadCommand(): Command {
  return addOutputOptions(addConnectionOptions(new Command('upload')))
    .summary('send readings to the hub and keep the signed receipt')
    .description(
      'Sends readings, NDJSON or CSV, plain, gzip or zstd. One line a meter and day {meter, date, interval, values} or ' +
        'one a reading {meter, time, value}; CSV with the header meter,date,interval,v1… or meter,time,value. Or Green ' +
        'Button XML (espi), whose usage points are meters by --meter or by their external id of the scheme espi; a wide CSV (wide), one ' +
        'column a meter; or the daily zip of a data centre (daily).',
    )
    .argument('[file]', 'what to send; - is standard input')
    .addOption(
      new Option('--format <format>', 'what it is, when name and first character do not tell').choices(
        Object.keys(MEDIA_TYPES),
      ),
    )
    .option('--with <name=value>', 'how the format is to be read, e.g. unit=Wh; may be repeated', pair)
    .option('--meter <name=meter>', 'which name in the file is which meter; may be repeated', pair)
    .option(
      '--idempotency-key <key>',
      'the same content under the same key is stored once (default: SHA-256 of the file)',
    )
    .option('--receipt <file>', 'keep the receipt here and its signature in <file>.jws')
    .option('--retries <n>', 'after a broken connection', wholeNumber('--retries', 0), 3)
    .option('--rejected <batch>', 'fetch the quarantined lines of an earlier upload as NDJSON')
    .option('--out <file>', 'where to write the quarantined lines (default: standard output)')
    .action((file: string | undefined, options: UploadOptions) =>
      report(options, () =>
        options.rejected === undefined ? upload(file, options) : rejected(options.rejected, options),
      ),
    );
}

async function upload(file: string | undefined, options: UploadOptions): Promise<Outcome> {
  if (file === undefined) throw fault('USAGE', 'Name the file to send, or - for standard input.');
  const connection = await openConnection(options);
  const isStream = file === '-';
  const reading = { parameters: options.with ?? [], meters: options.meter ?? [] };
  const payload = await (isStream
    ? streamPayload(process.stdin, options.format)
    : filePayload(file, options.format));
  const client = new HubClient(connection);
  const progress = byteProgress(options, isStream ? 'standard input' : basename(file));
  try {
    const signed = await sendReadings(client, {
      payload: { ...payload, reading },
      key: options.idempotencyKey ?? (isStream ? undefined : await keyOf(file, reading)),
      ca: connection.ca,
      progress,
      retry: { retries: isStream ? 0 : options.retries, note: notesFor(options) },
    });
    if (options.receipt !== undefined) await saveReceipt(options.receipt, signed);
    const json = { ...signed.receipt, replayed: signed.isReplay, signature: signed.signature };
    return { json, text: describeReceipt(signed, connection.name) };
  } finally {
    progress.stop();
    await client.close();
  }
}

/** Of the bytes, and of how they are to be read: the same file read in another way is another upload. */
async function keyOf(file: string, reading: Reading): Promise<string> {
  const sha256 = await sha256OfFile(file);
  if (reading.parameters.length + reading.meters.length === 0) return sha256;
  return createHash('sha256')
    .update(JSON.stringify([sha256, reading]))
    .digest('hex');
}

async function rejected(batch: string, options: UploadOptions): Promise<Outcome> {
  const connection = await openConnection(options);
  const client = new HubClient(connection);
  try {
    const { body } = await client.send({
      method: 'GET',
      path: `/upload/batches/${encodeURIComponent(batch)}/quarantine`,
      headers: { accept: 'application/x-ndjson' },
    });
    if (options.out === undefined) {
      for await (const piece of body) process.stdout.write(piece as Buffer);
      return { json: undefined, text: [] };
    }
    await pipeline(body, createWriteStream(options.out));
    return {
      json: { batch, out: options.out },
      text: [`The rejected lines of ${batch} are in ${options.out}`],
    };
  } catch (error) {
    throw client.asFailure(error);
  } finally {
    await client.close();
  }
}
