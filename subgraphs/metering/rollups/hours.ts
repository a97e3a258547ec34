import { unitOf } from '../readings/unit-of-scale.js';
import { isEven } from './clock.js';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** Intervals whose values are added up one by one: unnesting 96 of them takes the server ten times as long. */
const COARSE = [15, 30, 60];

/** The values of an hour by interval, as places in the array: `values[5]` and what follows. */
function places(hour: number, interval: number): string[] {
  const values = 60 / interval;
  return Array.from({ length: values }, (_, place) => `values[${hour * values + place + 1}]`);
}

function byInterval(hour: number, coarse: (values: string[]) => string, fine: string): string {
  const cases = COARSE.map((interval) => `when ${interval} then ${coarse(places(hour, interval))}`);
  const slice = `values[${hour} * 60 / interval_minutes + 1 : ${hour + 1} * 60 / interval_minutes]`;
  return `case interval_minutes ${cases.join(' ')} else (select ${fine} from unnest(${slice}) as value) end`;
}

function sumOf(hour: number): string {
  return byInterval(
    hour,
    (values) => values.map((value) => `coalesce(${value}, 0)`).join(' + '),
    'coalesce(sum(value), 0)::bigint',
  );
}

function countOf(hour: number): string {
  const counted = byInterval(hour, (values) => `num_nonnulls(${values.join(', ')})`, 'count(value)::integer');
  return `case when present = cardinality(values) then 60 / interval_minutes else ${counted} end`;
}

/**
 * Sums of each hour of some blocks of at most an hour's interval, by date, key, whose and where. The offset keeps
 * the planner from writing what masks the values into each of their uses.
 *
 * @param blocks a select of date, key, unit, subject, area, energy_item, interval_minutes, scale, values, present,
 * time_zone.
 */
export function hourSums(blocks: string): string {
  const all = (column: (hour: number) => string): string =>
    `array[${HOURS.map((hour) => `sum(${column(hour)})`).join(', ')}]`;
  return `
    select date, key, unit, subject, area, energy_item, hourly.total * ${unitOf('block.scale')} as total,
      case when clock[number] = 0 then 0 else hourly.present end as present, block.due * coalesce(clock[number], 1) as due,
      (hourly.number - 1)::integer as hour
    from (
      select date, key, unit, subject, area, energy_item, scale, clock, sum(60 / interval_minutes) as due,
        ${all(sumOf)} as totals, ${all(countOf)} as presents
      from (${blocks} offset 0) as block
      cross join lateral (select case when ${isEven('time_zone')} then null else metering.hours_of_clock(date, time_zone) end as clock) as shift
      group by 1, 2, 3, 4, 5, 6, 7, 8
    ) as block cross join unnest(totals, presents) with ordinality as hourly (total, present, number)`;
}
