import { addDays, todayInChina } from '../../../../subgraphs/enterprises/progress/quarters.js';
import { USCC_A } from '../../../world/parties.js';
import { aMeter, anEnterprise, has, usccOf } from '../../../world/things.js';
import type { World } from '../../../world/world.js';

export const [LATE, UNPLANNED, SMALL, NORTH] = [1, 2, 3, 4].map(usccOf) as [string, string, string, string];
export const UPLOADING = USCC_A;

const TODAY = todayInChina(new Date());
/** Days whose deadline of 24 hours is past, the last first. */
export const closedDay = (back: number): string => addDays(TODAY, -2 - back);
export const inDays = (days: number): string => addDays(TODAY, days);

export const PLAN = `mutation ($plans: [AccessPlanInput!]!) {
  planAccess(plans: $plans) { uscc version plannedOn organ batch energyClasses plannedBy } }`;

export function aPlan(enterpriseUscc: string, rest: object = {}): object {
  return { enterpriseUscc, plannedOn: '2026-03-31', organ: 'Energy office', ...rest };
}

/**
 * Five units of two districts: one that uploads daily, one whose last day but one was late, one that nobody planned, one
 * that is no key unit, and one of the other district that is being built.
 */
export async function unitsOfTwoDistricts(world: World): Promise<void> {
  const [here, there] = [world.as('district-310101'), world.as('district-310104')];
  await has(here, {
    enterprises: [
      anEnterprise({ uscc: UPLOADING, unitClass: 'WANJIA', annualTce: '6000' }),
      anEnterprise({ uscc: LATE, annualTce: '600000' }),
      anEnterprise({ uscc: UNPLANNED, annualTce: '10000' }),
      anEnterprise({ uscc: SMALL, annualTce: '9999.999' }),
    ],
    meters: [
      aMeter({ id: 'a-power', enterpriseUscc: UPLOADING }),
      aMeter({ id: 'a-sub', enterpriseUscc: UPLOADING, level: 2, parentId: 'a-power' }),
      aMeter({ id: 'a-gas', enterpriseUscc: UPLOADING, energyItem: '03000', unit: 'm3' }),
      aMeter({ id: 'b-power', enterpriseUscc: LATE }),
      aMeter({ id: 'b-heat', enterpriseUscc: LATE, energyItem: '04000', unit: 'GJ' }),
    ],
  });
  await has(there, {
    enterprises: [anEnterprise({ uscc: NORTH, area: '310104', unitClass: 'BAIJIA' })],
  });
  await here.mustAsk(PLAN, {
    plans: [aPlan(UPLOADING, { energyClasses: ['03', '01'] }), aPlan(LATE, { energyClasses: ['01', '03'] })],
  });
  await there.mustAsk(PLAN, {
    plans: [aPlan(NORTH, { plannedOn: inDays(60), buildingSince: inDays(-3), batch: '2' })],
  });
}

/** Whole days up to yesterday, as if they had come in the first hours of the day after. */
export async function daysWentBy(world: World, meters: string[], count = 9): Promise<void> {
  const dates = Array.from({ length: count }, (_, back) => inDays(-1 - back));
  const lines = dates.flatMap((date) =>
    meters.map((meter) => ({ meter, date, interval: 60, values: Array<number>(24).fill(1) })),
  );
  await world.as('district-310101').upload(lines);
  await world.sql(`update metering.meter set registered_at = now() - interval '1 year'`);
  await cameAfter(world, 2, meters);
}

/** Only the clock of what was really uploaded is set: hours after the end of a day. */
export async function cameAfter(
  world: World,
  hours: number,
  meters: string[],
  dates: string[] | null = null,
): Promise<void> {
  await world.sql(
    `with off as (select set_config('session_replication_role', 'replica', true))
     update metering.day_block set recorded_at = (date + 1)::timestamp at time zone 'Asia/Shanghai' + $1 * interval '1 hour'
     from off where meter = any($2) and ($3::date[] is null or date = any($3))`,
    [hours, meters, dates],
  );
}
