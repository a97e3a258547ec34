import { unitOf } from '../../readings/unit-of-scale.js';
import { inMonth, isLastOfMonth, levelsBelow, monthAgainstDays } from './compared.js';
import { jumps, USUAL } from './jumps.js';
import { setting } from './setting.js';

const points = (block: string): string =>
  `metering.points_in(${block}.values, ${block}.present, of_day, ${block}.interval_minutes, time_zone)`;

/** Values of a day that lie in a run over midnight and that the day by itself has not marked. */
const RUN_PLACES = `select count(*) as places from metering.finding as run
        cross join lateral generate_series(case when run.date < of_day then 0 else first_interval end,
          case when run.last_date > of_day then 1440 / block.interval_minutes - 1 else last_interval end) as place
        where run.meter = block.meter and run.superseded_at is null and run.last_date > run.date
          and run.date <= of_day and run.last_date >= of_day
          and (place / 8 >= length(block.quality) or get_bit(block.quality, place) = 0)`;

/** The first day that a meter owes: from before it was in use, or was known here, it owes none. */
export const FIRST_DUE = 'greatest(installed_on, (registered_at at time zone time_zone)::date)';

const HAS_ENDED = 'now() >= ((of_day + 1)::timestamp at time zone time_zone)';
const DEADLINE = `((of_day + 1)::timestamp at time zone time_zone)
        + ${setting('LATE', 'hours')}::double precision * interval '1 hour'`;

/**
 * A meter's day, whether it came or not: one that is over and did not come has none of its points, from the first night
 * on. Days from before a meter owed any count once they came, and nobody is blamed for the rest. What came in time stays
 * so whatever is corrected later.
 */
const DAY_ROWS = `
    delete from metering.quality_day where date = of_day;
    insert into metering.quality_day (date, meter, area, subject, due, present, on_time, marked, is_calibrated,
        is_consistent, largest_per_hour, edition, version)
      select of_day, meter.id, coalesce(block.area, meter.area), coalesce(block.subject, meter.subject),
        metering.points_due(of_day, coalesce(block.interval_minutes, meter.interval_minutes), time_zone), known.present,
        case when deadline is null or block.recorded_at <= deadline then known.present
          else coalesce((select ${points('earlier')} from metering.day_block_superseded as earlier where earlier.date = of_day
            and earlier.meter = meter.id and earlier.recorded_at <= deadline order by version desc limit 1), 0) end,
        coalesce(bit_count(block.quality), 0) + run.places, metering.is_calibrated(meter.id, of_day), null,
        (select max(value) from unnest(block.values) as value) * 60.0 / block.interval_minutes
          * ${unitOf('block.scale')},
        by_edition, block.version
      from metering.meter as meter
      cross join lateral (select ${FIRST_DUE} as since) as use
      left join metering.day_block as block on block.date = of_day and block.meter = meter.id
      cross join lateral (select coalesce(${points('block')}, 0) as present) as known
      cross join lateral (${RUN_PLACES}) as run
      cross join lateral (select case when of_day >= since then ${DEADLINE} end as deadline) as until
      where coalesce(retired_on > of_day, true) and (block.meter is not null
        or of_day >= since and ${HAS_ENDED});`;

const WITHIN = `abs(days - reported) * 100 <= abs(reported) * ${setting('DAY_MONTH', 'tolerance')}`;

const CONSISTENT = `
    update metering.quality_day as day set is_consistent = ${WITHIN}
      from (${monthAgainstDays('of_day')}) as month where day.date = of_day and day.meter = month.meter;`;

const evidence = (members: Record<string, string>): string =>
  `jsonb_build_object(${Object.entries(members)
    .map(([name, value]) => `'${name}', (${value})::text`)
    .join(', ')})`;
const OF_DAY = `select meter, version, due, present, on_time, is_calibrated from metering.quality_day where date = of_day`;

