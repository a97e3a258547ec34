import { judgeWritten } from '../../quality/judging/judge-stored.js';
import { dateText, type Zone } from '../calendar.js';
import { readDecimal } from '../decimals.js';
import { DaySeries } from '../series.js';
import { type Counter, millionths, type RegisterDay } from './consumption.js';

/** One statement in the transaction of whoever asks: a bulk door's or a mutation's. */
export type Ask = <Row extends object>(sql: string, parameters: unknown[]) => Promise<Row[]>;

/** Of whom a meter's rows are, as they are written. */
export interface Owner {
  id: string;
  area: string;
  subject: string;
}

/**
 * Who writes readings of a meter has it to itself until the transaction ends: what was used depends on what others
 * write of the days beside. Meters share 256 locks, taken in one order, so that nobody waits crosswise.
 */
const LOCK = `
  select pg_advisory_xact_lock(hashtext('metering.register_day'), bucket)
  from (select distinct hashtext(meter) & 255 as bucket from unnest($1::text[]) as asked (meter) order by 1) as buckets`;

/** The days asked for, and of each the nearest before and after with a reading. */
const AROUND = `
  with asked as (
    select distinct meter, date from unnest($1::text[], $2::date[]) as one (meter, date)
  ), wanted as (
    select meter, date from asked
    union
    select asked.meter, near.date from asked cross join lateral (
      select date from metering.register_day as other
      where other.meter = asked.meter and other.date < asked.date and other.present > 0 order by date desc limit 1) as near
    union
    select asked.meter, near.date from asked cross join lateral (
      select date from metering.register_day as other
      where other.meter = asked.meter and other.date > asked.date and other.present > 0 order by date limit 1) as near
  )
  select meter, (date - '2000-01-01')::integer as day, interval_minutes as interval, scale, values::text[] as values
  from wanted join metering.register_day using (meter, date)`;

const FROM_DAY = `
  select meter, (date - '2000-01-01')::integer as day, interval_minutes as interval, scale, values::text[] as values
  from metering.register_day where meter = $1 and (date >= $2::date
    or date = (select max(date) from metering.register_day where meter = $1 and date < $2::date and present > 0))`;

const BLOCKS = `
  select meter, (date - '2000-01-01')::integer as day, interval_minutes as interval, scale, values::text[] as values
  from unnest($1::text[], $2::date[]) as asked (meter, date) join metering.day_block using (meter, date)
  order by date, meter for update of day_block`;

const COUNTERS = `select * from metering.counters_of($1)`;

interface StoredRow {
  meter: string;
  day: number;
  interval: number;
  scale: number;
  values: (string | null)[];
}

interface CounterRow {
  meter: string;
  /** Minutes since 2000-01-01T00:00Z. */
  installed: number;
  first_register: string | null;
  removed: number | null;
  last_register: string | null;
  register_digits: number | null;
  multiplier: string;
}

/** Integers at a scale as millionths. */
function inMillionths(values: (string | null)[], scale: number): (bigint | null)[] {
  const factor = 10n ** BigInt(6 - scale);
  return values.map((value) => (value === null ? null : BigInt(value) * factor));
}

function dayOf({ day, interval, scale, values }: StoredRow): RegisterDay {
  return { day, interval, registers: inMillionths(values, scale) };
}

export function lockMeters(ask: Ask, meters: string[]): Promise<unknown> {
  return ask(LOCK, [meters]);
}

type MeterDay = [meter: string, day: number];

/** Stored readings by meter: the days asked for and their neighbours. */
export async function registersAround(ask: Ask, days: MeterDay[]): Promise<Map<string, RegisterDay[]>> {
  const rows = await ask<StoredRow>(AROUND, columnsOf(days));
  return mapGroups(rows);
}

/** Stored readings of a meter from a day on, and the day with a reading before. */
export async function registersFrom(ask: Ask, meter: string, day: number): Promise<RegisterDay[]> {
  return (await ask<StoredRow>(FROM_DAY, [meter, dateText(day)])).map(dayOf);
}

/** Stored consumption, kept from other writers; keys are `day meter`. */
export async function blocksOf(ask: Ask, days: MeterDay[]): Promise<Map<string, RegisterDay>> {
  const rows = await ask<StoredRow>(BLOCKS, columnsOf(days));
  return new Map(rows.map((row) => [`${row.day} ${row.meter}`, dayOf(row)]));
}

function columnsOf(days: MeterDay[]): [string[], string[]] {
  return [days.map(([meter]) => meter), days.map(([, day]) => dateText(day))];
}

function mapGroups(rows: StoredRow[]): Map<string, RegisterDay[]> {
  const groups = Map.groupBy(rows, ({ meter }) => meter);
  return new Map([...groups].map(([meter, some]) => [meter, some.map(dayOf)]));
}

