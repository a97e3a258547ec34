import { unitOf } from '../../readings/unit-of-scale.js';
import { setting } from './setting.js';

/** A single high day is no usual one. */
const USUAL_OF_DAYS = 'percentile_disc(0.95) within group (order by largest_per_hour)';

/** What a meter uses at most, by the days `after` one and up to another that were judged, once there are enough. */
const usualOf = (after: string, until: string, edition?: string): string =>
  `largest_per_hour > 0 and date > ${after} - ${setting('JUMP', 'window_days', edition)}::integer and date <= ${until}`;
const ENOUGH = (edition?: string): string => `having count(*) >= ${setting('JUMP', 'history_days', edition)}`;

/** Known to the uploads that come. */
export const USUAL = `
    insert into metering.usual_maximum (meter, per_hour, days, until)
      select meter, ${USUAL_OF_DAYS}, count(*), of_day
      from metering.quality_day where ${usualOf('of_day', 'of_day')}
      group by meter ${ENOUGH()}
      on conflict (meter) do update set per_hour = excluded.per_hour, days = excluded.days, until = excluded.until
      where usual_maximum.until <= excluded.until;`;

/** By the days before one, of a meter: what an upload of that day would have known had it come in its time. */
export const usualBefore = (meter: string, day: string, edition?: string): string => `
      select ${USUAL_OF_DAYS} as per_hour from metering.quality_day as before
      where before.meter = ${meter} and ${usualOf(`${day} - 1`, `${day} - 1`, edition)} ${ENOUGH(edition)}`;

/**
 * Jumps of a day that came before anybody knew what is usual, as history that is uploaded at once does: by the days
 * before it, which the nights before have counted. What the upload found stays as it was found.
 */
export const jumps = (runPlaces: string): string => `
    create temporary table jump on commit drop as
      select block.meter, block.area, block.subject, block.batch, block.version, block.scale, beyond.*,
        cardinality(block.values) as points, trunc(usual.bound / 60 * block.interval_minutes, block.scale) as bound
      from metering.quality_day as day
      left join metering.usual_maximum as known on known.meter = day.meter and known.until = of_day - 1
      cross join lateral (select coalesce(known.per_hour, (${usualBefore('day.meter', 'of_day')}))
        * ${setting('JUMP', 'times')} as bound) as usual
      join metering.day_block as block on block.date = of_day and block.meter = day.meter and block.version = day.version
      cross join lateral (select array_agg(place::integer - 1 order by place) as places, max(value) as worst
        from unnest(block.values) with ordinality as one (value, place)
        where value * ${unitOf('block.scale')} * 60 > usual.bound * block.interval_minutes) as beyond
      where day.date = of_day and day.largest_per_hour > usual.bound and block.quality is not null and beyond.places is not null
        and not exists (select from metering.finding as stands where stands.date = of_day and stands.meter = day.meter
          and stands.rule = 'JUMP' and stands.superseded_at is null);
    if exists (select from jump) then
      update metering.day_block as block set quality = metering.marked(block.quality, points, places)
        from jump where block.date = of_day and block.meter = jump.meter;
      insert into metering.finding (rule, edition, meter, area, subject, date, first_interval, last_interval, last_date, evidence,
          batch, version, found_by)
        select 'JUMP', by_edition, meter, area, subject, of_day, places[1], places[cardinality(places)], of_day,
          jsonb_build_object('count', cardinality(places)::text, 'bound', bound::text,
            'value', trim_scale(worst * ${unitOf('scale')})::text), batch, version, 'NIGHTLY'
        from jump order by meter
        on conflict (date, meter, rule, (last_date > date)) where superseded_at is null do nothing;
      update metering.quality_day as day set marked = bit_count(block.quality) + run.places
        from jump join metering.day_block as block on block.date = of_day and block.meter = jump.meter
        cross join lateral (${runPlaces}) as run
        where day.date = of_day and day.meter = jump.meter;
    end if;
    drop table jump;`;

/** Puts places among the marks of a day, the first the lowest of the first byte. */
export const MARKED = `
  create function metering.marked(marks bytea, points integer, places integer[]) returns bytea
  language plpgsql immutable set search_path = pg_catalog as $$
  declare
    place integer;
  begin
    if length(marks) = 0 then marks := decode(repeat('00', (points + 7) / 8), 'hex'); end if;
    foreach place in array places loop marks := set_bit(marks, place, 1); end loop;
    return marks;
  end $$;
  revoke execute on function metering.marked(bytea, integer, integer[]) from public;
`;
