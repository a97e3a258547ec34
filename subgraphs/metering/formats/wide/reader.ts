import { MINUTES_A_DAY } from '../../readings/calendar.js';
import type { KnownMeter } from '../../readings/directory.js';
import { lineText, type LineDraft } from '../../readings/draft.js';
import { fault, quoted, type Fault } from '../../readings/reasons.js';
import { LineSplitter, type LineSink } from '../../readings/splitter.js';
import type { BodyReader, RecordSink } from '../records.js';
import { Unreadable } from '../unreadable.js';
import { cellsOf, columnsOf, textOfCell } from './cells.js';
import type { RowClock, RowTime, Stamps } from './row-clock.js';

export interface WideFile {
  clock: RowClock;
  stamps: Stamps;
  /** What a cell says where nothing was measured, beside nothing at all. */
  missing: string | undefined;
  /** Columns that are read; all where it is undefined. */
  only: ReadonlyMap<string, string> | undefined;
}

/** A column that is read: its place in the row and what quarantine shows of the header. */
interface Column {
  place: number;
  names: readonly string[];
  head: string;
}

const LONGEST_ROW = 1_048_576;

/** A wide CSV: the first column is the time, every other one a meter; each cell is one reading. */
export class WideReader implements BodyReader, LineSink {
  readonly #sink: RecordSink;
  readonly #file: WideFile;
  readonly #splitter = new LineSplitter(this, LONGEST_ROW);
  #columns: Column[] | undefined;
  #width = 0;

  constructor(sink: RecordSink, file: WideFile) {
    this.#sink = sink;
    this.#file = file;
  }

  push(piece: Buffer): void {
    this.#splitter.push(piece);
  }

  end(): void {
    this.#splitter.end();
  }

  line(bytes: Buffer, start: number, end: number): void {
    const stop = bytes[end - 1] === 13 ? end - 1 : end;
    const text = lineText(bytes, start, stop);
    if (text === '') return;
    const cells = typeof text === 'string' ? cellsOf(text) : text;
    const row = (): Buffer => Buffer.from(bytes.subarray(start, end));
    if (!this.#columns) return this.#begin(cells);
    if (cells === null) return this.#refuse('a quote is not closed on its line', row());
    if (!Array.isArray(cells)) return this.#sink.refuse(cells, row());
    if (cells.length !== this.#width)
      return this.#refuse(`the row has ${cells.length} cells, the header ${this.#width}`, row());
    this.#row(cells, row);
  }

  oversize(content: Buffer): void {
    if (!this.#columns) throw new Unreadable(`The header is longer than ${LONGEST_ROW} bytes.`);
    this.#sink.refuse(
      fault('OVERSIZE_LINE', `the row is longer than ${LONGEST_ROW} bytes`),
      Buffer.from(content),
    );
  }

  #begin(header: string[] | Fault | null): void {
    if (!Array.isArray(header)) throw new Unreadable('The header of the wide CSV is not one of UTF-8 text.');
    const columns = columnsOf(header);
    if (typeof columns === 'string') throw new Unreadable(`The header of the wide CSV ${columns}.`);
    this.#width = header.length;
    this.#columns = columns.flatMap((name, index) => {
      const isRead = !this.#file.only || this.#file.only.has(name);
      return isRead ? [{ place: index + 1, names: [name], head: `${header[0]},${header[index + 1]}\n` }] : [];
    });
  }

  #row(cells: string[], row: () => Buffer): void {
    const [stamp = ''] = cells;
    const time = this.#file.clock.read(textOfCell(stamp));
    if (!time)
      return this.#sink.refuse(fault('BAD_DATE', `${quoted(stamp)} is no time of whole minutes`), row());
    for (const { place, names, head } of this.#columns ?? []) {
      const cell = cells[place]!;
      const text = textOfCell(cell);
      if (text === '' || text === this.#file.missing) continue;
      this.#sink.record({
        names,
        read: (draft, meter) => this.#read(time, text, draft, meter),
        // A wide CSV of one reading, which can be sent again as it is.
        bytes: () => Buffer.from(`${head}${stamp},${cell}\n`),
      });
    }
  }

  #read({ minutes, isUtc, isMisdated }: RowTime, text: string, draft: LineDraft, meter: KnownMeter): null {
    // A register has no interval of its own: the stamp is when it was read.
    const began = this.#file.stamps === 'end' && !meter.isRegister ? minutes - meter.interval : minutes;
    draft.clear();
    draft.form = 'reading';
    draft.isMisdated = isMisdated;
    draft.time.day = Math.floor(began / MINUTES_A_DAY);
    draft.time.minute = began - draft.time.day * MINUTES_A_DAY;
    draft.time.isWholeMinute = true;
    draft.time.offset = isUtc ? 0 : null;
    draft.takeValue(text, 'value');
    return null;
  }

  #refuse(detail: string, row: Buffer): void {
    this.#sink.refuse(fault('MALFORMED_LINE', detail), row);
  }
}
