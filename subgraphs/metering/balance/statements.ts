import { isCounted } from '../rollups/counted.js';

/** Sums over days, as exact decimals, of the meters that count; whose a day was is said by the day. */
const sums = (where: string): string => `
  select meter.building, block.subject, block.area, meter.id, meter.energy_item, meter.unit,
    sum(block.total * (10::numeric ^ -block.scale)) as total, count(*) as meter_days, sum(block.present) as present
  from metering.visible_day as block join metering.meter as meter on meter.id = block.meter
  where block.date between $2::date and $3::date and block.present > 0 and ${where}
    and ${isCounted('meter')}
  group by 1, 2, 3, 4, 5, 6`;

/** Significant characters of an item's code: 01B00 is 01B, which everything below it begins with. */
const stem = (code: string): string => `left(${code}, 2) || rtrim(substr(${code}, 3), '0')`;

const FIGURES = `count(distinct id)::int as meters, sum(meter_days)::int as meter_days, sum(present)::int as present,
    array_agg(distinct area) as areas`;

/**
 * By `place` what belongs together: a building is one place. Of an owner each meter belongs to the building of the
 * topmost meter above it, so that parts are taken from the gate that they are behind and from no other.
 */
const placed = (key: BalanceOf): string =>
  key === 'building'
    ? `select building as key, '' as place, * from sums`
    : `select subject as key, place, sums.* from sums join (
        select distinct on (meter) meter, coalesce(building, '') as place from above order by meter, height desc
      ) as top on meter = id`;

const ABOVE = `above as (
    select id as meter, parent, building, 0 as height from metering.meter
    where id in (select id from sums)
    union all
    select meter, up.parent, up.building, height + 1
    from above join metering.meter as up on up.id = above.parent
    where left(up.energy_item, 2) = $4 and height < 9
  )`;

export type BalanceOf = 'building' | 'owner';

/** Meters that are an owner's, or were before they went to another, are looked for by the register: days have no order by owner. Of owners asked about together each has to be seen as one of the meter's. */
const ofOwner = (owners: string): string => `block.subject = any(${owners}) and meter.id in (
      select id from metering.meter where subject = any(${owners})
      union select key from metering.meter_superseded where subject = any(${owners}))
    and (meter.subject = block.subject or exists (
      select from metering.meter_superseded as was where was.key = meter.id and was.subject = block.subject))`;
const OF: Record<BalanceOf, string> = { building: 'meter.building = any($1)', owner: ofOwner('$1') };

/**
 * Items of the class `$4` by building or owner (`$1`) between `$2` and `$3`, each in the unit of the gate, with
 * the next metered item above it and what is left when its parts are taken away; and whose readings went into them.
 */
export const BREAKDOWN = (key: BalanceOf): string => `
  with recursive sums as (${sums(`${OF[key]} and left(meter.energy_item, 2) = $4`)}
  ), ${ABOVE}, metered as (${placed(key)}
  ), target as (
    select key, coalesce(min(unit) filter (where energy_item = $4 || '000'), min(unit)) as unit,
      array_agg(distinct unit order by unit) as units
    from metered group by key
  ), item as (
    select key, place, energy_item, ${stem('energy_item')} as stem, target.unit,
      count(distinct id) as meters, sum(meter_days) as meter_days, sum(present) as present,
      sum(case when metered.unit = target.unit then total
        else round(total * given.factor * 1.000000000000000000 / wanted.factor, 9) end) as total,
      case when bool_or(metered.unit <> target.unit and (given.quantity = wanted.quantity) is not true)
        then min(units) end as unlike
    from metered join target using (key)
    left join metering.unit_factor as given on given.unit = metered.unit
    left join metering.unit_factor as wanted on wanted.unit = target.unit
    group by key, place, energy_item, target.unit
  ), part as (
    select item.*, (select above.energy_item from item as above
        where above.key = item.key and above.place = item.place and above.energy_item <> item.energy_item
          and starts_with(item.stem, above.stem)
        order by length(above.stem) desc limit 1) as part_of,
      not exists (select from metering.energy_item as local
        where local.level = 'LOCAL_EXTENSION' and starts_with(item.stem, ${stem('local.code')})) as is_counted
    from item
  ), whole as (
    select part.*, (select sum(total) from part as its where its.key = part.key and its.place = part.place
        and its.part_of = part.energy_item and its.is_counted) as parts
    from part
  )
  select key, energy_item, part_of, is_counted, unit, trim_scale(sum(total))::text as total, min(unlike) as unlike,
    sum(meters)::int as meters, sum(meter_days)::int as meter_days, sum(present)::int as present,
    (select array_agg(distinct area) from metered where metered.key = whole.key
      and metered.energy_item = whole.energy_item) as areas,
    trim_scale(sum(case when energy_item = $4 || '000' then total - coalesce(parts, 0) else total - parts end))::text
      as remainder,
    null as subject, null as area
  from whole group by key, energy_item, part_of, is_counted, unit
  union all
  select key, null, null, null, null, null, null, null, null, sum(present)::int, null, null, subject, area
  from metered group by key, subject, area
  order by key, energy_item, part_of nulls last
`;

/** What an owner (\`$1\`) took in at its gates; rows with an area say whose readings went into them. */
export const GATES = `
  with metered as (${sums(`${ofOwner('array[$1::text]')} and right(meter.energy_item, 3) = '000'`)})
  select left(energy_item, 2) as energy_class, unit, trim_scale(sum(total))::text as total, ${FIGURES}, null as area
  from metered group by 1, 2
  union all
  select null, null, null, null, null, sum(present)::int, null, area from metered group by area
  order by energy_class, unit
`;
