import type { PoolClient } from 'pg';
import type { ErrorCode } from '../../../gateway/errors.js';
import type { BulkSession } from '../../runtime/bulk.js';
import { dateText, monthOf } from './calendar.js';
import { type JudgedDay, recordFound, tellEdges } from '../quality/judging/day-findings.js';
import {
  type IngestSettings,
  SETTINGS_SQL,
  settingsOf,
  type SettingsRow,
} from '../quality/judging/settings.js';
import { Chunk, type QuarantinedLine } from './chunk.js';
import { fault, type QuarantineReason } from './reasons.js';
import { addBlocks, addQuarantined, writeBlocks, type Counts } from './statements.js';

const OUT_OF_REACH: ErrorCode = 'ROW_OUT_OF_REACH';
const STORED_ALREADY: ErrorCode = 'CONFLICT';
/** Deadlock and serialisation failure: nothing was written, and the same again may pass. */
const TRANSIENT = new Set(['40P01', '40001']);
const MOST_ATTEMPTS = 6;
/** One is written while the next is read; more would only take memory. */
const MOST_IN_FLIGHT = 2;

/** How many lines ended how. */
export interface Tally {
  accepted: number;
  unchanged: number;
  corrected: number;
  quarantined: number;
  reasons: Partial<Record<QuarantineReason, number>>;
}

/** Writes chunks behind the reader's back, each in a transaction of its own, and counts how their lines turned out. */
export class ChunkWriter {
  readonly tally: Tally = { accepted: 0, unchanged: 0, corrected: 0, quarantined: 0, reasons: {} };
  readonly session: BulkSession;
  readonly batch: string;
  /** The number that this database gave to `metering.incoming_block`. */
  readonly elementType: number;
  /** Of the rules in force when the upload began. */
  readonly settings: IngestSettings;
  readonly #spare: Chunk[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  readonly #months = new Set<number>();
  /** New days are written at half the cost; whether the next chunk has only such is guessed from the last. */
  #expectsNew = true;
  #failure: { error: unknown } | undefined;

  private constructor(
    session: BulkSession,
    batch: string,
    { elementType, settings }: { elementType: number; settings: IngestSettings },
  ) {
    this.session = session;
    this.batch = batch;
    this.elementType = elementType;
    this.settings = settings;
  }

  static async open(session: BulkSession, batch: string): Promise<ChunkWriter> {
    const known = await session.transaction(async (client) => {
      const { rows } = await client.query<SettingsRow & { number: number }>(
        `select 'metering.incoming_block'::regtype::oid as number, rules.* from (${SETTINGS_SQL}) as rules`,
        [null],
      );
      return { elementType: Number(rows[0]!.number), settings: settingsOf(rows[0]!) };
    });
    return new ChunkWriter(session, batch, known);
  }

  /** Within the transaction that is about to write the days. */
  async tellEdges(client: PoolClient, days: readonly JudgedDay[]): Promise<void> {
    await tellEdges((sql, parameters) => client.query(sql, parameters), days);
  }

  /** Within the transaction that wrote the days. */
  async recordFound(client: PoolClient, days: readonly JudgedDay[]): Promise<void> {
    await recordFound((sql, parameters) => client.query(sql, parameters), this.settings.edition, days);
  }

  chunk(): Chunk {
    return this.#spare.pop() ?? new Chunk();
  }

  /** Begins to write a chunk; waits only while too many are under way. */
  async write(chunk: Chunk): Promise<void> {
    await this.run(async () => {
      await this.#write(chunk, 0, chunk.rows.count, chunk.quarantined);
      chunk.clear();
      this.#spare.push(chunk);
    });
  }

  /** @throws what failed in earlier work. */
  async run(work: () => Promise<void>): Promise<void> {
    while (this.#inFlight.size >= MOST_IN_FLIGHT) await Promise.race(this.#inFlight);
    this.#throwFailure();
    const running = work()
      .catch((error: unknown) => void (this.#failure ??= { error }))
      .finally(() => this.#inFlight.delete(running));
    this.#inFlight.add(running);
  }

  /** Waits until everything is written. */
  async finish(): Promise<void> {
    await Promise.all(this.#inFlight);
    this.#throwFailure();
  }

  /** A transaction that is tried again when it met another's. */
  async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.session.transaction(work);
      } catch (error) {
        if (attempt >= MOST_ATTEMPTS || !TRANSIENT.has(codeOf(error))) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
      }
    }
  }

  /** Makes the partitions that the days need. */
  async ensureMonths(days: Iterable<number>): Promise<void> {
    for (const day of days) {
      const month = monthOf(day);
      if (this.#months.has(month)) continue;
      await this.transaction((client) => client.query('select metering.ensure_month($1)', [dateText(day)]));
      this.#months.add(month);
    }
  }

  async #write(chunk: Chunk, from: number, to: number, quarantined: QuarantinedLine[]): Promise<void> {
    await this.ensureMonths(chunk.days);
    const isGuess = this.#expectsNew;
    try {
      const counts = await this.transaction(async (client) => {
        if (quarantined.length > 0) await addQuarantined(client, this.session, this.batch, quarantined);
        await this.tellEdges(client, chunk.judged);
        const written = await this.#writeRows(client, chunk, from, to, isGuess);
        await this.recordFound(client, chunk.judged);
        return written;
      });
      if (to > from) this.#expectsNew = counts.added === to - from;
      this.tally.accepted += counts.added;
      this.tally.corrected += counts.written - counts.added;
      this.tally.unchanged += to - from - counts.written;
      this.#count(quarantined);
    } catch (error) {
      const code = codeOf(error);
      if (isGuess && code === STORED_ALREADY) {
        this.#expectsNew = false;
        return this.#write(chunk, from, to, quarantined);
      }
      if (from === to || code !== OUT_OF_REACH) throw error;
      await this.#writeHalves(chunk, from, to, quarantined);
    }
  }

  async #writeRows(
    client: PoolClient,
    chunk: Chunk,
    from: number,
    to: number,
    areNew: boolean,
  ): Promise<Counts> {
    const added = to - from;
    if (added === 0) return { written: 0, added };
    const rows = chunk.rows.parameter(this.elementType, from, to);
    if (!areNew) return writeBlocks(client, rows, this.batch);
    await addBlocks(client, rows, this.batch);
    return { written: added, added };
  }

  /** One row that the database refuses (its stored day belongs to another owner) must not hold up the others. */
  async #writeHalves(chunk: Chunk, from: number, to: number, quarantined: QuarantinedLine[]): Promise<void> {
    if (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      await this.#write(chunk, from, middle, quarantined);
      return this.#write(chunk, middle, to, []);
    }
    const { bytes, start, end, number } = chunk.lines[from]!;
    const refused: QuarantinedLine = {
      line: number,
      part: 0,
      fault: fault('FOREIGN_METER', 'the stored day belongs to an owner outside your reach'),
      content: bytes.subarray(start, end),
      meter: chunk.meters[from]!,
      day: chunk.days[from]!,
    };
    return this.#write(chunk, from, from, [...quarantined, refused]);
  }

  #count(quarantined: QuarantinedLine[]): void {
    for (const {
      part,
      fault: { reason },
    } of quarantined) {
      if (part > 0) continue;
      this.tally.quarantined++;
      this.tally.reasons[reason] = (this.tally.reasons[reason] ?? 0) + 1;
    }
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
