import { isCounted } from '../../rollups/counted.js';
import { hourSums } from '../../rollups/hours.js';
import type { Step } from '../../rollups/periods.js';

/** Prefix of the area, energy item, first and last day; whole months, and the days before and after them. */
const [AREA, ITEM] = ['$1::text', '$2::text'];
const [FROM, TO] = ['$3::date', '$4::date'];
const MONTHS = ['$5::date', '$6::date'];
const DAYS = [
  ['$7::date', '$8::date'],
  ['$9::date', '$10::date'],
];
const [BY_AREA, BY_TYPE] = ['$11::boolean', '$12::boolean'];
/** Buildings, and what each of them is mainly used for; empty where figures are not told apart by it. */
const FUNCTIONS = ['$13::text[]', '$14::text[]'];
const [AFTER, LIMIT] = ['$15::text[]', '$16::integer'];

/** Without an item, every class. */
const isItem = (table: string): string =>
  `(case when ${ITEM} is null then right(${table}.energy_item, 3) = '000' else ${table}.energy_item = ${ITEM} end
    and ${isCounted(table)})`;

function kept(table: string, period: string, [from, to]: string[]): string {
  return `
    select ${period} as date, null::integer as hour, subject, building, energy_item, unit, area, total, present, due
    from metering.${table} as kept
    where ${period} between ${from} and ${to} and starts_with(area, ${AREA}) and ${isItem('kept')} and present > 0`;
}

const HOURLY = hourSums(`
    select block.date, coalesce(meter.building, '') as key, meter.unit, block.subject, block.area, meter.energy_item,
      block.interval_minutes, block.scale, block.values, block.present, meter.time_zone
    from metering.visible_day as block join metering.meter as meter on meter.id = block.meter
    where block.date between ${FROM} and ${TO} and starts_with(block.area, ${AREA}) and ${isItem('meter')}
      and block.present > 0 and block.interval_minutes <= 60`);

function parts(step: Step): string {
  if (step === 'HOUR') {
    return `select date, hour, subject, key as building, energy_item, unit, area, total, present, due
      from (${HOURLY}) as hourly where present > 0`;
  }
  const [before, after] = DAYS;
  const days = [kept('rollup_day', 'date', before!), kept('rollup_day', 'date', after!)];
  return [kept('rollup_month', 'month', MONTHS), ...days].join(' union all ');
}

const STARTS: Record<Step, string> = {
  HOUR: 'date',
  DAY: 'date',
  MONTH: `greatest(date_trunc('month', date::timestamp)::date, ${FROM})`,
  YEAR: `greatest(date_trunc('year', date::timestamp)::date, ${FROM})`,
};

const KEYS = ['"from"', 'hour', 'area', 'type', 'function', 'item', 'unit'];
const KEY = KEYS.join(', ');

/**
 * Figures by period, item and unit, and by area, type and function where asked for, in their order; and beside them, in rows that
 * name a subject, whose readings went into them.
 */
export function figuresStatement(step: Step): string {
  return `
    with asked as (select ${FROM}, ${TO}, ${[...MONTHS, ...DAYS.flat()].join(', ')}),
    part as materialized (select ${STARTS[step]} as start, part.* from (${parts(step)}) as part),
    figure as (
      select start::text as "from", coalesce(to_char(hour, 'FM00'), '') as hour,
        case when ${BY_AREA} then area else '' end as area,
        case when ${BY_TYPE} then coalesce(runtime.building_type(nullif(building, '')), '') else '' end as type,
        coalesce(registered.function, '') as function,
        energy_item as item, unit, trim_scale(sum(total))::text as total, count(distinct subject)::integer as subjects,
        coalesce(array_agg(distinct building) filter (where building <> ''), '{}') as "buildingIds",
        array_agg(distinct area) as areas, sum(present)::float8 as present, sum(due)::float8 as due
      from part left join unnest(${FUNCTIONS.join(', ')}) as registered (id, function) on registered.id = part.building
      group by 1, 2, 3, 4, 5, 6, 7
    ), wanted as (
      select * from figure
      where ${AFTER} is null or (${KEY})
        > (${KEYS.map((_, place) => `(${AFTER})[${place + 1}]`).join(', ')})
      order by ${KEY} limit ${LIMIT}
    )
    select null as subject, null as place, wanted.* from wanted
    union all
    select subject, area, null, null, null, null, null, null, null, null, null, null, null, sum(present)::float8, null
    from part group by subject, area
    order by ${KEY}`;
}
