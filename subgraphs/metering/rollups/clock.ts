/** Zones whose clocks have never been put forward or back since 2000, where the calendar begins: most meters are there, and nothing is computed for them. */
const isSteady = (zone: string): string => `${zone} in ('Asia/Shanghai', 'UTC')`;

/** Values that a block should hold by the clock of its meter: 23 hours of them on the day that skips one, 25 on the one that repeats one. */
export const dueOf = (block = 'block', zone = 'time_zone'): string =>
  `case when ${isSteady(zone)} then cardinality(${block}.values)
          else metering.points_due(${block}.date, ${block}.interval_minutes, ${zone}) end`;

/** Those that it holds, without what stands in a skipped hour: that makes up for none that is missing. */
export const presentOf = (block = 'block', zone = 'time_zone'): string =>
  `case when ${isSteady(zone)} then ${block}.present
          else metering.points_in(${block}.values, ${block}.present, ${block}.date, ${block}.interval_minutes, ${zone}) end`;

/** Whether a day has each of its hours once. */
export const isEven = (zone: string): string =>
  `(${isSteady(zone)} or metering.day_minutes(date, ${zone}) = 1440)`;

/** Hours of the clock of a zone on a day: how often it goes through each, the first for midnight. */
export const HOURS_OF_CLOCK = `
  create function metering.hours_of_clock(day date, zone text) returns integer[] language sql stable as $$
    select array_agg((select count(*)::integer from generate_series(0, metering.day_minutes(day, zone) / 60 - 1) as passed
      where extract(hour from ((day::timestamp at time zone zone) + passed * interval '1 hour') at time zone zone) = hour)
      order by hour)
    from generate_series(0, 23) as hour
  $$;`;
