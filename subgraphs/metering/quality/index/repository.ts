import { Refusal } from '../../../../gateway/errors.js';
import { areaPrefix } from '../../../../gateway/policy/areas.js';
import { asRefusal, type Session } from '../../../runtime/session.js';
import { checkCounts } from '../../rollups/whole-number.js';
import { QualityIndex, ReportedMonth } from './entities.js';
import type { QualityIndexArguments, ReportedMonthInput } from './inputs.js';

const MOST_DAYS = 366;
const DAY_MILLISECONDS = 86_400_000;

const percent = (part: string, of: string): string => `round(100.0 * ${part} / nullif(${of}, 0), 2)`;
const INDICES = {
  completeness: percent('present', 'due'),
  online: percent('on_time', 'due'),
  timeliness: percent('on_time', 'present'),
  accuracy: percent('calibrated', 'meter_days'),
  validity: percent('(present - marked)', 'present'),
  consistency: percent('consistent', 'compared'),
};
/** By what each index weighs; the composite of what is known of them. */
const WEIGHED: [index: keyof typeof INDICES, weight: string][] = [
  ['online', 'completeness_weight'],
  ['timeliness', 'timeliness_weight'],
  ['accuracy', 'accuracy_weight'],
  ['validity', 'validity_weight'],
  ['consistency', 'consistency_weight'],
];
const weighed = (of: (index: string, weight: string) => string): string =>
  WEIGHED.map(([index, weight]) => of(index, `(weights ->> '${weight}')::numeric`)).join(' + ');

/** One row a day and one for all of them, with date null; by subject and area what was told of whom. */
const SUMS = `
  with day as materialized (
    select * from metering.quality_day
    where date between $1 and $2 and ($3::text is null or meter = $3) and ($4::text is null or subject = $4)
      and ($5::text is null or starts_with(area, $5))
  ), sums as (
    select date, subject, area, count(*) as meter_days, sum(due) as due, sum(present) as present, sum(on_time) as on_time,
      sum(marked) as marked, count(*) filter (where is_calibrated) as calibrated,
      count(*) filter (where is_consistent) as consistent, count(is_consistent) as compared, grouping(date, subject) as level
    from day group by grouping sets ((), (date), (subject, area))
  ), index as (
    select sums.*, ${Object.entries(INDICES)
      .map(([name, sql]) => `${sql} as ${name}`)
      .join(', ')}
    from sums
  ), rules as (
    select jsonb_object_agg(name, value) as weights, bool_and(verified) as verified
    from metering.quality_value join metering.quality_edition on number = edition and status = 'ADOPTED'
    where rule = 'INDEX' and name like '%weight'
  )
  select date::text, subject, area, level, meter_days::float8 as "meterDays", coalesce(due, 0)::float8 as due,
    coalesce(present, 0)::float8 as present, coalesce(on_time, 0)::float8 as "onTime",
    coalesce(marked, 0)::float8 as marked, completeness::text, online::text as "onlineCompleteness", timeliness::text,
    accuracy::text, validity::text, consistency::text, verified as "isVerified",
    round((${weighed((index, weight) => `coalesce(${index} * ${weight}, 0)`)})
      / nullif(${weighed((index, weight) => `case when ${index} is null then 0 else ${weight} end`)}, 0), 2)::text as composite
  from index cross join rules order by level desc, date`;

/** Levels of grouping(date, subject). */
const OF_ALL = 3;
const OF_DAY = 1;

type Row = QualityIndex & { date: string | null; subject: string | null; area: string | null; level: number };

export class QualityIndexRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The index of all days together. @throws Refusal BAD_USER_INPUT, QUERY_TOO_WIDE */
  async total(args: QualityIndexArguments): Promise<QualityIndex> {
    const { from, to } = args;
    const all = (await this.#rows(args)).find(({ level }) => level === OF_ALL)!;
    return indexOf(all, from, to);
  }

  /** The index of each day that was judged. @throws Refusal BAD_USER_INPUT, QUERY_TOO_WIDE */
  async byDay(args: QualityIndexArguments): Promise<QualityIndex[]> {
    const days = (await this.#rows(args)).filter(({ level }) => level === OF_DAY);
    return days.map((row) => indexOf(row, row.date!, row.date!));
  }

  /** Adds what was reported of months, all or none; said again, the last word counts. */
  async report(inputs: ReportedMonthInput[]): Promise<ReportedMonth[]> {
    for (const { month } of inputs)
      if (!month.endsWith('-01'))
        throw new Refusal('BAD_USER_INPUT', { message: `month: ${month} is no first day of a month.` });
    try {
      return await this.#session.entities(
        ReportedMonth,
        `insert into metering.reported_month (meter, month, value)
         select * from unnest($1::text[], $2::date[], $3::numeric[]) returning *`,
        [
          inputs.map(({ meterId }) => meterId),
          inputs.map(({ month }) => month),
          inputs.map(({ value }) => value),
        ],
      );
    } catch (error) {
      throw asRefusal(error);
    }
  }

  async #rows({ from, to, meterId, enterpriseUscc, area }: QualityIndexArguments): Promise<Row[]> {
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MILLISECONDS + 1;
    if (days < 1 || days > MOST_DAYS)
      throw new Refusal('BAD_USER_INPUT', {
        message: `to: 1 to ${MOST_DAYS} days from the first, were ${days}.`,
      });
    const prefix = area ? areaPrefix(area) : null;
    const rows = await this.#session.rows<Row>(SUMS, [
      from,
      to,
      meterId ?? null,
      enterpriseUscc ?? null,
      prefix,
    ]);
    for (const { subject, area: of, meterDays } of rows)
      if (subject !== null && of !== null)
        this.#session.disclosed({ category: 'quality', subject, area: of, values: meterDays });
    return rows;
  }
}

function indexOf(row: Row, from: string, to: string): QualityIndex {
  checkCounts(row.due, row.present);
  return Object.assign(new QualityIndex(), row, { from, to });
}
