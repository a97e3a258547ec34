import { Refusal } from '../../../../gateway/errors.js';
import { dateText, minuteText, MINUTES_A_DAY, minutesSinceEpoch } from '../calendar.js';
import { readDecimal } from '../decimals.js';
import { millionths, type Reading, stepBetween } from './consumption.js';
import { type Ask, type CounterOfMeter, countersOf } from './statements.js';

/** The last reading that is stored of a meter before a minute of its own clock, in millionths. */
const LAST_READ = `
  select at, (values[place] * 10::numeric ^ (6 - scale))::bigint::text as register
  from metering.register_day as stored
  cross join lateral (select place::integer, (date - '2000-01-01') * 1440 + place::integer * interval_minutes as at
    from generate_subscripts(values, 1) as place where values[place] is not null) as reading
  where meter = $1 and date <= $2 and present > 0 and at < $3
  order by date desc, place desc limit 1`;

/**
 * What a counter showed as it was taken away has to follow what was read of it last.
 *
 * @throws Refusal BAD_USER_INPUT where it runs backwards from there.
 */
export async function checkLastRegister(
  ask: Ask,
  meter: CounterOfMeter,
  endedAt: string,
  lastRegister: string,
): Promise<void> {
  const until = Math.ceil(meter.zone.local(minutesSinceEpoch(new Date(endedAt))));
  const [row] = await ask<{ at: number; register: string }>(LAST_READ, [
    meter.id,
    dateText(Math.floor(until / MINUTES_A_DAY)),
    until,
  ]);
  const last = readDecimal(lastRegister);
  if (!row || typeof last === 'string') return;
  const before: Reading = { at: row.at, register: BigInt(row.register) };
  const after: Reading = { at: until - 1, register: millionths(last.mantissa, last.decimals) };
  const counters = (await countersOf(ask, [meter])).get(meter.id)!;
  const step = stepBetween(before, after, counters);
  if (!('contradiction' in step) || step.contradiction !== 'BACKWARDS') return;
  throw new Refusal('BAD_USER_INPUT', {
    message: `lastRegister: ${meter.id} showed more at ${minuteText(row.at)}, and ${lastRegister} does not follow that.`,
    remedy: 'Check the register; a reading that is wrong is uploaded again first.',
  });
}
