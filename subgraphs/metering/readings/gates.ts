import { text } from 'node:stream/consumers';
import { json } from '../../runtime/answers.js';
import type { Door } from '../../runtime/door.js';

/** Which days of a unit are looked at, and what it takes for one to count. */
export interface GateAsked {
  uscc: string;
  from_day: string;
  to_day: string;
  /** After the end of a day. */
  hours: string;
  /** Per cent of the points due. */
  completeness: string;
}

/** A unit that has gate meters, or one energy class of it. */
export interface GateUploads {
  uscc: string;
  energyClass: string | null;
  meters: number;
  daysOnTime: number;
  lastOnTime: string | null;
}

/** Body: `on`, and {@link GateAsked} of many `units`; answers {@link GateUploads}, for the room of enterprises. */
export const gatesDoor: Door = {
  requires: ['meters:read', 'quality:read'],
  audience: 'inner',
  handle: async ({ body }, session) => {
    const { on, units } = JSON.parse(await text(body)) as { on: string; units: GateAsked[] };
    const { rows } = await session.transaction((client) =>
      client.query<GateUploads>(
        `select uscc, energy_class as "energyClass", meters::integer, days_on_time::integer as "daysOnTime",
           last_on_time::text as "lastOnTime"
         from metering.gate_uploads($1::jsonb, $2)`,
        [JSON.stringify(units), on],
      ),
    );
    return json(rows);
  },
};
