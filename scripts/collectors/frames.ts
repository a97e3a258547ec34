import type { FrameSpec } from './config.js';

/** Bytes that are no frame, or one beyond the bound: the stream cannot be followed any further. */
export class BadFrame extends Error {
  readonly reason: 'oversize' | 'no-frame';

  constructor(reason: BadFrame['reason']) {
    super(reason);
    this.reason = reason;
  }
}

const ROOT_END = Buffer.from('</root>');
const NOTHING = Buffer.alloc(0);

/** Cuts a stream of bytes into the bodies of frames; holds no more than one. */
export class FrameCutter {
  readonly #spec: FrameSpec;
  /** The longest body. */
  most: number;
  #rest: Buffer = NOTHING;
  /** What came behind it, until so many bytes are here that a frame can end: a long one is put together once. */
  #pieces: Buffer[] = [];
  #held = 0;
  #wanted = 0;
  /** Where the search for the end of a plain packet goes on. */
  #searched = 0;

  constructor(spec: FrameSpec, most: number) {
    this.#spec = spec;
    this.most = most;
  }

  /** Whether a frame has begun whose end has not come yet. */
  get isPartial(): boolean {
    return this.#held > 0;
  }

  /** @throws BadFrame */
  *push(bytes: Buffer): Generator<Buffer> {
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    if (this.#held < this.#wanted) return;
    this.#rest = Buffer.concat([this.#rest, ...this.#pieces.splice(0)]);
    this.#wanted = 0;
    for (;;) {
      const body = this.#spec.kind === 'plain' ? this.#plain() : this.#withHeader(this.#spec);
      this.#held = this.#rest.length;
      if (!body) break;
      yield body;
    }
    if (this.#rest.length === 0) this.#rest = NOTHING;
  }

  #plain(): Buffer | undefined {
    let start = 0;
    while (start < this.#rest.length && this.#rest[start]! <= 32) start++;
    this.#rest = this.#rest.subarray(start);
    this.#searched = Math.max(this.#searched - start, 0);
    if (this.#rest.length > 0 && this.#rest[0] !== 60) throw new BadFrame('no-frame');
    const end = this.#rest.indexOf(ROOT_END, this.#searched);
    if ((end < 0 ? this.#rest.length : end) > this.most) throw new BadFrame('oversize');
    this.#searched = end < 0 ? Math.max(this.#rest.length - ROOT_END.length, 0) : 0;
    return end < 0 ? undefined : this.#take(0, end + ROOT_END.length);
  }

  #withHeader({
    head,
    tail,
    types,
    lengthBytes,
    order,
    counts,
  }: FrameSpec & { kind: 'header' }): Buffer | undefined {
    const begin = Buffer.from(head, 'hex');
    const shown = this.#rest.subarray(0, begin.length);
    if (!shown.equals(begin.subarray(0, shown.length))) throw new BadFrame('no-frame');
    const at = begin.length + (types ? 1 : 0);
    const before = at + lengthBytes;
    if (this.#rest.length < before) return undefined;
    const length =
      order === 'big' ? this.#rest.readUIntBE(at, lengthBytes) : this.#rest.readUIntLE(at, lengthBytes);
    const around = counts === 'frame' ? before + tail.length / 2 : 0;
    if (length < around) throw new BadFrame('no-frame');
    const end = before + length - around;
    if (end - before > this.most) throw new BadFrame('oversize');
    this.#wanted = end + tail.length / 2;
    if (this.#rest.length < this.#wanted) return undefined;
    this.#wanted = 0;
    const body = this.#take(before, end);
    const ending = this.#rest.subarray(0, tail.length / 2);
    if (!ending.equals(Buffer.from(tail, 'hex'))) throw new BadFrame('no-frame');
    this.#rest = this.#rest.subarray(tail.length / 2);
    return body;
  }

  #take(start: number, end: number): Buffer {
    const body = this.#rest.subarray(start, end);
    this.#rest = this.#rest.subarray(end);
    return body;
  }
}

export type PacketName = 'id_validate' | 'heart_beat' | 'data' | 'config' | 'packet';

/** A body as a frame of this kind. */
export function framed(spec: FrameSpec, packet: PacketName, body: Buffer): Buffer {
  if (spec.kind === 'plain') return body;
  const { head, tail, types, lengthBytes, order, counts } = spec;
  const begin = Buffer.from(head, 'hex');
  const end = Buffer.from(tail, 'hex');
  const type = types ? Buffer.from([types[packet]]) : NOTHING;
  const around = begin.length + type.length + lengthBytes + end.length;
  const length = Buffer.alloc(lengthBytes);
  const value = counts === 'frame' ? body.length + around : body.length;
  if (order === 'big') length.writeUIntBE(value, 0, lengthBytes);
  else length.writeUIntLE(value, 0, lengthBytes);
  return Buffer.concat([begin, type, length, body, end]);
}
