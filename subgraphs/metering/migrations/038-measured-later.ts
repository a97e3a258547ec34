import type { RoomMigration } from '../../runtime/migrate.js';
import { unitOf } from '../readings/unit-of-scale.js';

/** A value of a block at an interval. */
const valueOf = (row: string): string => `${row}.values[place] * ${unitOf(`${row}.scale`)}`;

/**
 * What was measured counts as soon as it is here: an estimate ceases where the measured value is another than it was
 * when it was estimated. What a counter gathers over a gap counts all of the gap, so that the whole gap ceases with any
 * of it, on whatever days it lies, and gaps with it that share a day. In the transaction that writes the days, whoever
 * writes, as sums are kept (0018).
 */
const CEASING = `
  create function metering.cease_gaps(of_meter text, first_day date, last_day date, kept date[]) returns void
  language sql security definer set search_path = pg_catalog as $$
    with recursive reached (gap_from, gap_to) as (
      select first_day, last_day
      union
      select other.gap_from, other.gap_to
      from reached join metering.estimate_day as other on other.meter = of_meter and other.superseded_at is null
        and other.gap_from <= reached.gap_to and other.gap_to >= reached.gap_from and other.date <> all(kept)
    )
    insert into metering.estimate_day (date, meter, change, values, replaced, case_id)
    select date, meter, 'SUPERSEDED', array_fill(null::bigint, array[cardinality(values)]),
      array_fill(null::bigint, array[cardinality(values)]), case_id
    from metering.estimate_day as stood
    where meter = of_meter and superseded_at is null and estimated > 0 and date <> all(kept) and exists (
      select from reached where stood.gap_from <= reached.gap_to and stood.gap_to >= reached.gap_from)
    order by date
  $$;

  create function metering.cease_estimate(of_meter text, of_date date, places integer[]) returns void
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    stood metering.estimate_day;
  begin
    select * into stood from metering.estimate_day
      where meter = of_meter and date = of_date and superseded_at is null and estimated > 0;
    if stood.gap_from is not null then
      perform metering.cease_gaps(of_meter, stood.gap_from, stood.gap_to, '{}');
    elsif stood.meter is not null then
      insert into metering.estimate_day (date, meter, change, values, replaced, case_id)
        values (of_date, of_meter, 'SUPERSEDED',
          array(select case when place <> all(places) then value end
            from unnest(stood.values) with ordinality as one (value, place) order by place),
          array(select case when place <> all(places) then value end
            from unnest(stood.replaced) with ordinality as one (value, place) order by place),
          stood.case_id);
    end if;
  end $$;

  -- A gap of a counter that is estimated anew or taken back in part is so as a whole.
  create function metering.cease_rest_of_gap() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    one record;
  begin
    for one in
      select stood.meter, stood.gap_from, stood.gap_to,
        (select array_agg(date) from added as own where own.meter = stood.meter) as kept
      from added join metering.estimate_day as stood
        on stood.meter = added.meter and stood.date = added.date and stood.version = added.version - 1
      where added.change <> 'SUPERSEDED' and stood.gap_from is not null and stood.estimated > 0
      order by stood.meter, stood.date
    loop
      perform metering.cease_gaps(one.meter, one.gap_from, one.gap_to, one.kept);
    end loop;
    return null;
  end $$;
  create trigger cease_rest_of_gap after insert on metering.estimate_day referencing new table as added
    for each statement execute function metering.cease_rest_of_gap();
  alter table metering.estimate_day enable always trigger cease_rest_of_gap;
  revoke execute on function metering.cease_gaps(text, date, date, date[]),
    metering.cease_estimate(text, date, integer[]), metering.cease_rest_of_gap() from public;
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
