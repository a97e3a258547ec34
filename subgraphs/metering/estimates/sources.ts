import type { Session } from '../../runtime/session.js';
import type { MeterKind } from '../entities.js';
import { dateText, dayNumber, Zone } from '../readings/calendar.js';
import { readDecimal } from '../readings/decimals.js';
import { millionths } from '../readings/registers/consumption.js';
import type { MeasuredDay } from './making/gaps.js';
import { PROFILE_DAYS, REJECTING_RULES } from './making/methods.js';

/** A meter as estimating has to know it. */
export interface MeterKnown {
  id: string;
  area: string;
  subject: string;
  kind: MeterKind;
  interval: number;
  timeZone: string;
  /** The day that it is on the meter's own clock. */
  today: string;
  isSeenAsMetered: boolean;
}

const METER = `select id, area, subject, kind, interval_minutes as interval, time_zone as "timeZone",
    (now() at time zone time_zone)::date::text as today, metering.sees_as_metered(id) as "isSeenAsMetered"
  from metering.meter where id = $1`;

const BLOCKS = `select date::text, version, interval_minutes as interval, scale, values::text[] as values,
    encode(quality, 'hex') as quality
  from metering.day_block where meter = $1 and date between $2 and $3`;

/** Of a day by itself the bitmap tells the values; a run over midnight is all that lies in it (0022). */
const FINDINGS = `select rule, date::text, first_interval as first, last_date::text as "lastDate", last_interval as last
  from metering.finding where meter = $1 and date <= $3 and last_date >= $2 and superseded_at is null
    and first_interval is not null and (rule = $4 or last_date > date)`;

const REGISTERS = `select date::text, interval_minutes as interval, values::text[] as values
  from metering.register_day where meter = $1 and date between $2 and $3`;

const WORKING = `select day::date::text as date from generate_series($2::timestamp, $3, interval '1 day') as day
  where metering.is_working_day(day::date, $1)`;

const LEAST = `select value::text from metering.quality_value
  join metering.quality_edition on number = edition and status = 'ADOPTED' where rule = 'NEGATIVE' and name = 'limit'`;

interface BlockRow {
  date: string;
  version: number;
  interval: number;
  scale: number;
  values: (string | null)[];
  quality: string | null;
}

interface SpanRow {
  rule: string;
  date: string;
  first: number;
  lastDate: string;
  last: number;
}

type RegisterRow = Pick<BlockRow, 'date' | 'interval' | 'values'>;

interface Rows {
  blocks: BlockRow[];
  spans: SpanRow[];
  registers: RegisterRow[];
  working: { date: string }[];
  least: string;
}

/** What was measured of a meter around some days, and what is known of those days. */
export class KnownDays {
  readonly #meter: MeterKnown;
  readonly #rule: string;
  readonly #spans: SpanRow[];
  readonly #blocks: Map<string, BlockRow>;
  readonly #registers: Map<string, RegisterRow>;
  readonly #working: Set<string>;
  readonly #zone: Zone;
  readonly #days = new Map<string, MeasuredDay>();
  readonly least: bigint;

  private constructor(meter: MeterKnown, rule: string, rows: Rows) {
    this.#meter = meter;
    this.#rule = rule;
    this.#spans = rows.spans;
    this.#blocks = byDate(rows.blocks);
    this.#registers = byDate(rows.registers);
    this.#working = new Set(rows.working.map(({ date }) => date));
    this.#zone = new Zone(meter.timeZone);
    this.least = inMillionths(rows.least);
  }

  static meter(session: Session, id: string): Promise<MeterKnown | undefined> {
    return session.rows<MeterKnown>(METER, [id]).then(([meter]) => meter);
  }

  /** @param rule that of the case: what it rejects is as good as missing. */
  static async load(
    session: Session,
    meter: MeterKnown,
    rule: string,
    from: string,
    to: string,
  ): Promise<KnownDays> {
    const span = [shifted(from, -PROFILE_DAYS - 1), shifted(to, 1)];
    const [least] = await session.rows<{ value: string }>(LEAST);
    return new KnownDays(meter, rule, {
      blocks: await session.rows<BlockRow>(BLOCKS, [meter.id, ...span]),
      spans: await session.rows<SpanRow>(FINDINGS, [meter.id, ...span, rule]),
      registers: await session.rows<RegisterRow>(REGISTERS, [meter.id, ...span]),
      working: await session.rows<{ date: string }>(WORKING, [meter.area, ...span]),
      least: least!.value,
    });
  }

