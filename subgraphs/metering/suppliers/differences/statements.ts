import { limitedFunction, mayDo, mayRead } from '../../../runtime/reach.js';
import { unitOf } from '../../readings/unit-of-scale.js';

/** Those whom the caller oversees, or is: who reads a row as its supplier alone is told of no meter. */
const OVERSEEN = mayDo('supplies', 'read', { marks: { energyKind: 'left(energy_item, 2)' } });
const READABLE = mayRead('readings', {
  area: 'meter.area',
  subject: 'meter.subject',
  limited: { column: 'meter.id', among: limitedFunction('metering.meter') },
  finest: 'AS_METERED',
});

/** The records of one period count together: a bill may have several, one for each meter of the supplier's. */
const PERIODS = `
  select supplier, customer, energy_item, from_at, to_at, area, tstzrange(from_at, to_at) as period,
    min(subject) as subject, array_agg(distinct record order by record) as records, sum(amount) as amount,
    min(unit) as unit, count(distinct unit) as units
  from metering.supply
  where superseded_at is null and ${OVERSEEN} and from_at < $2 and to_at > $1 and starts_with(area, $3)
    and ($4::text is null or supplier = $4) and ($5::text is null or customer = $5)
    and ($6::text is null or starts_with(energy_item, $6))
    and ($10::timestamptz is null
      or (from_at, supplier, customer, energy_item, to_at, area) > ($10, $11, $12, $13, $14::timestamptz, $15))
  group by supplier, customer, energy_item, from_at, to_at, area
  order by from_at, supplier, customer, energy_item, to_at, area`;

/** Meters with the part of the period for which each is linked, on its own clock. */
const LINKED = `
  select link.id, link.area, link.subject, meter.id as meter, meter.unit, meter.interval_minutes as usual, linked.period,
    lower(linked.period) at time zone meter.time_zone as begins, upper(linked.period) at time zone meter.time_zone as ends
  from metering.customer_link as link
  join metering.meter on meter.id = link.meter and ${READABLE}
  cross join lateral (select its.period * tstzrange(valid_from::timestamp at time zone meter.time_zone,
    valid_to::timestamp at time zone meter.time_zone) as period) as linked
  where (link.supplier, link.customer, link.energy_item) = (its.supplier, its.customer, its.energy_item)
    and is_confirmed and not isempty(linked.period)
    and (confirmed_area = '100000' or starts_with(its.area, regexp_replace(confirmed_area, '(00)+$', '')))`;

/**
 * A day that lies in the period as a whole is its total; of another the values of the intervals that lie in it. An
 * interval that the period cuts is due and cannot be there.
 */
const DAYS = `
  select part.*, case when part.is_whole then block.total else inner_values.total end * ${unitOf('block.scale')} as total,
    coalesce(case when part.is_whole then block.present else inner_values.present end, 0) as present,
    ceil(part.until::numeric / part.minutes) - floor(part.since::numeric / part.minutes) as due
  from generate_series(linked.begins::date::timestamp, linked.ends - interval '1 minute', interval '1 day') as day
  left join metering.visible_day as block
    on block.date = day::date and block.meter = linked.meter and block.subject = linked.subject
  cross join lateral (
    select coalesce(block.interval_minutes, linked.usual) as minutes,
      greatest(extract(epoch from linked.begins - day) / 60, 0)::integer as since,
      least(extract(epoch from linked.ends - day) / 60, 1440)::integer as until,
      linked.begins <= day and linked.ends >= day + interval '1 day' as is_whole
  ) as part
  left join lateral (
    select sum(value) as total, count(value) as present
    from unnest(block.values[ceil(part.since::numeric / part.minutes)::integer + 1 : part.until / part.minutes]) as value
  ) as inner_values on not part.is_whole`;

/** What the meters come to together; the days between links are those that no link covers. */
const METERED = `
  select array_agg(distinct linked.meter order by linked.meter) as meters, array_agg(distinct linked.area) as areas, count(distinct linked.id) as links,
    min(linked.unit) as unit, count(distinct linked.unit) as units, sum(day.total) as total,
    coalesce(sum(day.present), 0) as present, coalesce(sum(day.due), 0) as due,
    (select coalesce(ceil(sum(extract(epoch from upper(gap) - lower(gap))) / 86400), 0)
      from unnest(tstzmultirange(its.period) - range_agg(linked.period)) as gap) as unlinked
  from (${LINKED}) as linked cross join lateral (${DAYS}) as day`;

