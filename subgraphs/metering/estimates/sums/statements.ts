import { unitOf } from '../../readings/unit-of-scale.js';
import {
  AS_OF,
  ASKED,
  blocks,
  FROM,
  isItem,
  KEYS,
  type Of,
  SELECTIONS,
  STARTS,
  TO,
} from '../../rollups/parts.js';
import type { Step } from '../../rollups/periods.js';

/** The estimates in force now, or at a moment. */
function inForce(isAsOf: boolean): string {
  return isAsOf
    ? `recorded_at <= ${AS_OF} and (superseded_at is null or superseded_at > ${AS_OF})`
    : 'superseded_at is null';
}

function ofDays(of: Of, isAsOf: boolean): string {
  const { block, blockKey } = SELECTIONS[of];
  return `
    select block.date, ${blockKey} as key, unit, block.subject, block.area, block.total * ${unitOf('block.scale')} as total,
      block.replaced_total * ${unitOf('block.scale')} as replaced, block.estimated, null::integer as hour,
      block.values, block.replaced as stood, block.interval_minutes, block.scale
    from metering.visible_estimate_day as block join metering.meter on meter.id = block.meter
    where block.date between ${FROM} and ${TO} and ${block} and ${isItem('meter')} and block.estimated > 0
      and ${inForce(isAsOf)}`;
}

/** Days that are known only whole are in no hour. Estimates are few: each value is looked at. */
function ofHours(of: Of, isAsOf: boolean): string {
  return `
    select date, key, unit, subject, area, hourly.total * ${unitOf('block.scale')} as total,
      hourly.replaced * ${unitOf('block.scale')} as replaced, hourly.estimated, hourly.hour
    from (${ofDays(of, isAsOf)}) as block cross join lateral (
      select (place - 1) * block.interval_minutes / 60 as hour, sum(block.values[place]) as total,
        coalesce(sum(block.stood[place]), 0) as replaced, count(*) as estimated
      from generate_subscripts(block.values, 1) as place where block.values[place] is not null group by 1
    ) as hourly
    where block.interval_minutes <= 60`;
}

/** Exact sums of estimates by key, period and unit, and whose they are, as sums of measured values are made. */
export function estimatesStatement(of: Of, step: Step | null, isAsOf: boolean): string {
  const parts = step === 'HOUR' ? ofHours(of, isAsOf) : ofDays(of, isAsOf);
  return `${ASKED}
    select key, start::text as "from", hour, unit, subject, area, trim_scale(sum(total))::text as total,
      trim_scale(sum(replaced))::text as "replacedTotal", sum(estimated)::float8 as values
    from (select ${STARTS[step ?? 'ALL']} as start, part.* from (${parts}) as part) as part
    group by grouping sets ((key, start, hour, unit), (key, subject, area))
    having sum(estimated) > 0`;
}

/** Whose meters they are as they are registered now: of the future nobody has a block yet. */
const METERS: Record<Of, { key: string; isOf: string }> = {
  area: { key: `'all'::text`, isOf: `starts_with(meter.area, (${KEYS})[1])` },
  building: { key: 'meter.building', isOf: `meter.building = any(${KEYS})` },
  enterprise: { key: 'meter.subject', isOf: `meter.subject = any(${KEYS})` },
  meter: { key: 'meter.id', isOf: `meter.id = any(${KEYS})` },
};

/**
 * Days of meters in use on which a value is neither measured nor estimated, by key and the period in which they lie. A
 * meter is in use from when it was installed, or else registered, until it is retired; a day is as long as its clock says,
 * and has one place for an hour that comes twice.
 */
export function gapsStatement(of: Of, step: Step | null, isAsOf: boolean): string {
  const { key, isOf } = METERS[of];
  const days = `
    select ${key} as key, meter.id as meter, day::date as date, 1440 / meter.interval_minutes as due, time_zone
    from metering.meter cross join generate_series(
      greatest(coalesce(installed_on, (registered_at at time zone time_zone)::date), ${FROM})::timestamp,
      least(retired_on - 1, ${TO})::timestamp, interval '1 day') as day
    where ${isOf} and ${isItem('meter')}`;
  return `${ASKED}
    select key, ${STARTS[step ?? 'ALL']}::text as "from", count(*)::float8 as days
    from (${days}) as expected
    left join (select date, meter, present, cardinality(values) as held from ${blocks(isAsOf)} as block
      where date between ${FROM} and ${TO}) as block using (date, meter)
    left join (select date, meter, estimated - replaced_count as added from metering.visible_estimate_day
      where date between ${FROM} and ${TO} and ${inForce(isAsOf)}) as stood using (date, meter)
    where coalesce(present, 0) + coalesce(added, 0) < greatest(due, held) * least(metering.day_minutes(date, time_zone), 1440) / 1440
    group by 1, 2`;
}
