import { minuteText } from '../calendar.js';
import type { KnownMeter } from '../directory.js';
import type { LineDraft } from '../draft.js';
import type { DayOutcome } from '../open-days.js';
import { fault, type Fault } from '../reasons.js';
import type { ChunkWriter } from '../writer.js';
import { blocksChanged } from './changes.js';
import { type Contradiction, type Counter, LARGEST, millionths, type RegisterDay } from './consumption.js';
import {
  type Ask,
  blocksOf,
  countersOf,
  type DayToWrite,
  lockMeters,
  registersAround,
  writeBlocks,
  writeDays,
} from './statements.js';
import { Timeline } from './timeline.js';

/** Values and bytes held before they are written. */
const MOST_VALUES = 200_000;
const MOST_BYTES = 4_194_304;

export interface RegisterPlace {
  day: number;
  /** Of a single reading: its interval, whose end it is. Null of a whole day. */
  slot: number | null;
}

/** Readings of one line: a whole day of them, or one. */
interface RegisterLine extends RegisterPlace {
  number: number;
  content: Buffer;
  meter: KnownMeter;
  interval: number;
  /** Those of a whole day, or the one. */
  registers: (bigint | null)[];
}

const CONTRADICTIONS: Record<Contradiction, string> = {
  BACKWARDS:
    'the register shows less than before, or more than half of its range more, and no change of meter explains it: record the change (replaceDevice) and send the line again',
  NO_DEVICE: 'no device stood there at that time: record it (installDevice) and send the line again',
  TOO_LARGE: 'more was used than 1,000,000,000 of the unit',
  INEXACT: 'the difference times the multiplier has more than 6 decimals',
};

/**
 * Lines of meters that are read as registers, gathered until they are judged together: each against what is stored
 * before and after it and what the lines before it have brought. What one contradicts is told of that line alone.
 */
export class RegisterLines {
  #lines: RegisterLine[] = [];
  #values = 0;
  #bytes = 0;

  get isFull(): boolean {
    return this.#values >= MOST_VALUES || this.#bytes >= MOST_BYTES;
  }

  /** Takes a line whose day or interval is claimed. `content` is a copy. */
  add(line: Omit<RegisterLine, 'interval' | 'registers'>, draft: LineDraft): void {
    const { series } = draft;
    const { content, meter, slot } = line;
    const length = slot === null ? series.length : 1;
    const registers = Array.from({ length }, (_, index) => {
      const value = series.values[index]!;
      return Number.isNaN(value) ? null : millionths(value, series.decimals[index]!);
    });
    this.#lines.push({ ...line, interval: slot === null ? draft.interval : meter.interval, registers });
    this.#values += length;
    this.#bytes += content.length;
  }

  /** Judges and writes what has gathered, in one transaction. */
  async write(writer: ChunkWriter): Promise<Omit<Judged, 'outcome'>> {
    const lines = this.#lines;
    if (lines.length === 0) return { refused: [], stored: [] };
    this.#lines = [];
    this.#values = this.#bytes = 0;
    await writer.ensureMonths(lines.map(({ day }) => day));
    const { outcome, ...judged } = await writer.transaction((client) =>
      judgeAndWrite(
        async (sql, parameters) => (await client.query(sql, parameters)).rows,
        lines,
        writer.batch,
      ),
    );
    writer.tally.accepted += outcome.accepted;
    writer.tally.unchanged += outcome.unchanged;
    writer.tally.corrected += outcome.corrected;
    return judged;
  }
}

interface RefusedLine {
  line: number;
  fault: Fault;
  content: Buffer;
  meter: KnownMeter;
  day: number;
}

export interface Judged {
  /** Lines that contradict others. */
  refused: RefusedLine[];
  /** Of each other line the day, and how many readings it has. */
  stored: [day: number, readings: number][];
  outcome: DayOutcome;
}

