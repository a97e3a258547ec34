import { lastSet, settingsTable } from '../../runtime/area-settings.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { readReference, referenceTable } from '../../runtime/reference.js';
import { CALENDAR_DAYS } from '../cases/calendar/settings.js';

/** Days that are not what their weekday says. What an admin sets for its area makes the next version of the day. */
const DAYS = (): string => `
  ${referenceTable(
    'metering.calendar_day',
    `date date primary key, kind ${CALENDAR_DAYS.values.kind}, name_zh text not null, name_en text not null`,
    readReference(import.meta.url, 'calendar_days.csv'),
  )}
  ${settingsTable(CALENDAR_DAYS)}

  create view metering.known_calendar_day with (security_invoker = true) as
    select to_char(date, 'YYYY-MM-DD') || ' 100000' as id, date, '100000' as area, 0 as version, kind, name_zh, source,
      confidence, verified, null::text as set_by, null::timestamptz as set_at
    from metering.calendar_day
    union all
    select to_char(date, 'YYYY-MM-DD') || ' ' || area || '.' || version, date, area, version, kind, name_zh, source, 'high',
      true, set_by, set_at
    from ${lastSet(CALENDAR_DAYS)};
  grant select on metering.known_calendar_day to hub_rooms;
`;

/** The nearest area that says something of a day counts, else its weekday. Areas nest by pairs of digits. */
const WORKING = `
  create function metering.is_working_day(day date, place text) returns boolean
  language sql stable security definer set search_path = pg_catalog as $$
    select coalesce(
      (select kind = 'WORKING_DAY' from metering.known_calendar_day as known
       where date = day and (area = '100000' or starts_with(place, regexp_replace(area, '(00)+$', '')))
       order by area = '100000', length(regexp_replace(area, '(00)+$', '')) desc limit 1),
      extract(isodow from day) < 6)
  $$;

  -- The working day that comes so many after a day. No calendar has a year without working days.
  create function metering.working_days(start date, count integer, place text) returns date
  language plpgsql stable security definer set search_path = pg_catalog as $$
  declare
    day date := start;
    left_over integer := count;
  begin
    if count < 0 or count > 250 then
      raise exception 'between 0 and 250 working days' using errcode = '22003';
    end if;
    while left_over > 0 loop
      day := day + 1;
      if day > start + 1000 then raise exception 'a calendar without working days' using errcode = '22008'; end if;
      if metering.is_working_day(day, place) then left_over := left_over - 1; end if;
    end loop;
    return day;
  end $$;
  revoke execute on function metering.is_working_day(date, text), metering.working_days(date, integer, text) from public;
  grant execute on function metering.is_working_day(date, text), metering.working_days(date, integer, text) to hub_rooms;
`;

export const metering034: RoomMigration = {
  name: '034-calendar',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return DAYS() + WORKING;
  },
};
