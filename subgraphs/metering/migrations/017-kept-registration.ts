import type { RoomMigration } from '../../runtime/migrate.js';
import { AS_MEASURED } from '../../runtime/session.js';

/** What values were measured under, and the name that a registration has for it. */
const KEPT: Record<string, string> = {
  unit: 'unit',
  kind: 'kind',
  interval_minutes: 'intervalMinutes',
  multiplier: 'multiplier',
  time_zone: 'timeZone',
  'left(energy_item, 2)': 'the class of energyItem',
};

const of = (table: string, column: string): string =>
  column.startsWith('left(') ? column.replace('(', `(${table}.`) : `${table}.${column}`;
const differs = (column: string): string => `${of('before', column)} is distinct from ${of('after', column)}`;
const CHANGED = `before join after using (id) where ${Object.keys(KEPT).map(differs).join(' or ')}`;
const NAMES = Object.entries(KEPT)
  .map(([column, name]) => `case when ${differs(column)} then '${name}' end`)
  .join(', ');

/**
 * What a meter's readings mean does not change under them. It holds for every writer but a change by hand; whoever writes
 * days at the same time is waited for, as with sums that move.
 */
export const metering017: RoomMigration = {
  name: '017-kept-registration',
  sql: `
    create function metering.has_readings(wanted text) returns boolean
    language sql stable security definer set search_path = pg_catalog as $$
      select exists (select from metering.register_day where meter = wanted)
        or exists (
          select from (select min(month) as earliest, max(month) + interval '1 month' as latest from metering.rollup_month) as known
          cross join generate_series(earliest::timestamp, latest, interval '1 day') as day
          join metering.day_block as block on block.date = day::date and block.meter = wanted)
    $$;

    create function metering.keep_registration() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
    declare
      meter text;
      names text;
    begin
      if not exists (select from ${CHANGED}) then return null; end if;
      perform pg_advisory_xact_lock(hashtext('metering.rollups'));
      for meter, names in select id, concat_ws(', ', ${NAMES}) from ${CHANGED} order by id loop
        if metering.has_readings(meter) then
          raise exception '% has readings, so this stays as it is: %', meter, names using errcode = '${AS_MEASURED}';
        end if;
      end loop;
      return null;
    end $$;
    revoke execute on function metering.has_readings(text), metering.keep_registration() from public;
    create trigger keep_registration after update on metering.meter
      referencing old table as before new table as after
      for each statement when (not runtime.is_by_hand()) execute function metering.keep_registration();
    alter table metering.meter enable always trigger keep_registration;
  `,
};
