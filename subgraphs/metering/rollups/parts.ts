import { isCounted } from './counted.js';
import { unitOf } from '../readings/unit-of-scale.js';
import { dueOf, presentOf } from './clock.js';
import { hourSums } from './hours.js';
import type { Step } from './periods.js';

/** Of whom or what sums are asked for. */
export type Of = 'area' | 'building' | 'enterprise' | 'meter';

/** One statement's parameters: keys (of an area its prefix), energy item, first and last day, as of when. */
export const KEYS = '$1::text[]';
export const ITEM = '$2::text';
export const FROM = '$3::date';
export const TO = '$4::date';
export const AS_OF = '$5::timestamptz';
/** Whole months, and the days before and after them; null where there are none. */
const MONTHS = ['$6::date', '$7::date'];
const DAYS = [
  ['$8::date', '$9::date'],
  ['$10::date', '$11::date'],
];

/** As of now or of a moment; with the months of what may be told by months alone, if the grant has any. */
export interface Manner {
  isAsOf: boolean;
  isByMonth: boolean;
}

/** Says of what type each is: a statement need not use all of them. */
export const ASKED = `with asked as (select ${[KEYS, ITEM, FROM, TO, AS_OF, ...MONTHS, ...DAYS.flat()].join(', ')})`;

/** How rows of each kind are named and found: sums carry what blocks have to ask of their meter. */
export const SELECTIONS: Record<Of, { key: string; block: string; blockKey: string }> = {
  area: { key: `'all'::text`, block: `starts_with(block.area, (${KEYS})[1])`, blockKey: `'all'::text` },
  building: { key: 'kept.building', block: `meter.building = any(${KEYS})`, blockKey: 'meter.building' },
  enterprise: { key: 'kept.subject', block: `block.subject = any(${KEYS})`, blockKey: 'block.subject' },
  meter: { key: '', block: `block.meter = any(${KEYS})`, blockKey: 'block.meter' },
};

/** A meter's own sums have no item: they are all that it measured. */
export function isItem(table: string): string {
  return `(${ITEM} is null or ${table}.energy_item = ${ITEM} and ${isCounted(table)})`;
}

const BLOCK = 'date, meter, area, subject, interval_minutes, scale, values, total, present';

/** The days as they are now, or as they were at a moment. */
export function blocks(isAsOf: boolean): string {
  if (!isAsOf) return `(select ${BLOCK}, 1 as sign from metering.visible_day)`;
  return `(
    select ${BLOCK}, 1 as sign from metering.visible_day where recorded_at <= ${AS_OF}
    union all
    ${REPLACED}
  )`;
}

const REPLACED = `select ${BLOCK}, 1 from metering.visible_superseded_day
    where recorded_at <= ${AS_OF} and superseded_at > ${AS_OF}`;

/** What has to be added to the sums of now to have those of a moment: it grows with what changed since. */
const CHANGES = `(
    select ${BLOCK}, -1 as sign from metering.visible_day where recorded_at > ${AS_OF}
    union all
    ${REPLACED}
  )`;

function fromBlocks(of: Of, source: string): string {
  const { block, blockKey } = SELECTIONS[of];
  return `
    select block.date, ${blockKey} as key, unit, block.subject, block.area, energy_item, sign * block.total * ${unitOf('block.scale')} as total,
      sign * (block.present > 0)::integer as meter_days, sign * ${presentOf('block', 'meter.time_zone')} as present,
      sign * ${dueOf('block', 'meter.time_zone')} as due,
      null::integer as hour, 0 as whole_days
    from ${source} as block join metering.meter on meter.id = block.meter
    where block.date between ${FROM} and ${TO} and ${block} and ${isItem('meter')}`;
}

/** Months of single meters whose days may not be told. */
const METER_MONTHS = `
    select month as date, months.meter as key, unit, months.subject, months.area, energy_item, total, meter_days, present, due,
      null::integer as hour, 0 as whole_days
    from metering.meter_months(${KEYS}, ${MONTHS.join(', ')}) as months join metering.meter on meter.id = months.meter
    where ${isItem('meter')}`;

/** Days that are known only whole are counted beside the hours and are in none. */
function hours(of: Of, isAsOf: boolean): string {
  const { block, blockKey } = SELECTIONS[of];
  const days = `
    select block.date, ${blockKey} as key, unit, block.subject, block.area, energy_item, block.interval_minutes, block.scale,
      block.values, block.present, meter.time_zone
    from ${blocks(isAsOf)} as block join metering.meter on meter.id = block.meter
    where block.date between ${FROM} and ${TO} and ${block} and ${isItem('meter')}`;
  return `
    select date, key, unit, subject, area, energy_item, total, present as meter_days, present, due, hour, 0 as whole_days
    from (${hourSums(`${days} and block.interval_minutes <= 60`)}) as hourly
    union all
    select date, key, unit, subject, area, energy_item, 0, 0, 0, 0, 0, 1
    from (${days} and block.interval_minutes > 60) as whole`;
}

