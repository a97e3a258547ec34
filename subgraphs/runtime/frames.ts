import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { Disclosed } from './disclosures.js';
import type { DoorAnswer } from './door.js';

/** How many bytes of an answer between processes stand before its body. */
export const FRAME_HEADER = 'x-hub-disclosed';

/**
 * What an answer discloses travels between processes before its body: of a large package it is more than a header may
 * hold, and the gateway has to know it before the first byte of the body leaves.
 */
export function framed({ disclosed, ...answer }: DoorAnswer): DoorAnswer {
  if (!disclosed || disclosed.length === 0) return answer;
  const frame = Buffer.from(JSON.stringify(disclosed));
  const { 'content-length': length, ...headers } = answer.headers;
  if (length !== undefined) headers['content-length'] = String(Number(length) + frame.length);
  headers[FRAME_HEADER] = String(frame.length);
  return { ...answer, headers, body: before(frame, answer.body) };
}

function before(frame: Buffer, body: DoorAnswer['body']): DoorAnswer['body'] {
  if (!(body instanceof Readable)) return Buffer.concat([frame, Buffer.from(body)]);
  return Readable.from(both(frame, body), { objectMode: false });
}

async function* both(frame: Buffer, body: Readable): AsyncGenerator<Buffer> {
  yield frame;
  yield* body as AsyncIterable<Buffer>;
}

/** The same answer on the other side; the body is what is left of it. */
export async function unframed(answer: DoorAnswer): Promise<DoorAnswer> {
  const { [FRAME_HEADER]: size, 'content-length': length, ...headers } = answer.headers;
  if (size === undefined) return answer;
  const frame = await firstBytes(answer.body as Readable, Number(size));
  if (length !== undefined) headers['content-length'] = String(Number(length) - frame.length);
  return { ...answer, headers, disclosed: JSON.parse(frame.toString('utf8')) as Disclosed[] };
}

async function firstBytes(body: Readable, size: number): Promise<Buffer> {
  for (;;) {
    const bytes = body.read(size) as Buffer | null;
    if (bytes?.length === size) return bytes;
    if (bytes || body.readableEnded || body.destroyed) throw new Error('an answer ended before its body');
    await once(body, 'readable');
  }
}
