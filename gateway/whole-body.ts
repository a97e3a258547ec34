import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { CallerGone } from '../subgraphs/runtime/leaving.js';
import { Refusal } from './errors.js';

/**
 * The body of a request as it comes, which breaks where its sender gave it up. Over HTTP/2 that cannot be told from its
 * end: clients end a stream when they give it up, and half a file would be taken for all of it. So there its length has
 * to be said before.
 *
 * @throws Refusal BAD_REQUEST
 */
export function wholeBody({
  raw,
  body,
  headers,
}: Pick<FastifyRequest, 'raw' | 'body' | 'headers'>): Readable {
  if (!(body instanceof Readable)) return Readable.from([]);
  if (raw.httpVersionMajor < 2) return body;
  const length = headers['content-length'];
  if (length === undefined) throw new Refusal('BAD_REQUEST', LENGTH_REQUIRED);
  return Readable.from(counted(body, Number(length)), { objectMode: false });
}

const LENGTH_REQUIRED = {
  message: 'Over HTTP/2 the length of what is sent has to be known: what was given up looks like its end.',
  remedy: 'Say content-length, or send it over HTTP/1.1.',
};

async function* counted(body: Readable, length: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    bytes += piece.length;
    yield piece;
  }
  if (bytes !== length) throw new CallerGone();
}
