import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { fault } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import { byteProgress } from '../client/progress.js';
import type { BodyType, Reading } from '../client/payload.js';
import type { SignedReceipt } from '../client/receipt.js';
import { sendReadings } from '../client/send-readings.js';
import type { Batch } from './batcher.js';
import type { Taken } from './server.js';
import type { Unread } from './unread.js';

/** A hub that is out is waited for, some minutes; then the packets go unacknowledged, and their collectors send them again. */
const RETRIES = 5;

/** Sends batches through the upload door; resolves when the signed receipt accounts for every line. */
export function uploading(client: HubClient, ca: string): (batch: Batch) => Promise<Taken> {
  return async ({ key, body, lines }) => {
    const { receipt } = await sent(client, ca, { type: 'ndjson', key, body });
    const { accepted, unchanged, corrected, quarantined } = receipt;
    const accounted = accepted + unchanged + corrected + quarantined;
    if (receipt.lines !== lines || accounted !== lines)
      throw fault(
        'ANSWER_UNEXPECTED',
        `The receipt ${receipt.batch} accounts for ${accounted} of ${lines} lines.`,
      );
    return { lines, quarantined };
  };
}

/** Sends a daily zip through the same door, by its contents once. */
export function uploadingArchives(client: HubClient, ca: string): (zip: Buffer) => Promise<Taken> {
  return async (zip) => {
    const key = `collectors-zip-${createHash('sha256').update(zip).digest('hex')}`;
    const { lines, quarantined } = (await sent(client, ca, { type: 'daily', key, body: zip })).receipt;
    return { lines, quarantined };
  };
}

/** Sends what could not be read through the same door, to be kept in quarantine as it came. */
export function uploadingUnread(client: HubClient, ca: string): (unread: Unread) => Promise<Taken> {
  return async ({ bytes, reason, peer }) => {
    const key = `collectors-unread-${createHash('sha256').update(`${peer} ${reason} `).update(bytes).digest('hex')}`;
    const reading: Reading = { parameters: [['fault', `${reason} ${peer}`.slice(0, 40)]], meters: [] };
    const { lines, quarantined } = (await sent(client, ca, { type: 'unread', key, body: bytes, reading }))
      .receipt;
    return { lines, quarantined };
  };
}

function sent(
  client: HubClient,
  ca: string,
  { type, key, body, reading }: { type: BodyType; key: string; body: Buffer; reading?: Reading },
): Promise<SignedReceipt> {
  return sendReadings(client, {
    path: '/upload/readings',
    payload: {
      type,
      ...(reading && { reading }),
      encoding: undefined,
      bytes: body.length,
      isRepeatable: true,
      open: () => Readable.from([body]),
    },
    key,
    ca,
    progress: byteProgress({ quiet: true }, ''),
    retry: { retries: RETRIES, firstPauseMs: 250 },
  });
}
