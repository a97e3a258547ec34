import type { BenchHub } from './bench-hub.js';

type Admin = BenchHub['admin'];

/** Days go, and findings with what refers to them. */
export const forgetDays = (admin: Admin): Promise<void> =>
  forget(admin, ['metering.day_block', 'metering.finding']);

/** The registry of meters goes, with the days and whatever else is of a meter. */
export const forgetMeters = (admin: Admin): Promise<void> =>
  forget(admin, ['metering.meter', 'metering.day_block', 'metering.finding']);

/** Packages go, with their parts and acknowledgements. */
export const forgetPackages = (admin: Admin): Promise<void> => forget(admin, ['exchange.package']);

/** Empties tables and what refers to them; much of it is history, so its guards are lifted for that moment. */
async function forget(admin: Admin, tables: string[]): Promise<void> {
  const first = tables.map((table) => `('${table}'::regclass::oid)`).join(', ');
  await admin.query(`
    do $$ declare
      tables text;
      guarded regclass[];
      one regclass;
    begin
      with recursive forgotten (relation) as (
        values ${first}
        union
        select conrelid from pg_constraint join forgotten on confrelid = relation where contype = 'f'
      )
      select string_agg(relation::regclass::text, ', '),
        coalesce(array_agg(relation::regclass) filter (where exists (
          select from pg_trigger where tgname = 'refuse_change' and tgrelid = relation)), '{}')
        into tables, guarded from forgotten;
      foreach one in array guarded loop execute format('alter table %s disable trigger refuse_change', one); end loop;
      execute format('truncate %s', tables);
      foreach one in array guarded loop execute format('alter table %s enable always trigger refuse_change', one); end loop;
    end $$`);
}