async function judgeAndWrite(ask: Ask, lines: RegisterLine[], batch: string): Promise<Judged> {
  const byMeter = Map.groupBy(lines, ({ meter }) => meter);
  const meters = [...byMeter.keys()];
  await lockMeters(
    ask,
    meters.map(({ id }) => id),
  );
  const stored = await registersAround(
    ask,
    lines.map(({ meter, day }) => [meter.id, day]),
  );
  const counters = await countersOf(
    ask,
    meters.map((meter) => ({ ...meter, digits: meter.registerDigits })),
  );
  const judged: Judged = { refused: [], stored: [], outcome: { accepted: 0, unchanged: 0, corrected: 0 } };
  const raw: DayToWrite[] = [];
  const changes: Parameters<typeof blocksChanged>[1] = [];
  for (const [meter, own] of byMeter) {
    const before = new Timeline(stored.get(meter.id) ?? []);
    const after = before.copy();
    const ofMeter = counters.get(meter.id)!;
    for (const line of own) judgeLine(line, before, after, ofMeter, judged);
    const changed = [...new Set(own.map(({ day }) => day))].filter((day) => isChanged(day, before, after));
    for (const day of changed) raw.push({ ...after.get(day)!, owner: meter });
    changes.push({ owner: meter, before, after, counters: [ofMeter, ofMeter], days: changed });
  }
  await writeDays(ask, 'register_day', raw, batch);
  const blocks = await blocksChanged((days) => blocksOf(ask, days), changes);
  await writeBlocks(ask, blocks, batch);
  return judged;
}

function judgeLine(
  line: RegisterLine,
  before: Timeline,
  after: Timeline,
  counters: readonly Counter[],
  judged: Judged,
): void {
  const { day, slot, registers, meter } = line;
  const known = after.get(day);
  const next = candidate(line, known);
  const problem: Fault | null = 'reason' in next ? next : contradiction(next, after, line, counters);
  if (problem) {
    const { number, content } = line;
    judged.refused.push({ line: number, fault: problem, content, meter, day });
    return;
  }
  const stored = before.get(day);
  const earlier = slot === null ? stored?.registers : stored?.registers.slice(slot, slot + 1);
  judged.outcome[outcomeOf(earlier, registers)]++;
  judged.stored.push([day, registers.filter((register) => register !== null).length]);
}

function candidate(line: RegisterLine, known: RegisterDay | undefined): RegisterDay | Fault {
  const { day, interval, slot, registers } = line;
  if (slot === null) return { day, interval, registers };
  if (known && known.interval !== interval) {
    const detail = `the day is stored at ${known.interval} minutes, the meter is registered at ${interval}`;
    return fault('WRONG_INTERVAL_COUNT', detail);
  }
  const laid = known ? [...known.registers] : new Array<bigint | null>(1440 / interval).fill(null);
  laid[slot] = registers[0]!;
  return { day, interval, registers: laid };
}

/** Puts the day into the timeline, and takes it out again when it contradicts something there. */
function contradiction(
  next: RegisterDay,
  after: Timeline,
  line: RegisterLine,
  counters: readonly Counter[],
): Fault | null {
  const { day, slot } = line;
  const known = after.get(day);
  const given = line.registers.filter((register) => register !== null);
  if (given.some((register) => register < 0n || register >= LARGEST))
    return fault('BAD_NUMBER', 'a register is at least 0 and below 1,000,000,000');
  const { registerDigits } = line.meter;
  const isBeyond = (register: bigint): boolean => register >= 10n ** BigInt((registerDigits ?? 0) + 6);
  if (registerDigits !== null && counters.length === 1 && given.some(isBeyond))
    return fault('BAD_NUMBER', `the register has ${registerDigits} digits before the point`);
  after.set(next);
  const found = after.contradictionAt(day, slot, counters);
  if (!found) return null;
  if (known) after.set(known);
  else after.delete(day);
  const isNumber = found.what === 'INEXACT' || found.what === 'TOO_LARGE';
  const reason = isNumber ? 'BAD_NUMBER' : 'REGISTER_CONTRADICTION';
  return fault(reason, `at ${minuteText(found.at)} ${CONTRADICTIONS[found.what]}`);
}

function outcomeOf(earlier: (bigint | null)[] | undefined, given: (bigint | null)[]): keyof DayOutcome {
  if (earlier && isSame(earlier, given)) return 'unchanged';
  return !earlier || earlier.every((register) => register === null) ? 'accepted' : 'corrected';
}

function isChanged(day: number, before: Timeline, after: Timeline): boolean {
  const [one, other] = [before.get(day), after.get(day)];
  if (!other) return false;
  if (!one) return true;
  return one.interval !== other.interval || !isSame(one.registers, other.registers);
}

function isSame(one: (bigint | null)[], other: (bigint | null)[]): boolean {
  return one.length === other.length && one.every((register, slot) => register === other[slot]);
}
