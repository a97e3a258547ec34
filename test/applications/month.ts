import { addDays, dayInChina } from '../../subgraphs/tenants/applications/measure.js';
import type { Caller } from '../world/caller.js';
import { aMeter, anEnterprise, has, usccOf } from '../world/things.js';
import type { World } from '../world/world.js';

/** Days up to yesterday in China, oldest first. */
export function daysBefore(count: number): string[] {
  const today = dayInChina(new Date());
  return Array.from({ length: count }, (_, index) => addDays(today, index - count));
}

/** One hourly meter of an enterprise of its own, which the tenant registers in the TEST database. */
export async function aMeterInTest(tenant: Caller, id = 'pd-gate'): Promise<void> {
  await has(tenant, {
    enterprises: [anEnterprise({ uscc: usccOf(15), name: '测试用能单位', area: '310115' })],
    meters: [aMeter({ id, enterpriseUscc: usccOf(15) })],
  });
}

/** Day lines of the meter; `missing` are the values left out of each. */
export function dayLines(days: string[], missing = 0, meter = 'pd-gate'): object[] {
  const values = [...Array<null>(missing).fill(null), ...Array<number>(24 - missing).fill(1)];
  return days.map((date) => ({ meter, date, interval: 60, values }));
}

/**
 * As if the days had come as they went by: nobody waits a month for a test. Only the clock of what the tenant really
 * uploaded is set back, `hours` after the end of each day.
 */
export async function asTheyWentBy(world: World, days: string[], hours = 2): Promise<void> {
  await world.sql(
    `with off as (select set_config('session_replication_role', 'replica', true))
     update metering.day_block set recorded_at = (date + 1)::timestamp at time zone 'Asia/Shanghai' + $2 * interval '1 hour'
     from off where date = any($1)`,
    [days, hours],
    'TEST',
  );
  await world.sql(`update metering.meter set registered_at = now() - interval '1 year'`, [], 'TEST');
}