/** The nearest area that says something of the energy counts. */
const TOLERANCE = `
  select percent, source, verified from metering.known_supply_tolerance as known
  where known.energy_class = left(its.energy_item, 2)
    and (known.area = '100000' or starts_with(its.area, regexp_replace(known.area, '(00)+$', '')))
  order by known.area = '100000', length(regexp_replace(known.area, '(00)+$', '')) desc, known.version desc limit 1`;

/** Exact, or not at all: into the supplier's unit, else the meters' into which the supplier's goes without a rest. */
const COMPARED = `
  select
    case when its.units > 1 or metered.units > 1 then null
      when its.unit = metered.unit or mine.quantity = theirs.quantity and theirs.factor / mine.factor * mine.factor = theirs.factor
        then its.unit
      when mine.quantity = theirs.quantity and mine.factor / theirs.factor * theirs.factor = mine.factor then metered.unit
    end as unit
  from (select) as one
  left join metering.unit_factor as mine on mine.unit = its.unit
  left join metering.unit_factor as theirs on theirs.unit = metered.unit`;

const IN_UNIT = (
  amount: string,
  unit: string,
): string => `${amount} * case when ${unit} = compared.unit then 1
        else (select given.factor / wanted.factor from metering.unit_factor as given, metering.unit_factor as wanted
          where given.unit = ${unit} and wanted.unit = compared.unit) end`;

/**
 * One page of differences in one statement. Days `$1` to `$2` (moments), prefix of an area `$3`, supplier, customer and
 * energy item, state `$7`, overlapping or not `$8`, how many `$9`, and where to go on.
 */
export const DIFFERENCES = `
  select its.supplier, its.customer, its.energy_item as "energyItem", its.from_at::text as "fromAt",
    its.to_at::text as "toAt", its.area, its.subject, its.records, judged.state,
    coalesce(compared.unit, case when its.units = 1 then its.unit end) as unit,
    trim_scale(coalesce(figures.supplied, case when its.units = 1 then its.amount end))::text as supplied,
    trim_scale(figures.metered)::text as metered, trim_scale(figures.supplied - figures.metered)::text as difference,
    trim_scale(round((figures.supplied - figures.metered) * 100 / nullif(figures.supplied, 0), 4))::text as percent,
    trim_scale(tolerance.percent)::text as tolerance, tolerance.source as "toleranceSource",
    tolerance.verified as "toleranceVerified", coalesce(metered.meters, '{}') as meters,
    coalesce(metered.areas, '{}') as areas, metered.present::integer as present,
    (metered.due - metered.present)::integer as missing,
    case when judged.state in ('NO_CUSTOMER', 'WITHHELD') then 0 else metered.unlinked::integer end as "unlinkedDays",
    overlapping.periods::integer as overlaps
  from (${PERIODS}) as its
  cross join lateral (${METERED}) as metered
  cross join lateral (${COMPARED}) as compared
  cross join lateral (${TOLERANCE}) as tolerance
  cross join lateral (
    select metered.links < metering.count_links(its.supplier, its.customer, its.energy_item, its.area, its.period) as is_hidden
  ) as seen
  cross join lateral (
    select case when metered.present > 0 and not seen.is_hidden then ${IN_UNIT('metered.total', 'metered.unit')} end as metered,
      ${IN_UNIT('its.amount', 'its.unit')} as supplied
  ) as figures
  cross join lateral (select case
    when seen.is_hidden then 'WITHHELD'
    when metered.links = 0 then 'NO_CUSTOMER'
    when compared.unit is null then 'UNITS_DIFFER'
    when metered.present = 0 then 'NO_READINGS'
    when metered.present < metered.due or metered.unlinked > 0 then 'PARTIAL'
    when abs(figures.supplied - figures.metered) * 100 <= tolerance.percent * abs(figures.supplied) then 'MATCHED'
    else 'DIFFERENT' end as state) as judged
  cross join lateral (
    select count(distinct (other.from_at, other.to_at)) as periods from metering.supply as other
    where (other.supplier, other.customer, other.energy_item) = (its.supplier, its.customer, its.energy_item)
      and other.superseded_at is null and (other.from_at, other.to_at) <> (its.from_at, its.to_at)
      and other.from_at < its.to_at and other.to_at > its.from_at
  ) as overlapping
  where ($7::text is null or judged.state = $7) and ($8::boolean is null or (overlapping.periods > 0) = $8)
  order by its.from_at, its.supplier, its.customer, its.energy_item, its.to_at, its.area
  limit $9`;
