import { Readable } from 'node:stream';

/**
 * A body that breaks off would break the call that passes it on to a neighbour, and with it the answer to what had
 * come. So it is passed on with an end: where it broke, `mark` follows, which nobody but the two rooms knows.
 */
export function markBreak(body: Readable, mark: string): Readable {
  return Readable.from(marked(body, mark), { objectMode: false });
}

async function* marked(body: Readable, mark: string): AsyncGenerator<Buffer> {
  try {
    for await (const piece of body as AsyncIterable<Buffer>) yield piece;
  } catch {
    // What had come before the break but was not handed out yet.
    for (let piece = body.read() as Buffer | null; piece; piece = body.read() as Buffer | null) yield piece;
    yield Buffer.from(mark);
  }
}

/** The same body on the other side: where the mark is, it breaks off again. */
export function breakAtMark(body: Readable, mark: string): Readable {
  return Readable.from(unmarked(body, Buffer.from(mark)), { objectMode: false });
}

async function* unmarked(body: Readable, mark: Buffer): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of body as AsyncIterable<Buffer>) {
    const all = held.length > 0 ? Buffer.concat([held, piece]) : piece;
    const sure = Math.max(0, all.length - mark.length);
    if (sure > 0) yield all.subarray(0, sure);
    held = all.subarray(sure);
  }
  if (held.equals(mark)) throw new Error('the sender is gone');
  if (held.length > 0) yield held;
}
