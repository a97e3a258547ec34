import { unitOf } from '../../readings/unit-of-scale.js';

export const isLastOfMonth = (day: string): string =>
  `${day} = (date_trunc('month', ${day}) + interval '1 month')::date - 1`;

export const inMonth = (date: string, day: string): string => `${date} >= date_trunc('month', ${day})::date
          and ${date} < (date_trunc('month', ${day}) + interval '1 month')::date`;

/** The month of a day, where it was reported: all its days against the last word. */
export const monthAgainstDays = (day: string, among = ''): string => `
      select reported.meter, reported.value as reported, sums.total as days
      from (select distinct on (meter) meter, value from metering.reported_month
        where month = date_trunc('month', ${day})::date ${among} order by meter, id desc) as reported
      cross join lateral (select coalesce(sum(total * ${unitOf('scale')}), 0) as total
        from metering.day_block as block where block.meter = reported.meter and ${inMonth('block.date', day)}) as sums`;

/** Of the hour that a clock goes through twice a day has one place, so one point of the two can never be there. */
const IS_COMPLETE = 'parent.present >= least(parent.due, cardinality(parent_block.values))';

/**
 * A complete day of a meter against what those right below it have of that day, of the same kind of energy and unit. A
 * part that misses values can only have used more: parts that exceed the whole do so whatever is missing.
 */
export const levelsBelow = (day: string, among = ''): string => `
      select parent.meter, parent.version, parent_block.total * ${unitOf('parent_block.scale')} as total, sums.below, sums.meters
      from metering.quality_day as parent
      join metering.day_block as parent_block on parent_block.date = ${day} and parent_block.meter = parent.meter
      join metering.meter as upper on upper.id = parent.meter
      cross join lateral (
        select sum(child_block.total * ${unitOf('child_block.scale')}) as below, count(*) as meters
        from metering.meter as lower join metering.day_block as child_block on child_block.date = ${day} and child_block.meter = lower.id
        where lower.parent = upper.id and lower.unit = upper.unit and left(lower.energy_item, 2) = left(upper.energy_item, 2)
      ) as sums
      where parent.date = ${day} and ${IS_COMPLETE} and sums.meters > 0 ${among}`;
