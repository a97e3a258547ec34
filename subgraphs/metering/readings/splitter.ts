/** Longest line that is read; a longer one goes to quarantine whole, in parts of this size. */
export const LONGEST_LINE = 65_536;

const NEWLINE = 10;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

export interface LineSink {
  /** A line without its newline. The bytes stay as they are until the piece they came in is done with. */
  line(bytes: Buffer, start: number, end: number, number: number): void;
  /** A part of a line that is too long; parts count from 0. */
  oversize(content: Buffer, number: number, part: number): void;
}

/** Cuts a stream of bytes into lines, numbered from 1, holding never more than one line. */
export class LineSplitter {
  readonly #sink: LineSink;
  readonly #longest: number;
  /** The beginning of a line whose end has not come yet. */
  #rest: Buffer[] = [];
  #restLength = 0;
  #number = 1;
  /** Parts that the present line has given already. */
  #parts = 0;
  #isStart = true;

  constructor(sink: LineSink, longest = LONGEST_LINE) {
    this.#sink = sink;
    this.#longest = longest;
  }

  push(piece: Buffer): void {
    let start = 0;
    if (this.#isStart) start = this.#afterMark(piece);
    for (let end = piece.indexOf(NEWLINE, start); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      if (this.#restLength > 0 || this.#parts > 0) this.#finishRest(piece, start, end);
      else if (end - start > this.#longest) this.#cut(piece.subarray(start, end), true);
      else this.#sink.line(piece, start, end, this.#number);
      this.#number++;
      start = end + 1;
    }
    if (start < piece.length) this.#keep(piece.subarray(start));
  }

  /** The last line need not end with a newline. */
  end(): void {
    if (this.#restLength > 0 || this.#parts > 0) this.#finishRest(Buffer.alloc(0), 0, 0);
  }

  #afterMark(piece: Buffer): number {
    this.#isStart = false;
    return piece.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  }

  #keep(bytes: Buffer): void {
    this.#rest.push(bytes);
    this.#restLength += bytes.length;
    if (this.#restLength > this.#longest) this.#cut(this.#takeRest(), false);
  }

  #finishRest(piece: Buffer, start: number, end: number): void {
    this.#rest.push(piece.subarray(start, end));
    const line = this.#takeRest();
    if (this.#parts > 0 || line.length > this.#longest) this.#cut(line, true);
    else this.#sink.line(line, 0, line.length, this.#number);
  }

  #takeRest(): Buffer {
    const rest = Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restLength = 0;
    return rest;
  }

  /** Gives the parts of an oversize line; what does not fill a part waits, unless the line has ended. */
  #cut(bytes: Buffer, isLast: boolean): void {
    const end = isLast ? bytes.length : bytes.length - (bytes.length % this.#longest);
    for (let start = 0; start < end; start += this.#longest) {
      const content = Buffer.from(bytes.subarray(start, Math.min(start + this.#longest, end)));
      this.#sink.oversize(content, this.#number, this.#parts++);
    }
    if (isLast) this.#parts = 0;
    else if (end < bytes.length) this.#keep(bytes.subarray(end));
  }
}

export function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++)
    if (bytes[at] !== 32 && bytes[at] !== 9 && bytes[at] !== 13) return false;
  return true;
}
