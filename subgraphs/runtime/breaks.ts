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

/** Pieces are held back, never copied, until enough has come behind them that they can be no part of the mark. */
async function* unmarked(body: Readable, mark: Buffer): AsyncGenerator<Buffer> {
  const held: Buffer[] = [];
  let length = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    held.push(piece);
    length += piece.length;
    while (length - held[0]!.length >= mark.length) {
      const sure = held.shift()!;
      length -= sure.length;
      yield sure;
    }
  }
  const last = Buffer.concat(held);
  const isBroken = last.subarray(-mark.length).equals(mark);
  const rest = isBroken ? last.subarray(0, -mark.length) : last;
  if (rest.length > 0) yield rest;
  if (isBroken) throw new Error('the sender is gone');
}
