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
}

/** A correction counts as often as it is the last word on a day: it is what would have been received. */
const COUNTS = `
  select (select count(*)::integer from metering.visible_day as day
    where day.subject = asked.subject and day.recorded_at > asked.after and day.date < asked.until
      and (asked.kinds is null and asked.levels is null or exists (
        select from metering.meter where meter.id = day.meter
          and (asked.kinds is null or left(meter.energy_item, 2) = any(asked.kinds))
          and (asked.levels is null or meter.level = any(asked.levels))))) as days
  from rows from (jsonb_to_recordset($1::jsonb) as (subject text, "energyKinds" text[], "meterLevels" smallint[],
    after timestamptz, until timestamptz)) with ordinality as asked (subject, kinds, levels, after, until, place)
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
