import { MeterNames } from '../formats/names.js';
import type { FormatRecord, Naming, RecordSink } from '../formats/records.js';
import type { BulkSession } from '../../runtime/bulk.js';
import { type Chunk, contentOf, type LinePlace } from './chunk.js';
import { MeterDirectory, type KnownMeter } from './directory.js';
import { LineDraft } from './draft.js';
import { readerFor, type Format, type Reading } from './format.js';
import { writeGathered } from './gathered.js';
import { claimReading, judgeDay, judgeReading, placeReading } from './judge.js';
import { OpenDay, OpenDays } from './open-days.js';
import { fault, type Fault } from './reasons.js';
import { RegisterLines, type RegisterPlace } from './registers/gathered.js';
import { isBlank, LONGEST_LINE, type LineSink } from './splitter.js';
import { askStoredDays } from './stored-days.js';
import type { ChunkWriter } from './writer.js';

/** How much of the gathered days is written when there is no room for more. */
const SHARE_CLOSED = 0.5;
/** So many bytes of lines wait until the database is asked about them; then they go into one chunk together. */
const MOST_KEPT = 1_048_576;
/** What a record that waits takes, about. */
const RECORD_BYTES = 512;
const NO_BYTES = Buffer.alloc(0);

/** What one upload's lines become. Lines are judged as they come; those that need the database's answer wait for it. */
export class Intake implements LineSink, RecordSink {
  /** Lines that are not blank, or records; a header of CSV is none. */
  lines = 0;
  /** Values stored or found stored already; missing ones do not count. */
  readings = 0;
  /** First and last day stored, as days since 2000-01-01. */
  days: [number, number] | undefined;
  readonly #session: BulkSession;
  readonly #writer: ChunkWriter;
  readonly #directory: MeterDirectory;
  readonly #openDays = new OpenDays();
  readonly #registers = new RegisterLines();
  readonly #draft = new LineDraft();
  readonly #format: Format;
  readonly #names: MeterNames;
  #reading: Reading | undefined;
  /** The last line was of a meter that the database has to be asked for, and so may be the next. */
  #isAmongUnknown = false;
  #chunk: Chunk;
  #waiting: LinePlace[] = [];
  /** What came in last with a line that waits, and how much is kept in memory for such lines. */
  #kept: Buffer | undefined;
  #keptBytes = 0;
  #unknownMeters = new Set<string>();
  #unopenedDays = new Map<string, { meter: KnownMeter; day: number }>();

  constructor(
    session: BulkSession,
    writer: ChunkWriter,
    options: { format: Format; naming: Naming; now: Date },
  ) {
    this.#session = session;
    this.#writer = writer;
    this.#format = options.format;
    this.#names = new MeterNames(options.naming);
    this.#directory = new MeterDirectory(session, options.now, writer.settings);
    this.#chunk = writer.chunk();
  }

