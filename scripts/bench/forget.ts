import type { BenchHub } from './bench-hub.js';

/** Days go, and findings with what refers to them; these are history, so their guards are lifted. */
export async function forget(admin: BenchHub['admin']): Promise<void> {
  await admin.query(`
    do $$ declare
      tables text;
      guarded regclass[];
      one regclass;
    begin
      with recursive forgotten (relation) as (
        values ('metering.day_block'::regclass::oid), ('metering.finding'::regclass::oid)
        union
        select conrelid from pg_constraint join forgotten on confrelid = relation where contype = 'f'
      )
      select string_agg(relation::regclass::text, ', '),
        array_agg(relation::regclass) filter (where exists (
          select from pg_trigger where tgname = 'refuse_change' and tgrelid = relation))
        into tables, guarded from forgotten;
      foreach one in array guarded loop execute format('alter table %s disable trigger refuse_change', one); end loop;
      execute format('truncate %s', tables);
      foreach one in array guarded loop execute format('alter table %s enable always trigger refuse_change', one); end loop;
    end $$`);
}