  isWorking(date: string): boolean {
    return this.#working.has(date);
  }

  /** The interval at which a day came, or null. */
  intervalOf(date: string): number | null {
    return this.#blocks.get(date)?.interval ?? null;
  }

  /** A day at an interval; one that came at another, or not at all, has nothing measured. */
  at(date: string, interval: number): MeasuredDay {
    const key = `${date} ${interval}`;
    const known = this.#days.get(key);
    if (known) return known;
    const block = this.#blocks.get(date);
    const day =
      block && block.interval !== interval ? otherwise(date, interval) : this.#read(date, interval, block);
    this.#days.set(key, day);
    return day;
  }

  #read(date: string, interval: number, block: BlockRow | undefined): MeasuredDay {
    const length = 1440 / interval;
    const scale = block?.scale ?? 0;
    const factor = 10n ** BigInt(6 - scale);
    const values = Array.from({ length }, (_, place) => {
      const value = block?.values[place] ?? null;
      return value === null ? null : BigInt(value) * factor;
    });
    const marks = Buffer.from(block?.quality ?? '', 'hex');
    const isMarked = (place: number): boolean => ((marks[place >> 3] ?? 0) & (1 << (place & 7))) !== 0;
    const spansAt = (place: number): SpanRow[] => this.#spans.filter((span) => covers(span, date, place));
    const isRejected = (place: number): boolean =>
      this.#rejects() &&
      spansAt(place).some((span) => span.rule === this.#rule && (isOverMidnight(span) || isMarked(place)));
    const isFound = (place: number): boolean => isMarked(place) || spansAt(place).some(isOverMidnight);
    const shift = this.#zone.shiftOn(dayNumber(date));
    const isSkipped = (place: number): boolean =>
      shift !== null && shift.isGap && place * interval >= shift.from && place * interval < shift.until;
    const isRead = values.map((_, place) => this.#isRead(date, interval, place));
    const isWhole = (place: number): boolean =>
      this.#meter.kind === 'INTERVAL' ||
      (isRead[place]! &&
        (place > 0 ? isRead[place - 1]! : this.#isRead(shifted(date, -1), interval, length - 1)));
    return {
      date,
      version: block?.version ?? null,
      interval,
      decimals: scale,
      values,
      isOpen: values.map((value, place) => (value === null ? !isSkipped(place) : isRejected(place))),
      isUsable: values.map((value, place) => value !== null && !isFound(place) && isWhole(place)),
      isRead,
    };
  }

  /** Of a counter nothing is rejected: its differences are what it counted. */
  #rejects(): boolean {
    return this.#meter.kind === 'INTERVAL' && REJECTING_RULES.some((known) => known === this.#rule);
  }

  #isRead(date: string, interval: number, place: number): boolean {
    const register = this.#registers.get(date);
    return register?.interval === interval && (register.values[place] ?? null) !== null;
  }
}

function otherwise(date: string, interval: number): MeasuredDay {
  const none = Array.from({ length: 1440 / interval }, () => false);
  const values = none.map(() => null);
  return { date, version: null, interval, decimals: 0, values, isOpen: none, isUsable: none, isRead: none };
}

function isOverMidnight({ date, lastDate }: SpanRow): boolean {
  return lastDate > date;
}

function covers(span: SpanRow, date: string, place: number): boolean {
  const isBegun = span.date < date || (span.date === date && span.first <= place);
  return isBegun && (date < span.lastDate || (date === span.lastDate && place <= span.last));
}

function byDate<Row extends { date: string }>(rows: Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.date, row]));
}

export function shifted(date: string, days: number): string {
  return dateText(dayNumber(date) + days);
}

/** @throws RangeError where it is no decimal of at most six places. */
export function inMillionths(text: string): bigint {
  const read = readDecimal(text);
  if (typeof read === 'string') throw new RangeError(read);
  return millionths(read.mantissa, read.decimals);
}