  line(bytes: Buffer, start: number, end: number, number: number): void {
    if (isBlank(bytes, start, end)) return;
    if (!this.#reading) {
      this.#reading = readerFor(this.#format, bytes, start, end);
      if (this.#reading.isHeader) return;
    }
    this.lines++;
    this.#judge({ bytes, start, end, number });
  }

  record(record: FormatRecord): void {
    this.#judge({ bytes: NO_BYTES, start: 0, end: 0, number: ++this.lines, record });
  }

  refuse(refused: Fault, bytes: Buffer): void {
    this.#quarantine(++this.lines, refused, bytes, null, null);
  }

  part(refused: Fault, content: Buffer, part: number, number?: number): void {
    if (part === 0) this.lines++;
    const line = number ?? this.lines;
    this.#chunk.quarantine({ line, part, fault: refused, content, meter: null, day: null });
  }

  oversize(content: Buffer, number: number, part: number): void {
    this.part(fault('OVERSIZE_LINE', 'the line is longer than 64 KiB'), content, part, number);
  }

  /** Called after each piece of the body: lets lines go on when many wait, and writes when much has gathered. */
  async settle(): Promise<void> {
    if (this.#keptBytes >= MOST_KEPT) await this.#letGoOn();
    if (this.#registers.isFull) await this.#writeRegisters();
    if (this.#openDays.isFull) await writeGathered(this.#writer, this.#openDays.close(SHARE_CLOSED));
    if (this.#chunk.isFull) await this.#send();
  }

  /** Writes the rest and waits until everything is stored. */
  async finish(): Promise<void> {
    await this.#letGoOn();
    await this.#writeRegisters();
    await writeGathered(this.#writer, this.#openDays.close(1));
    if (!this.#chunk.isEmpty) await this.#send();
    await this.#writer.finish();
  }

  async #letGoOn(): Promise<void> {
    while (this.#waiting.length > 0) await this.#answerWaiting();
  }

  async #send(): Promise<void> {
    await this.#writer.write(this.#chunk);
    this.#chunk = this.#writer.chunk();
  }

  async #answerWaiting(): Promise<void> {
    const waiting = this.#waiting;
    const unknown = [...this.#unknownMeters];
    const unopened = [...this.#unopenedDays.values()];
    this.#waiting = [];
    this.#kept = undefined;
    this.#keptBytes = 0;
    this.#unknownMeters = new Set();
    this.#unopenedDays = new Map();
    await this.#names.learn(this.#session);
    if (unknown.length > 0) await this.#directory.learn(unknown);
    const stored = unopened.length > 0 ? await askStoredDays(this.#session, unopened) : [];
    unopened.forEach(({ meter, day }, index) => {
      meter.isWaiting = false;
      this.#openDays.open(new OpenDay(meter, day, stored[index]));
    });
    for (const place of waiting) this.#judge(place);
  }

  #judge(place: LinePlace): void {
    const draft = this.#draft;
    const named = this.#readName(place, draft);
    if (typeof named === 'object') return this.#refuse(place, named, null, null);
    const meter = named === undefined ? undefined : this.#directory.find(named);
    this.#isAmongUnknown = meter === undefined;
    if (meter === undefined) {
      if (named !== undefined) this.#unknownMeters.add(named);
      return this.#keep(place);
    }
    if ('reason' in meter) return this.#refuse(place, meter, null, null);
    const misread = place.record?.read(draft, meter);
    if (misread) this.#refuse(place, misread, meter, null);
    else if (meter.isWaiting) this.#wait(place, draft, meter);
    else if (draft.form === 'day') this.#takeDay(place, draft, meter);
    else this.#takeReading(place, draft, meter);
  }

  /**
   * The id of the meter; `undefined` where the database has to be asked for it. Fills the draft from a line, unless it
   * will have to be read again when its meter is known.
   */
  #readName(place: LinePlace, draft: LineDraft): string | Fault | undefined {
    if (place.record) return this.#names.find(place.record.names);
    const { bytes, start, end } = place;
    const { reader, meterOf } = this.#reading!;
    const first = this.#isAmongUnknown ? meterOf?.(bytes, start, end) : undefined;
    if (first !== undefined && this.#directory.find(first) === undefined) return first;
    return reader(bytes, start, end, draft) ?? draft.meter;
  }

  #takeDay(place: LinePlace, draft: LineDraft, meter: KnownMeter): void {
    const refused = judgeDay(draft, meter);
    if (refused) return this.#refuse(place, refused, meter, draft.day < 0 ? null : draft.day);
    if (meter.isRegister) return this.#takeRegister(place, draft, meter, { day: draft.day, slot: null });
    this.#chunk.take(place, meter, draft);
    this.#stored(draft.day, draft.series.present);
  }

  #takeReading(place: LinePlace, draft: LineDraft, meter: KnownMeter): void {
    const placed = placeReading(draft, meter, this.#writer.settings.driftSeconds);
    if ('reason' in placed) return this.#refuse(place, placed, meter, null);
    if (meter.isRegister) {
      const repeated = claimReading(meter, placed.day, placed.slot);
      if (repeated) return this.#refuse(place, repeated, meter, placed.day);
      return this.#takeRegister(place, draft, meter, placed);
    }
    const openDay = meter.openDays?.get(placed.day);
    if (!openDay) return this.#wait(place, draft, meter);
    const refused = judgeReading(draft, placed, openDay);
    if (refused) return this.#refuse(place, refused, meter, placed.day);
    this.#stored(placed.day, Number.isNaN(draft.series.values[0]) ? 0 : 1);
  }

  #takeRegister(line: LinePlace, draft: LineDraft, meter: KnownMeter, place: RegisterPlace): void {
    // A copy: the piece of the body that holds the line is large and would wait with it.
    const content = Buffer.from(contentOf(line));
    this.#registers.add({ number: line.number, content, meter, ...place }, draft);
  }

  async #writeRegisters(): Promise<void> {
    const { refused, stored } = await this.#registers.write(this.#writer);
    for (const [day, readings] of stored) this.#stored(day, readings);
    for (const { line, fault, content, meter, day } of refused)
      this.#quarantine(line, fault, content, meter, day);
  }

  /** Lines of a meter keep their order: once one waits for a day, so do all after it, each asking for its own. */
  #wait(place: LinePlace, draft: LineDraft, meter: KnownMeter): void {
    meter.isWaiting = true;
    this.#keep(place);
    const placed =
      draft.form === 'reading' ? placeReading(draft, meter, this.#writer.settings.driftSeconds) : null;
    if (!placed || 'reason' in placed || meter.openDays?.has(placed.day)) return;
    this.#unopenedDays.set(`${placed.day} ${meter.id}`, { meter, day: placed.day });
  }

  #keep(place: LinePlace): void {
    this.#waiting.push(place);
    if (place.record) this.#keptBytes += RECORD_BYTES;
    if (place.bytes === this.#kept) return;
    this.#kept = place.bytes;
    this.#keptBytes += place.bytes.length;
  }

  #stored(day: number, readings: number): void {
    this.readings += readings;
    const { days } = this;
    if (!days) this.days = [day, day];
    else if (day < days[0]) days[0] = day;
    else if (day > days[1]) days[1] = day;
  }

  #refuse(place: LinePlace, refused: Fault, meter: KnownMeter | null, day: number | null): void {
    this.#quarantine(place.number, refused, contentOf(place), meter, day);
  }

  /** A record that is longer than a line may be is kept in parts, as such a line is. */
  #quarantine(
    line: number,
    refused: Fault,
    bytes: Buffer,
    meter: KnownMeter | null,
    day: number | null,
  ): void {
    for (let part = 0; part === 0 || part * LONGEST_LINE < bytes.length; part++) {
      const content = bytes.subarray(part * LONGEST_LINE, (part + 1) * LONGEST_LINE);
      this.#chunk.quarantine({ line, part, fault: refused, content, meter: meter?.id ?? null, day });
    }
  }
}
