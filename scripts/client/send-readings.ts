import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { Failure, fault } from './failure.js';
import type { HubClient } from './hub-client.js';
import { MEDIA_TYPES, type Payload } from './payload.js';
import type { Progress } from './progress.js';
import { openReceipt, type SignedReceipt } from './receipt.js';
import { type RetryPolicy, withRetries } from './retry.js';

export interface Sending {
  /** The door. */
  path: '/upload/readings' | '/upload/supplies';
  payload: Payload;
  /** Idempotency-Key: the same content under the same key is stored once, however often it is sent. */
  key: string | undefined;
  /** PEM bundle to verify the receipt with. */
  ca: string;
  progress: Progress;
  retry: RetryPolicy;
}

/**
 * Streams a body through an upload door and verifies the signed receipt. A broken connection is retried with the
 * same key, from the first byte.
 *
 * @throws Failure of the hub (e.g. IDEMPOTENCY_KEY_REUSED, SCOPE_MISSING), or CONNECTION_LOST when it gave up.
 */
export async function sendReadings(client: HubClient, sending: Sending): Promise<SignedReceipt> {
  sending.progress.expect(sending.payload.bytes ?? 0);
  return withRetries(sending.retry, () => sendOnce(client, sending));
}

async function sendOnce(
  client: HubClient,
  { path, payload, key, ca, progress }: Sending,
): Promise<SignedReceipt> {
  const source = payload.open();
  const hash = createHash('sha256');
  let sent = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      hash.update(chunk);
      progress.add(chunk.length);
      done(null, chunk);
    },
  });
  source.on('error', (error) => counted.destroy(error));
  // Undici destroys the body it was given when a request ends early; what feeds it must not read on.
  counted.on('close', () => source.destroy());
  try {
    const answer = await client.fetch({
      method: 'POST',
      path,
      headers: headersOf(payload, key),
      body: source.pipe(counted),
    });
    const signed = await openReceipt(answer, ca);
    if (signed.receipt.sha256 !== hash.digest('hex')) {
      throw fault(
        'ANSWER_UNEXPECTED',
        `The receipt ${signed.receipt.batch} is for other bytes than those sent.`,
      );
    }
    return signed;
  } catch (error) {
    progress.back(sent);
    const failure = client.asFailure(error);
    throw failure.isPassing && !payload.isRepeatable ? cannotRepeat(failure) : failure;
  }
}

function headersOf(
  { type, reading, encoding, bytes }: Payload,
  key: string | undefined,
): Record<string, string> {
  const parameters = (reading?.parameters ?? []).map(([name, value]) => `; ${name}=${JSON.stringify(value)}`);
  const meters = new URLSearchParams(reading?.meters).toString();
  return {
    'content-type': MEDIA_TYPES[type] + parameters.join(''),
    ...(meters && { 'hub-meters': meters }),
    accept: 'application/json',
    ...(encoding && { 'content-encoding': encoding }),
    ...(bytes !== undefined && { 'content-length': String(bytes) }),
    ...(key !== undefined && { 'idempotency-key': key }),
  };
}

function cannotRepeat({ code, message }: Failure): Failure {
  return new Failure({
    code,
    message: `${message} Standard input passes only once, so this upload cannot be retried.`,
    remedy:
      'Write the readings to a file and upload that, or send them again: what was stored is not stored twice.',
  });
}
