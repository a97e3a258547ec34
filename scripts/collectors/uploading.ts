import { Readable } from 'node:stream';
import { fault } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import { byteProgress } from '../client/progress.js';
import { sendReadings } from '../client/send-readings.js';
import type { Batch } from './batcher.js';
import type { Taken } from './server.js';

/** A hub that is out is waited for, some minutes; then the packets go unacknowledged, and their collectors send them again. */
const RETRIES = 5;

/** Sends batches through the upload door; resolves when the signed receipt accounts for every line. */
export function uploading(client: HubClient, ca: string): (batch: Batch) => Promise<Taken> {
  return async ({ key, body, lines }) => {
    const { receipt } = await sendReadings(client, {
      path: '/upload/readings',
      payload: {
        type: 'ndjson',
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
