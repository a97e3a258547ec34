import { unitOf } from '../../readings/unit-of-scale.js';

/** Rules about runs of values alike: zeros by time, other values by count. */
export const RUN_RULES = `('STUCK', 'ZERO_RUN')`;

/**
 * The setting in which an upload says beforehand, for its transaction, which of the days that it is about to write are
 * edges: `meter=date` of each, apart by blanks.
 */
export const TOLD_EDGES = 'hub.edges';

/** Days that may hold one run: of one meter, of one owner, cut into the same intervals. */
const alike = (one: string, other: string): string =>
  ['meter', 'interval_minutes', 'area', 'subject']
    .map((column) => `${one}.${column} = ${other}.${column}`)
    .join(' and ');
const first = (block: string): string => `${block}.values[1] * ${unitOf(`${block}.scale`)}`;
const last = (block: string): string =>
  `${block}.values[cardinality(${block}.values)] * ${unitOf(`${block}.scale`)}`;
export const isSameOverMidnight = (earlier: string, later: string): string =>
  `${last(earlier)} = ${first(later)}`;
const isWhole = (block: string): string => `coalesce(${block}.values[1] = all(${block}.values), false)`;

/** Whether a run in force goes over what was found in a day by itself. */
export const isInRun = (part: string, first = 'first_interval', last = 'last_interval'): string =>
  `exists (select from metering.finding as run where run.meter = ${part}.meter and run.rule = ${part}.rule
        and run.superseded_at is null and run.last_date > run.date
        and (run.date, run.first_interval) <= (${part}.date, ${part}.${first})
        and (run.last_date, run.last_interval) >= (${part}.date, ${part}.${last}))`;

/** A finding in force may be jumped over: what it spans is one value. */
const known = (end: 'date' | 'last_date', day: string): string => `(
        select ${end} from metering.finding as known where known.meter = walked.meter and superseded_at is null
          and last_date > date and rule in ${RUN_RULES} and ${
            end === 'date'
              ? `date < ${day} and (last_date > ${day}
            or last_date = ${day} and last_interval = 1440 / walked.interval_minutes - 1)`
              : `last_date > ${day} and (date < ${day} or date = ${day} and first_interval = 0)`
          } limit 1)`;

/**
 * A day of a meter, looked for by its key alone. Only months of the days from `since` to `until` are looked at: of all
 * that there are, each costs a little every time.
 */
const dayOf = (block: string, date: string, meter: string): string => `lateral (
        select date, meter, area, subject, interval_minutes, scale, values, batch, version from metering.day_block
        where day_block.date = ${date} and day_block.meter = ${meter} and day_block.date between since and until
        offset 0) as ${block}`;

/**
 * The runs that go over the midnights before the given days, each once, over as many days as are stored one after the
 * other. What is asked of one meter day by day is walked once: from where it begins.
 */
export const RUNS_OVER = `
    with recursive midnight as (
      select later.meter, later.date, later.area, later.subject, later.interval_minutes, ${first('later')} as value,
        ${isWhole('earlier')} as goes_on
      from (select distinct asked.meter, asked.date from unnest(meters, dates) as asked (meter, date)) as asked
      cross join ${dayOf('later', 'asked.date', 'asked.meter')}
      join ${dayOf('earlier', 'asked.date - 1', 'asked.meter')} on ${alike('earlier', 'later')}
      where ${isSameOverMidnight('earlier', 'later')}
    ), begun as (
      select meter, date, area, subject, interval_minutes, value, goes_on
      from (select *, lag(date) over (partition by meter order by date) = date - 1 as follows from midnight) as walked
      where not (goes_on and coalesce(follows, false))
    ), back as (
      select walked.*, coalesce(${known('date', 'walked.date - 1')}, walked.date - 1) as day from begun as walked
      union all
      select walked.meter, walked.date, walked.area, walked.subject, walked.interval_minutes, walked.value, walked.goes_on,
        coalesce(${known('date', 'walked.day - 1')}, walked.day - 1)
      from back as walked
      join ${dayOf('whole', 'walked.day', 'walked.meter')} on ${alike('whole', 'walked')} and ${isWhole('whole')}
      join ${dayOf('earlier', 'walked.day - 1', 'walked.meter')} on ${alike('earlier', 'walked')}
        and ${last('earlier')} = walked.value
    ), forth as (
      select walked.*, coalesce(${known('last_date', 'walked.date')}, walked.date) as day from begun as walked
      union all
      select walked.meter, walked.date, walked.area, walked.subject, walked.interval_minutes, walked.value, walked.goes_on,
        coalesce(${known('last_date', 'walked.day + 1')}, walked.day + 1)
      from forth as walked
      join ${dayOf('whole', 'walked.day', 'walked.meter')} on ${alike('whole', 'walked')} and ${isWhole('whole')}
      join ${dayOf('later', 'walked.day + 1', 'walked.meter')} on ${alike('later', 'walked')}
        and ${first('later')} = walked.value
    ), span as materialized (
      select meter, area, subject, interval_minutes, value, min(day) as first_date, max(day) as last_date
      from (table back union all table forth) as walked
      group by date, meter, area, subject, interval_minutes, value
    )
    select distinct span.meter, span.area, span.subject, span.first_date,
      (select coalesce(max(place), 0) from generate_subscripts(head.values, 1) as place
        where head.values[place] is distinct from head.values[cardinality(head.values)])::smallint as first_interval,
      span.last_date,
      (select coalesce(min(place), cardinality(tail.values) + 1) - 2 from generate_subscripts(tail.values, 1) as place
        where tail.values[place] is distinct from tail.values[1])::smallint as last_interval,
      span.interval_minutes, span.value, head.batch, head.version
    from span cross join ${dayOf('head', 'span.first_date', 'span.meter')}
    cross join ${dayOf('tail', 'span.last_date', 'span.meter')}`;
