import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { addConnectionOptions, type ConnectionOptions, openConnection } from './connection.js';
import { fault } from './failure.js';
import { HubClient } from './hub-client.js';
import { addOutputOptions, notesFor, type Outcome, type OutputOptions } from './output.js';
import { type BodyType, filePayload, type Reading, sha256OfFile, streamPayload } from './payload.js';
import { byteProgress } from './progress.js';
import { describeReceipt, saveReceipt } from './receipt.js';
import { wholeNumber } from './retry.js';
import { sendReadings, type Sending } from './send-readings.js';

export interface FileOptions extends ConnectionOptions, OutputOptions {
  format?: BodyType;
  with?: Reading['parameters'];
  meter?: Reading['meters'];
  idempotencyKey?: string;
  receipt?: string;
  retries: number;
}

/** The options of a command that sends a file through an upload door. */
export function addSendingOptions(command: Command): Command {
  return addOutputOptions(addConnectionOptions(command))
    .option(
      '--idempotency-key <key>',
      'the same content under the same key is stored once (default: SHA-256 of the file)',
    )
    .option('--receipt <file>', 'keep the receipt here and its signature in <file>.jws')
    .option('--retries <n>', 'after a broken connection', wholeNumber('--retries', 0), 3);
}

/** Sends a file, or standard input as `-`, and tells the signed receipt. */
export async function uploadFile(
  path: Sending['path'],
  file: string | undefined,
  options: FileOptions,
): Promise<Outcome> {
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
      path,
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