/** What stands for the appliance where none is recorded. */
export interface CounterOfMeter {
  id: string;
  zone: Zone;
  digits: number | null;
  multiplier: string;
}

/** The counters of each meter in the order of time; before the first device, and without one, the meter's own. */
export async function countersOf(ask: Ask, meters: CounterOfMeter[]): Promise<Map<string, Counter[]>> {
  const rows = await ask<CounterRow>(COUNTERS, [meters.map(({ id }) => id)]);
  const byMeter = Map.groupBy(rows, ({ meter }) => meter);
  return new Map(meters.map((meter) => [meter.id, withOwn(meter, byMeter.get(meter.id) ?? [])]));
}

function withOwn({ zone, digits, multiplier }: CounterOfMeter, rows: CounterRow[]): Counter[] {
  const devices = rows.map((row) => ({
    from: zone.local(row.installed),
    until: row.removed === null ? Infinity : zone.local(row.removed),
    first: decimal(row.first_register),
    last: decimal(row.last_register),
    digits: row.register_digits,
    multiplier: decimal(row.multiplier)!,
  }));
  const own = { from: -Infinity, until: devices[0]?.from ?? Infinity, first: null, last: null };
  return [{ ...own, digits, multiplier: decimal(multiplier)! }, ...devices];
}

function decimal(text: string | null): bigint | null {
  if (text === null) return null;
  const read = readDecimal(text);
  if (typeof read === 'string') throw new RangeError(`a stored register ${read}`);
  return millionths(read.mantissa, read.decimals);
}

/** A day to write. */
export interface DayToWrite extends RegisterDay {
  owner: Owner;
}

/** As rows are stored: integers at the smallest scale that holds all exactly. Null when one is too large. */
export function seriesOf(registers: (bigint | null)[]): DaySeries | null {
  const series = new DaySeries(registers.length);
  for (const value of registers) {
    let mantissa = value;
    let decimals = 6;
    while (mantissa !== null && decimals > 0 && mantissa % 10n === 0n) {
      mantissa /= 10n;
      decimals--;
    }
    if (mantissa !== null && (mantissa > 9_000_000_000_000_000n || mantissa < -9_000_000_000_000_000n))
      return null;
    series.push(mantissa === null ? null : { mantissa: Number(mantissa), decimals });
  }
  return series.settle() ? series : null;
}

const write = (table: string, key: string, total: string): string => `
  insert into metering.${table} as stored (date, meter, area, subject, interval_minutes, scale, values, present, batch${total && ', total'})
  select date, meter, area, subject, interval_minutes, scale, values::bigint[], present, $9${total && ', total'}
  from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::smallint[], $7::text[], $8::smallint[], $10::bigint[])
    as one (date, meter, area, subject, interval_minutes, scale, values, present, total)
  order by date, meter
  on conflict (${key}) do update set interval_minutes = excluded.interval_minutes, scale = excluded.scale, values = excluded.values,
    present = excluded.present, batch = excluded.batch${total && ', total = excluded.total, quality = null'}
  where (stored.values, stored.scale, stored.interval_minutes)
    is distinct from (excluded.values, excluded.scale, excluded.interval_minutes)`;

const WRITE = {
  register_day: write('register_day', 'meter, date', ''),
  day_block: write('day_block', 'date, meter', 'total'),
};

/** Writes days; one that is as it was stays as it is. */
export async function writeDays(
  ask: Ask,
  table: keyof typeof WRITE,
  days: DayToWrite[],
  batch: string,
): Promise<void> {
  if (days.length === 0) return;
  const series = days.map(({ registers }) => seriesOf(registers)!);
  await ask(WRITE[table], [
    days.map(({ day }) => dateText(day)),
    days.map(({ owner }) => owner.id),
    days.map(({ owner }) => owner.area),
    days.map(({ owner }) => owner.subject),
    days.map(({ interval }) => interval),
    series.map(({ scale }) => scale),
    series.map(arrayText),
    series.map(({ present }) => present),
    batch,
    series.map(({ total }) => String(total)),
  ]);
}

/** Writes consumption and judges it, as what an upload brings by itself is judged. */
export async function writeBlocks(ask: Ask, blocks: DayToWrite[], batch: string): Promise<void> {
  await writeDays(ask, 'day_block', blocks, batch);
  await judgeWritten(
    ask,
    blocks.map(({ owner, day }) => ({ meter: owner.id, date: dateText(day) })),
  );
}

function arrayText({ values, length }: DaySeries): string {
  const texts = Array.from(values.subarray(0, length), (value) =>
    Number.isNaN(value) ? 'NULL' : BigInt(value).toString(),
  );
  return `{${texts.join(',')}}`;
}
