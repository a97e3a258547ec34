import { Zone } from '../../readings/calendar.js';
import { DaySeries } from '../../readings/series.js';
import { MeterBounds } from './bounds.js';
import { foundIn, recordEdges } from './day-findings.js';
import { judgeValues, type Judged } from './day-judge.js';
import { type IngestSettings, SETTINGS_SQL, settingsOf, type SettingsRow } from './settings.js';

/** One statement in the transaction of whoever asks: a bulk door's or a mutation's. */
export type Ask = <Row extends object>(sql: string, parameters: unknown[]) => Promise<Row[]>;

/** A stored day with what its meter is known to use. Integers at the scale, as text. */
export interface StoredToJudge {
  meter: string;
  /** `YYYY-MM-DD`, and the same since 2000-01-01. */
  date: string;
  day: number;
  version: number;
  interval: number;
  scale: number;
  values: (string | null)[];
  rated_per_hour: string | null;
  usual_per_hour: string | null;
  time_zone: string;
  /** Hours between its end and its coming; null where it had no deadline, or is no first version. */
  hours: number | null;
  /** What the register showed before the day and at the end of each interval; null of other meters. */
  registers: (string | null)[] | null;
}

export async function ingestSettings(ask: Ask, edition: number | null = null): Promise<IngestSettings> {
  return settingsOf((await ask<SettingsRow>(SETTINGS_SQL, [edition]))[0]!);
}

/** Judges what this transaction has stored and no upload's own reading has judged: registers, corrections. */
export async function judgeWritten(ask: Ask, days: { meter: string; date: string }[]): Promise<void> {
  if (days.length === 0) return;
  const rows = await ask<StoredToJudge>('select * from metering.days_to_judge($1, $2)', [
    days.map(({ meter }) => meter),
    days.map(({ date }) => date),
  ]);
  await judgeRows(ask, rows);
}

/** Judges stored days by the edition in force and marks them as judged. */
export async function judgeRows(ask: Ask, rows: StoredToJudge[]): Promise<void> {
  if (rows.length === 0) return;
  const settings = await ingestSettings(ask);
  const judge = new StoredJudge(settings);
  const judged = rows.map((row) => ({
    ...judge.judge(row),
    meter: row.meter,
    date: row.date,
    version: row.version,
  }));
  await recordEdges(ask, judged);
  await ask('select metering.record_judgements($1, $2::jsonb, $3::jsonb)', [
    settings.edition,
    JSON.stringify(
      judged.map(({ meter, date, version, marks }) => ({
        meter,
        date,
        version,
        marks: Buffer.from(marks).toString('hex'),
      })),
    ),
    JSON.stringify(foundIn(judged)),
  ]);
}

/** Judges stored days by the settings of one edition, whether it is in force or not. */
export class StoredJudge {
  readonly #settings: IngestSettings;
  readonly #zones = new Map<string, Zone>();
  readonly #bounds = new Map<string, MeterBounds>();

  constructor(settings: IngestSettings) {
    this.#settings = settings;
  }

  judge(row: StoredToJudge): Judged {
    const { day, interval, hours } = row;
    const series = seriesOf(row);
    const isLate = hours !== null && hours > this.#settings.lateHours;
    return judgeValues(series, this.#boundsOf(row).at(interval, series.scale), {
      interval,
      shift: this.#zoneOf(row.time_zone).shiftOn(day),
      lateHours: isLate ? Math.floor(hours) : undefined,
      rolledOver: rolledOver(row),
    });
  }

  #boundsOf({ rated_per_hour: ratedPerHour, usual_per_hour: usualPerHour }: StoredToJudge): MeterBounds {
    const key = `${ratedPerHour} ${usualPerHour}`;
    let bounds = this.#bounds.get(key);
    if (!bounds) {
      bounds = new MeterBounds({ ratedPerHour, usualPerHour }, this.#settings);
      this.#bounds.set(key, bounds);
    }
    return bounds;
  }

  #zoneOf(name: string): Zone {
    let zone = this.#zones.get(name);
    if (!zone) {
      zone = new Zone(name);
      this.#zones.set(name, zone);
    }
    return zone;
  }
}

function seriesOf({ values, scale }: StoredToJudge): DaySeries {
  const series = new DaySeries(values.length);
  for (const value of values)
    series.push(value === null ? null : { mantissa: Number(value), decimals: scale });
  series.settle();
  return series;
}

/** Intervals at whose end the register shows less than at the last reading before. */
function rolledOver({ registers }: StoredToJudge): number[] | undefined {
  const places: number[] = [];
  let last: bigint | null = null;
  registers?.forEach((text, place) => {
    if (text === null) return;
    const register = BigInt(text);
    if (last !== null && register < last) places.push(place - 1);
    last = register;
  });
  return places.length > 0 ? places : undefined;
}
