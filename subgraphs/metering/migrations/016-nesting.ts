import type { RoomMigration } from '../../runtime/migrate.js';

/** Meters whose parent or item is another than before; those added have neither before. */
const REGISTERED = `select id from changed where parent is not null`;
const CHANGED = `select id from before join changed using (id)
      where (before.parent, before.energy_item) is distinct from (changed.parent, changed.energy_item)`;

/**
 * Of each item the outermost meters count, because what stands below measures part of the same again, whatever is
 * metered between them. The chain is the registered one: who sees less of it must not get other sums.
 */
const nest = (seeds: string): string => `
      with recursive touched as (
        ${seeds}
        union
        select below.id from touched join metering.meter as below on below.parent = touched.id
      ), above as (
        select id, energy_item, parent, false as is_same from touched join metering.meter using (id)
        union
        select above.id, above.energy_item, upper.parent, upper.energy_item = above.energy_item
        from above join metering.meter as upper on upper.id = above.parent
      ), nested as (
        select id, bool_or(is_same) as is_nested from above group by id
      )
      update metering.meter set is_nested = nested.is_nested from nested
      where nested.id = meter.id and nested.is_nested <> meter.is_nested;`;

function trigger(name: string, event: string, tables: string, seeds: string): string {
  return `
  create function metering.${name}() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    if exists (${seeds}) then
      ${nest(seeds)}
    end if;
    return null;
  end $$;
  revoke execute on function metering.${name}() from public;
  create trigger ${name} after ${event} on metering.meter referencing ${tables}
    for each statement execute function metering.${name}();
  alter table metering.meter enable always trigger ${name};`;
}

/**
 * The names decide the order: after a chain was checked to rise by level (`check_changed`) and after the sums moved for
 * what else changed (`sum_moved`), which then move once more for this.
 */
export const metering016: RoomMigration = {
  name: '016-nesting',
  sql: `
    ${trigger('sum_nested_added', 'insert', 'new table as changed', REGISTERED)}
    ${trigger('sum_nested_changed', 'update', 'old table as before new table as changed', CHANGED)}
    ${nest('select id from metering.meter where parent is not null')}
  `,
};
