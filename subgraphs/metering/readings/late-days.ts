import { text } from 'node:stream/consumers';
import { json } from '../../runtime/answers.js';
import type { Door } from '../../runtime/door.js';

/** Days that came too late for somebody: of one subject, recorded after a moment, before a day. Null is all. */
export interface LateDaysQuestion {
  subject: string;
  energyKinds: string[] | null;
  meterLevels: number[] | null;
  /** Instants. */
  after: string;
  until: string;
  /** Only of what was written by these transactions, the last left out; null is all. */
  written: { from: string; to: string } | null;
  /** What else was granted to the same recipient, until when: what it let through did not come too late. */
  others: { energyKinds: string[] | null; meterLevels: number[] | null; until: string }[];
}

const within = (kinds: string, levels: string): string => `(${kinds} is null and ${levels} is null or exists (
        select from metering.meter where meter.id = day.meter
          and (${kinds} is null or left(meter.energy_item, 2) = any(${kinds}))
          and (${levels} is null or meter.level = any(${levels}))))`;

/** A correction counts as often as it is the last word on a day: it is what would have been received. */
const COUNTS = `
  select (select count(*)::integer from metering.visible_day as day
    where day.subject = asked.subject and day.recorded_at > asked.after and day.date < asked.until
      and (asked.written is null or day.changed >= (asked.written ->> 'from')::xid8
        and day.changed < (asked.written ->> 'to')::xid8)
      and ${within('asked.kinds', 'asked.levels')}
      and not exists (
        select from jsonb_to_recordset(asked.others) as other ("energyKinds" text[], "meterLevels" smallint[], until timestamptz)
        where day.recorded_at < other.until and ${within('other."energyKinds"', 'other."meterLevels"')})) as days
  from rows from (jsonb_to_recordset($1::jsonb) as (subject text, "energyKinds" text[], "meterLevels" smallint[],
    after timestamptz, until timestamptz, written jsonb, others jsonb))
    with ordinality as asked (subject, kinds, levels, after, until, written, others, place)
  order by asked.place`;

/** Body: {@link LateDaysQuestion}s. Answers a count for each, of the days that the caller itself may see. */
export const lateDaysDoor: Door = {
  requires: ['readings:read', 'meters:read'],
  audience: 'inner',
  handle: async ({ body }, session) => {
    const asked = await text(body);
    const counts = await session.transaction(async (client) => {
      const { rows } = await client.query<{ days: number }>(COUNTS, [asked]);
      return rows.map(({ days }) => days);
    });
    return json(counts);
  },
};
