import { Refusal } from '../../../gateway/errors.js';
import type { BulkSession } from '../../runtime/bulk.js';
import type {
  ApplyOutcome,
  Comparison,
  Correctable,
  CorrectedValues,
  CorrectionTarget,
} from '../../runtime/corrections.js';
import { type Ask, judgeWritten } from '../quality/judging/judge-stored.js';
import { bigDecimalText } from '../readings/decimal-text.js';
import { readDecimal } from '../readings/decimals.js';
import { DaySeries, INTERVALS } from '../readings/series.js';
import { MINUTES_A_DAY } from '../readings/calendar.js';

/** A day as it is stored: integers at a scale, as text because PostgreSQL's are larger than JavaScript's. */
interface StoredDay {
  area: string;
  subject: string;
  version: number;
  interval: number;
  scale: number;
  values: (string | null)[];
}

/** The members of a day's `before` and `after`. */
interface DayValues {
  interval: number;
  /** Exact decimals from local midnight on, null where missing. */
  values: (string | null)[];
}

/** Corrections of a meter's day: the values as a whole, which become its next version. */
export const correctableDays: Correctable = {
  schema: 'metering',
  compare: async (session, target, after) => {
    const { meter, date } = dayOf(target);
    const series = settled(dayValues(after));
    const sql = 'select metering.day_to_correct($1, $2) as day';
    const [row] = await rows<{ day: StoredDay | null }>(session, sql, [meter, date]);
    const stored = row?.day;
    if (!stored) return null;
    const { area, subject, version, interval, scale, values } = stored;
    return {
      area,
      subject,
      version,
      before: { interval, values: decimals(values, scale) },
      after: { interval: dayValues(after).interval, values: decimals(integers(series), series.scale) },
    } satisfies Comparison;
  },
  apply: async (session, { correction, proposedBy, target, after, version }) => {
    const { meter, date } = dayOf(target);
    const wanted = dayValues(after);
    const series = settled(wanted);
    const sql = `select outcome, new_version as version
      from metering.correct_day($1, $2, $3, $4, $5, $6, $7, $8::text[]::bigint[], $9, $10)`;
    const parameters = [
      correction,
      proposedBy,
      meter,
      date,
      version,
      wanted.interval,
      series.scale,
      integers(series),
      String(series.total),
      series.present,
    ];
    return session.transaction(async (client) => {
      const ask: Ask = async (text, bound) => (await client.query(text, bound)).rows;
      const [answer] = await ask<ApplyOutcome>(sql, parameters);
      if (answer!.outcome === 'APPLIED') await judgeWritten(ask, [{ meter, date }]);
      return answer!;
    });
  },
};

async function rows<Row extends object>(
  session: BulkSession,
  sql: string,
  parameters: unknown[],
): Promise<Row[]> {
  return (await session.transaction((client) => client.query<Row>(sql, parameters))).rows;
}

function dayOf({ kind, record, date }: CorrectionTarget): { meter: string; date: string } {
  if (kind === 'METER_DAY' && date !== null) return { meter: record, date };
  throw new Refusal('BAD_USER_INPUT', { message: 'metering corrects days of meters: name meter and date.' });
}

/** The other room passes on what a caller wrote, so it is read as a stranger's. */
function dayValues({ interval, values }: CorrectedValues): DayValues {
  if (!INTERVALS.includes(Number(interval)))
    throw new Refusal('BAD_USER_INPUT', {
      message: `interval: must be one of ${INTERVALS.join(', ')} minutes.`,
    });
  const due = MINUTES_A_DAY / Number(interval);
  if (!Array.isArray(values) || values.length !== due)
    throw new Refusal('BAD_USER_INPUT', {
      message: `values: at ${Number(interval)} minutes a day has ${due}.`,
    });
  return { interval: Number(interval), values: values as DayValues['values'] };
}

/** The values as an upload of the same would store them. */
function settled({ values }: DayValues): DaySeries {
  const series = new DaySeries(values.length);
  for (const [place, value] of values.entries()) {
    const decimal = value === null ? null : readDecimal(String(value));
    if (typeof decimal === 'string')
      throw new Refusal('BAD_USER_INPUT', { message: `values: number ${place + 1} ${decimal}.` });
    series.push(decimal);
  }
  if (series.settle()) return series;
  throw new Refusal('BAD_USER_INPUT', {
    message: 'values: too large to be kept exactly beside each other.',
  });
}

function integers({ values, length }: DaySeries): (string | null)[] {
  return Array.from(values.subarray(0, length), (value) =>
    Number.isNaN(value) ? null : BigInt(value).toString(),
  );
}

function decimals(values: (string | null)[], scale: number): (string | null)[] {
  return values.map((value) => (value === null ? null : bigDecimalText(BigInt(value), scale)));
}
