import type { RoomMigration } from '../../runtime/migrate.js';
import { unitOf } from '../readings/unit-of-scale.js';

/** A value of a block at an interval. */
const valueOf = (row: string): string => `${row}.values[place] * ${unitOf(`${row}.scale`)}`;

/**
 * What was measured counts as soon as it is here: an estimate ceases where the measured value is another than it was
 * when it was estimated. What a counter gathers over a gap counts all of the gap, so that the whole gap ceases with any
 * of it, on whatever days it lies. In the transaction that writes the days, whoever writes, as sums are kept (0018).
 */
const CEASING = `
  create function metering.cease_estimate(of_meter text, of_date date, places integer[]) returns void
  language sql security definer set search_path = pg_catalog as $$
    with recursive reached (date, gap_from, gap_to) as (
      select date, gap_from, gap_to from metering.estimate_day
      where meter = of_meter and date = of_date and superseded_at is null
      union
      select other.date, other.gap_from, other.gap_to
      from reached join metering.estimate_day as other on other.meter = of_meter and other.superseded_at is null
        and other.gap_from <= reached.gap_to and other.gap_to >= reached.gap_from
    )
    insert into metering.estimate_day (date, meter, change, values, replaced, case_id)
    select stood.date, stood.meter, 'SUPERSEDED',
      array(select case when stood.gap_from is null and place <> all(places) then value end
        from unnest(stood.values) with ordinality as one (value, place) order by place),
      array(select case when stood.gap_from is null and place <> all(places) then value end
        from unnest(stood.replaced) with ordinality as one (value, place) order by place),
      stood.case_id
    from reached join metering.estimate_day as stood on stood.meter = of_meter and stood.date = reached.date
    where stood.superseded_at is null and stood.estimated > 0
    order by stood.date
  $$;
  revoke execute on function metering.cease_estimate(text, date, integer[]) from public;
`;

const NONE = (table: string): string => `(select * from ${table} where false)`;

/** The name comes after those of the sums: they share a lock with whoever writes days, which estimating has alone. */
function trigger(event: string, tables: string, taken: string, added: string): string {
  const name = `supersede_estimates_${event}`;
  return `
  create function metering.${name}() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    one record;
  begin
    if not exists (select from metering.estimate_day where superseded_at is null and estimated > 0) then return null; end if;
    for one in
      select meter, date, places
      from (select date, meter, taken, added from ${taken} as taken full join ${added} as added using (date, meter)) as changed
      join metering.estimate_day as stood using (date, meter)
      cross join lateral (
        select array_agg(place) as places from generate_subscripts(stood.values, 1) as place
        where stood.values[place] is not null
          and ((changed.added).interval_minutes <> stood.interval_minutes
            or ${valueOf('(changed.taken)')} is distinct from ${valueOf('(changed.added)')})) as differing
      where stood.superseded_at is null and stood.estimated > 0 and places is not null
      order by date, meter
    loop
      perform metering.cease_estimate(one.meter, one.date, one.places);
    end loop;
    return null;
  end $$;
  revoke execute on function metering.${name}() from public;
  create trigger ${name} after ${event} on metering.day_block referencing ${tables}
    for each statement execute function metering.${name}();
  alter table metering.day_block enable always trigger ${name};`;
}

export const metering038: RoomMigration = {
  name: '038-measured-later',
  sql: `
    ${CEASING}
    ${trigger('insert', 'new table as incoming', NONE('incoming'), 'incoming')}
    ${trigger('update', 'old table as outgoing new table as incoming', 'outgoing', 'incoming')}
    ${trigger('delete', 'old table as outgoing', 'outgoing', NONE('outgoing'))}
  `,
};