/** What each rule of the night finds: meter, version and evidence. */
const WANTED: Record<string, string> = {
  MISSING_POINTS: `select meter, version, ${evidence({ due: 'due', present: 'present', missing: 'due - present' })}
      from (${OF_DAY}) as day where version is not null and present < due`,
  COMPLETENESS: `select meter, version, ${evidence({ due: 'due', present: 'present', least: setting('COMPLETENESS', 'least') })}
      from (${OF_DAY}) as day where version is not null and present * 100 < due * ${setting('COMPLETENESS', 'least')}`,
  NOT_UPLOADED: `select meter, version, ${evidence({ due: 'due' })} from (${OF_DAY}) as day
      join metering.meter as silent on silent.id = day.meter where version is null and now() > ${DEADLINE}`,
  TIMELINESS: `select meter, version, ${evidence({ due: 'due', onTime: 'on_time', least: setting('TIMELINESS', 'least') })}
      from (${OF_DAY}) as day where version is not null and on_time < present and on_time * 100 < due * ${setting('TIMELINESS', 'least')}`,
  CALIBRATION: `select day.meter, version, case when last.id is null then '{"certificate": "none"}' else
        ${evidence({ certificate: 'last.id', number: 'last.certificate_number', result: 'last.result', validUntil: 'last.valid_until' })} end
      from (${OF_DAY}) as day left join lateral metering.calibration_of(day.meter, of_day) as last on true where not is_calibrated`,
  COLLECTION_INTERVAL: `select day.meter, version, ${evidence({ interval: 'interval_minutes', longest: setting('COLLECTION_INTERVAL', 'minutes') })}
      from (${OF_DAY}) as day join metering.meter as known on known.id = day.meter
      where interval_minutes > ${setting('COLLECTION_INTERVAL', 'minutes')}`,
  INSTRUMENT_CHANGE: `select day.meter, version, ${evidence({ device: 'after.id', recordedOn: 'recorded_on', dueOn: 'due_on' })}
      from (${OF_DAY}) as day join metering.meter as known on known.id = day.meter
      join metering.device as after on after.meter = day.meter and (after.installed_at at time zone time_zone)::date = of_day
      cross join lateral (select (after.recorded_at at time zone time_zone)::date as recorded_on,
        metering.working_days(of_day, ${setting('INSTRUMENT_CHANGE', 'working_days')}::integer, known.area) as due_on) as told
      where recorded_on > due_on and exists (
        select from metering.device as before where before.meter = day.meter and before.removed_at <= after.installed_at)`,
  DAY_MONTH: `select month.meter, day.version, ${evidence({ reported: 'reported', days: 'days', tolerance: setting('DAY_MONTH', 'tolerance') })}
      from (${monthAgainstDays('of_day')}) as month join metering.quality_day as day on day.date = of_day and day.meter = month.meter
      where not is_consistent and ${isLastOfMonth('of_day')}`,
  BALANCE: `select meter, version, ${evidence({ total: 'total', below: 'below', meters: 'meters', tolerance: setting('BALANCE', 'tolerance') })}
      from (${levelsBelow('of_day')}) as balance where (below - total) * 100 > abs(total) * ${setting('BALANCE', 'tolerance')}`,
  REGISTER_BACKWARDS: `select day.meter, day.version, ${evidence({ batch: 'min(line.batch)', line: 'min(line.line)' })}
      from metering.quarantined_line as line join (${OF_DAY}) as day on day.meter = line.meter
      where line.day = of_day and line.reason = 'REGISTER_CONTRADICTION' and line.detail like '%shows less than before%'
        and day.present < day.due group by 1, 2`,
};

const listed = (rules: string[]): string => rules.map((rule) => `'${rule}'`).join(', ');

/** A finding that stays as it was is left alone, so that a pass over the same days again changes nothing. */
const findings = (rules: string[], among = ''): string => `
    create temporary table wanted_finding on commit drop as
      ${rules
        .map(
          (rule) =>
            `select '${rule}' as rule, it.* from (${WANTED[rule]}) as it (meter, version, evidence) ${among && `where ${among}`}`,
        )
        .join('\n      union all\n      ')};
    update metering.finding as stood set superseded_at = now()
      where stood.date = of_day and stood.found_by = 'NIGHTLY' and superseded_at is null
        and stood.rule in (${listed(rules)}) ${among && `and ${among}`} and not exists (
        select from wanted_finding as wanted where wanted.rule = stood.rule and wanted.meter = stood.meter
          and wanted.evidence = stood.evidence and wanted.version is not distinct from stood.version);
    insert into metering.finding (rule, edition, meter, area, subject, date, last_date, evidence, version, found_by)
      select wanted.rule, by_edition, wanted.meter, day.area, day.subject, of_day, of_day, wanted.evidence, wanted.version, 'NIGHTLY'
      from wanted_finding as wanted join metering.quality_day as day on day.date = of_day and day.meter = wanted.meter
      order by 1, 3
      on conflict (date, meter, rule, (last_date > date)) where superseded_at is null do nothing;
    drop table wanted_finding;`;

const RAN = `
    insert into metering.quality_night (date, edition, ran_at) values (of_day, by_edition, now())
      on conflict (date) do update set edition = excluded.edition, ran_at = excluded.ran_at;`;

/** The nightly pass over one day, in the body of a function that knows `of_day` and `by_edition`. */
export const NIGHT = DAY_ROWS + jumps(RUN_PLACES) + CONSISTENT + findings(Object.keys(WANTED)) + USUAL + RAN;

/** What a reported month and a certificate say of days that were judged before, of some `meters` of `of_month`. */
export const MONTH_COUNTS = `
    update metering.quality_day as day set is_calibrated = not is_calibrated
      where meter = any(meters) and ${inMonth('date', 'of_month')} and is_calibrated <> metering.is_calibrated(meter, date);
    update metering.quality_day as day set is_consistent = ${WITHIN}
      from (${monthAgainstDays('of_month', 'and meter = any(meters)')}) as month
      where ${inMonth('date', 'of_month')} and day.meter = month.meter;`;

/** And what the rules that rest on it find, of those `meters` on one day. */
export const FOUND_AGAIN = findings(['CALIBRATION', 'DAY_MONTH', 'INSTRUMENT_CHANGE'], 'meter = any(meters)');
