import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { addConnectionOptions, type ConnectionOptions, openConnection } from '../client/connection.js';
import { fault } from '../client/failure.js';
import { HubClient } from '../client/hub-client.js';
import { addOutputOptions, notesFor, type Outcome, type OutputOptions, report } from '../client/output.js';
import { filePayload, type LineType, sha256OfFile, streamPayload } from '../client/payload.js';
import { byteProgress } from '../client/progress.js';
import { describeReceipt, saveReceipt } from '../client/receipt.js';
import { wholeNumber } from '../client/retry.js';
import { sendReadings } from '../client/send-readings.js';

interface UploadOptions extends ConnectionOptions, OutputOptions {
  type?: LineType;
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
        'one a reading {meter, time, value}; CSV with the header meter,date,interval,v1… or meter,time,value.',
    )
    .argument('[file]', 'what to send; - is standard input')
    .addOption(
      new Option('--type <type>', 'what the lines are, when name and first character do not tell').choices([
        'ndjson',
        'csv',
      ]),
    )
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
  const payload = await (isStream
    ? streamPayload(process.stdin, options.type)
    : filePayload(file, options.type));
  const client = new HubClient(connection);
  const progress = byteProgress(options, isStream ? 'standard input' : basename(file));
  try {
    const signed = await sendReadings(client, {
      payload,
      key: options.idempotencyKey ?? (isStream ? undefined : await sha256OfFile(file)),
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