/** Whose sums are found by subject, because the sums are kept by it. */
const OWNERS: Record<'building' | 'enterprise', string> = {
  enterprise: `(select subject from unnest(${KEYS}) as subject) as owner`,
  building: `(select distinct building, subject from metering.rollup_month
      where building = any(${KEYS}) and month between date_trunc('month', ${FROM}::timestamp) and ${TO}) as owner`,
};

function kept(of: Of, table: 'rollup_month' | 'rollup_day', [from, to]: string[]): string {
  const period = table === 'rollup_month' ? 'month' : 'date';
  const source =
    of === 'building' || of === 'enterprise'
      ? `${OWNERS[of]} cross join generate_series(${from}::timestamp, ${to}::timestamp, interval '1 ${table === 'rollup_month' ? 'month' : 'day'}') as start
         join metering.${table} as kept on kept.${period} = start::date and kept.subject = owner.subject
           ${of === 'building' ? 'and kept.building = owner.building' : ''}
         where true`
      : `metering.${table} as kept where ${period} between ${from} and ${to} and starts_with(area, (${KEYS})[1])`;
  return `
    select kept.${period} as date, ${SELECTIONS[of].key} as key, unit, kept.subject, area, energy_item, total,
      meters as meter_days, present, due, null::integer as hour, 0 as whole_days
    from ${source} and ${isItem('kept')}`;
}

/** What the sums are made of, by date: sums of months and days, or the blocks of a meter and of hours. */
function parts(of: Of, step: Step | null, { isAsOf, isByMonth }: Manner): string {
  if (step === 'HOUR') return hours(of, isAsOf);
  if (of === 'meter') {
    const days = fromBlocks(of, blocks(isAsOf));
    return isByMonth ? `${days} union all ${METER_MONTHS}` : days;
  }
  const [before, after] = DAYS;
  const months = kept(of, 'rollup_month', MONTHS);
  const all = [months, kept(of, 'rollup_day', before!), kept(of, 'rollup_day', after!)];
  if (isAsOf) all.push(fromBlocks(of, CHANGES));
  return all.join(' union all ');
}

/** First day of the period that a part lies in, which may have been cut short. */
export const STARTS: Record<Step | 'ALL', string> = {
  ALL: FROM,
  HOUR: 'date',
  DAY: 'date',
  MONTH: `greatest(date_trunc('month', date::timestamp)::date, ${FROM})`,
  YEAR: `greatest(date_trunc('year', date::timestamp)::date, ${FROM})`,
};

/**
 * Exact sums by key, period and unit, and beside them, where a row names a subject, what of a key's sums is its.
 * A whole month is one row of the sums, so a series of days must not be asked for by it.
 */
export function sumsStatement(of: Of, step: Step | null, manner: Manner): string {
  return `${ASKED}
    select key, start::text as "from", hour, unit, subject, area, trim_scale(sum(total))::text as total,
      sum(meter_days)::float8 as "meterDays", sum(present)::float8 as present, sum(due)::float8 as due,
      sum(whole_days)::float8 as "wholeDays", min(energy_item) as "energyItem"
    from (select ${STARTS[step ?? 'ALL']} as start, part.* from (${parts(of, step, manner)}) as part) as part
    group by grouping sets ((key, start, hour, unit), (key, subject, area))
    having ${step ? 'sum(due) > 0 or sum(whole_days) > 0' : 'sum(present) > 0'}`;
}

/** Meters with a value in the period, by key: each is looked for day by day until one is found. */
export function metersStatement(of: Of, { isAsOf, isByMonth }: Manner): string {
  const { block, blockKey } = SELECTIONS[of];
  const days = `
      select block.subject, block.meter
      from generate_series(${FROM}::timestamp, ${TO}::timestamp, interval '1 day') as day
      cross join lateral (
        select from_block.* from ${blocks(isAsOf)} as from_block
        where from_block.date = day::date and from_block.meter = meter.id and present > 0 limit 1
      ) as block
      where ${block} limit 1`;
  const months = `
      select block.subject, block.meter
      from metering.meter_months(array[meter.id], ${MONTHS.join(', ')}) as block
      where present > 0 and ${block} limit 1`;
  return `${ASKED}
    select ${blockKey} as key, count(*)::int as meters
    from metering.meter
    cross join lateral (${isByMonth ? `(${days}) union all (${months})` : days}
    ) as block
    where ${isItem('meter')} ${of === 'building' || of === 'meter' ? `and meter.${of === 'meter' ? 'id' : of} = any(${KEYS})` : ''}
    group by 1`;
}
