import { text } from 'node:stream/consumers';
import type { Door } from '../../runtime/door.js';
import { json } from '../../runtime/answers.js';

/** Whose days, of which units, and how many hours after its end a day may still come. */
export interface CoverageAsked {
  from: string;
  to: string;
  hours: number;
  /** Unified social credit codes. */
  units: string[];
}

/** One day of a platform's meters, in points: due, here by now, and here by the deadline. */
export interface CoveredDay {
  date: string;
  due: number;
  present: number;
  onTime: number;
  /** Of the units asked for, those of whose meters at least one value was here by the deadline. */
  unitsOnTime: number;
}

/** A unit that has a meter. */
export interface CoveredUnit {
  uscc: string;
  meters: number;
  /** Days on which a value of it was here by the deadline, and the last of them. */
  daysOnTime: number;
  lastOnTime: string | null;
}

export interface Coverage {
  /** Those on which anything was due. */
  days: CoveredDay[];
  units: CoveredUnit[];
}

interface Row {
  date: string | null;
  unit: string | null;
  meters: string;
  due: string;
  present: string;
  on_time: string;
  cells_on_time: string;
  last_on_time: string | null;
}

/** Body: {@link CoverageAsked} as JSON; answers {@link Coverage}, for the room of tenants. */
export const coverageDoor: Door = {
  requires: ['applications:read'],
  audience: 'inner',
  handle: async ({ params, body }, session) => {
    const { from, to, hours, units } = JSON.parse(await text(body)) as CoverageAsked;
    const { rows } = await session.transaction((client) =>
      client.query<Row>(
        `select date::text, unit, meters, due, present, on_time, cells_on_time, last_on_time::text
         from metering.coverage($1, $2, $3, $4, $5::numeric * interval '1 hour')`,
        [params['platform'], units, from, to, hours],
      ),
    );
    return json(coverageOf(rows));
  },
};

function coverageOf(rows: Row[]): Coverage {
  const coverage: Coverage = { days: [], units: [] };
  for (const { date, unit, ...row } of rows) {
    const cellsOnTime = Number(row.cells_on_time);
    if (date !== null) {
      const [due, present, onTime] = [row.due, row.present, row.on_time].map(Number) as [
        number,
        number,
        number,
      ];
      coverage.days.push({ date, due, present, onTime, unitsOnTime: cellsOnTime });
    } else if (unit !== null) {
      const meters = Number(row.meters);
      coverage.units.push({ uscc: unit, meters, daysOnTime: cellsOnTime, lastOnTime: row.last_on_time });
    }
  }
  return coverage;
}
