import type { BulkSession } from '../../runtime/bulk.js';
import type { MeterKind } from '../entities.js';
import { MeterBounds } from '../quality/judging/bounds.js';
import type { IngestSettings } from '../quality/judging/settings.js';
import { minutesSinceEpoch, MINUTES_A_DAY, Zone } from './calendar.js';
import { Claims } from './claims.js';
import type { OpenDay } from './open-days.js';
import { fault, quoted, type Fault } from './reasons.js';
import { textFields } from './row-fields.js';

/** A meter that the uploader may write, with what this upload has given for it. */
export interface KnownMeter {
  id: string;
  /** Registered interval in minutes: the one of single readings. */
  interval: number;
  unit: string;
  zone: Zone;
  area: string;
  subject: string;
  /** Its values are what a counter showed at the end of each interval. */
  isRegister: boolean;
  /** Digits of that counter before the point. */
  registerDigits: number | null;
  /** What its differences are multiplied by: an exact decimal. */
  multiplier: string;
  /** Today on the meter's own clock when the upload began, and the minute since 2000. */
  today: number;
  now: number;
  /** What its values are compared with. */
  bounds: MeterBounds;
  /** From this day on its days have a deadline, so many hours after they end. */
  dueSince: number;
  lateHours: number;
  claims: Claims;
  /** Meter, area and subject as they stand in every row. */
  fields: Buffer;
  /** Days of which single readings wait to be written. */
  openDays: Map<number, OpenDay> | undefined;
  /** A line of it waits for an answer of the database, so later lines wait behind it. */
  isWaiting: boolean;
}

interface MeterRow {
  id: string;
  area: string;
  subject: string;
  interval_minutes: number;
  unit: string;
  time_zone: string;
  kind: MeterKind;
  register_digits: number | null;
  multiplier: string;
  rated_per_hour: string | null;
  usual_per_hour: string | null;
  /** Day since 2000-01-01 from which it was in use, and minute since then at which it was registered, UTC. */
  installed: number | null;
  registered: number;
}

const METER_ID = /^[A-Za-z0-9._:-]{1,64}$/;
/** Names of no meter of the uploader's are remembered only so far: there are as many as a sender cares to invent. */
const MOST_STRANGERS = 50_000;

/** The meters that one upload speaks of; the database is asked once for each, many at a time. */
export class MeterDirectory {
  readonly #session: BulkSession;
  readonly #now: number;
  readonly #settings: IngestSettings;
  readonly #known = new Map<string, KnownMeter>();
  readonly #strangers = new Map<string, Fault>();
  readonly #zones = new Map<string, Zone | null>();
  /** By what limits them: most meters of an upload have the same, or none. */
  readonly #bounds = new Map<string, MeterBounds>();

  constructor(session: BulkSession, now: Date, settings: IngestSettings) {
    this.#session = session;
    this.#settings = settings;
    this.#now = minutesSinceEpoch(now);
  }

  /** `undefined`: the database has to be asked first. */
  find(id: string): KnownMeter | Fault | undefined {
    const known = this.#known.get(id) ?? this.#strangers.get(id);
    if (known || METER_ID.test(id)) return known;
    return fault('UNKNOWN_METER', `${quoted(id)} cannot be the id of a meter`);
  }

  /** Asks for meters, so that {@link find} knows them. */
  async learn(ids: string[]): Promise<void> {
    if (this.#strangers.size > MOST_STRANGERS) this.#strangers.clear();
    await this.#session.transaction(async (client) => {
      const { rows } = await client.query<MeterRow>('select * from metering.meters_to_write($1)', [ids]);
      for (const row of rows) this.#add(row);
      const strangers = ids.filter((id) => this.find(id) === undefined);
      if (strangers.length === 0) return;
      const existing = await client.query<{ id: string }>('select metering.existing_meters($1) as id', [
        strangers,
      ]);
      const foreign = new Set(existing.rows.map(({ id }) => id));
      for (const id of strangers) this.#strangers.set(id, strangerFault(id, foreign.has(id)));
    });
  }

  #add(row: MeterRow): void {
    const zone = this.#zoneOf(row.time_zone);
    if (!zone) {
      const detail = `meter ${quoted(row.id)} is registered in the unknown time zone ${quoted(row.time_zone)}`;
      this.#strangers.set(row.id, fault('BAD_DATE', detail));
      return;
    }
    const now = zone.local(this.#now);
    this.#known.set(row.id, {
      id: row.id,
      interval: row.interval_minutes,
      unit: row.unit,
      zone,
      area: row.area,
      subject: row.subject,
      isRegister: row.kind === 'REGISTER',
      registerDigits: row.register_digits,
      multiplier: row.multiplier,
      today: Math.floor(now / MINUTES_A_DAY),
      now,
      bounds: this.#boundsOf(row),
      dueSince: Math.max(
        row.installed ?? 0,
        Math.floor(zone.local(Math.floor(row.registered)) / MINUTES_A_DAY),
      ),
      lateHours: this.#settings.lateHours,
      claims: new Claims(row.interval_minutes),
      fields: textFields([row.id, row.area, row.subject]),
      openDays: undefined,
      isWaiting: false,
    });
  }

  #boundsOf({ rated_per_hour: ratedPerHour, usual_per_hour: usualPerHour }: MeterRow): MeterBounds {
    const key = `${ratedPerHour} ${usualPerHour}`;
    let bounds = this.#bounds.get(key);
    if (!bounds) {
      bounds = new MeterBounds({ ratedPerHour, usualPerHour }, this.#settings);
      this.#bounds.set(key, bounds);
    }
    return bounds;
  }

  #zoneOf(name: string): Zone | null {
    let zone = this.#zones.get(name);
    if (zone === undefined) {
      zone = zoneNamed(name);
      this.#zones.set(name, zone);
    }
    return zone;
  }
}

function zoneNamed(name: string): Zone | null {
  try {
    return new Zone(name);
  } catch {
    return null;
  }
}

function strangerFault(id: string, isForeign: boolean): Fault {
  if (isForeign)
    return fault('FOREIGN_METER', `meter ${quoted(id)} lies outside your reach for writing readings`);
  return fault('UNKNOWN_METER', `no meter ${quoted(id)} is registered`);
}
