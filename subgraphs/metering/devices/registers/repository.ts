import DataLoader from 'dataloader';
import { inOrder } from '../../../runtime/pages.js';
import type { Session } from '../../../runtime/session.js';
import { dayNumber } from '../../readings/calendar.js';
import { readAt } from '../../readings/registers/consumption.js';
import { type AccumulatedValue, RegisterDay } from './entities.js';

const DAYS = `
  select stored.* from unnest($1::text[], $2::date[]) as asked (meter, date)
  join metering.register_day as stored using (meter, date)`;

/** When a meter was last read before a day begins, in minutes since 2000 on its own clock. */
const READ_BEFORE = `
  select asked.meter, asked.date::text, (last.date - '2000-01-01') * 1440 + last.place * last.interval_minutes as at
  from unnest($1::text[], $2::date[]) as asked (meter, date)
  cross join lateral (
    select date, interval_minutes, (select max(place)::integer from unnest(values) with ordinality as one (value, place)
      where value is not null) as place
    from metering.register_day as other
    where other.meter = asked.meter and other.date < asked.date and other.present > 0 order by date desc limit 1
  ) as last`;

interface Key {
  meter: string;
  date: string;
}

const nameOf = ({ meter, date }: Key): string => `${date} ${meter}`;

export class RegisterRepository {
  readonly #session: Session;

  readonly #ofDay = new DataLoader<Key, RegisterDay | null, string>(
    async (keys) => {
      const rows = await this.#session.entities(RegisterDay, DAYS, columnsOf(keys));
      return inOrder(keys.map(nameOf), rows, nameOf);
    },
    { cacheKeyFn: nameOf },
  );
  readonly #readBefore = new DataLoader<Key, { at: number } | null, string>(
    async (keys) => {
      const rows = await this.#session.rows<Key & { at: number }>(READ_BEFORE, columnsOf(keys));
      return inOrder(keys.map(nameOf), rows, nameOf);
    },
    { cacheKeyFn: nameOf },
  );

  constructor(session: Session) {
    this.#session = session;
  }

  /** Null for a meter that is not read as a register. */
  ofDay(day: Key): Promise<RegisterDay | null> {
    return this.#ofDay.load({ meter: day.meter, date: day.date });
  }

  async accumulated(day: RegisterDay): Promise<AccumulatedValue[]> {
    const { intervalMinutes: minutes, values } = day;
    const start = dayNumber(day.date);
    let last = (await this.#readBefore.load({ meter: day.meter, date: day.date }))?.at ?? null;
    return values.flatMap((value, slot) => {
      if (value === null) return [];
      const at = readAt(start, minutes, slot);
      const intervals = last === null ? 1 : Math.ceil((at - last) / minutes);
      last = at;
      return intervals > 1 ? [{ interval: slot + 1, intervals }] : [];
    });
  }
}

function columnsOf(keys: readonly Key[]): [string[], string[]] {
  return [keys.map(({ meter }) => meter), keys.map(({ date }) => date)];
}
