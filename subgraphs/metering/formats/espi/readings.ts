import { MINUTES_A_DAY } from '../../readings/calendar.js';
import type { KnownMeter } from '../../readings/directory.js';
import type { LineDraft } from '../../readings/draft.js';
import { fault, quoted, type Fault } from '../../readings/reasons.js';
import { decadesBetween } from '../units.js';
import { textOf, type XmlElement } from '../xml.js';
import type { ReadingType } from './reading-types.js';

/** 2000-01-01T00:00Z in seconds of ESPI, which counts from 1970. */
const EPOCH_SECONDS = 946_684_800;
const LAST_SECOND = 4_133_980_800;

/** One IntervalReading: texts as they stand. */
export interface IntervalReading {
  start: string;
  duration: string;
  value: string;
}

export function intervalReadingOf(element: XmlElement): IntervalReading {
  const period = element.children.find(({ name }) => name === 'timePeriod');
  return {
    start: (period && textOf(period, 'start')) ?? '',
    duration: (period && textOf(period, 'duration')) ?? '0',
    value: textOf(element, 'value') ?? '',
  };
}

/** Puts a reading on the meter's clock and into its unit. */
export function readInterval(
  { start, duration, value }: IntervalReading,
  type: ReadingType,
  draft: LineDraft,
  meter: KnownMeter,
): Fault | null {
  draft.clear();
  draft.form = 'reading';
  const began = /^\d{1,10}$/.test(start) ? Number(start) : -1;
  if (began < EPOCH_SECONDS || began >= LAST_SECOND)
    return fault('BAD_DATE', `start ${quoted(start)} is no second between 2000 and 2100`);
  if (type.isRegister && !meter.isRegister)
    return fault('WRONG_INTERVAL_COUNT', 'the reading type is of a register, the meter’s values are amounts');
  if (meter.isRegister && !type.isRegister)
    return fault('WRONG_INTERVAL_COUNT', 'the reading type is of amounts, the meter is read as a register');
  const isMoment = type.isRegister && Number(duration) === 0;
  const seconds = Number(duration) || type.intervalLength;
  if (!isMoment && !isInterval(began - EPOCH_SECONDS, seconds, meter)) {
    const detail = `${seconds || 'an unknown number of'} seconds from ${start} are no interval of ${meter.interval} minutes of the meter`;
    return fault('WRONG_INTERVAL_COUNT', detail);
  }
  const decades = decadesBetween(type.unit, meter.unit);
  if (decades === undefined)
    return fault(
      'BAD_NUMBER',
      `${type.unit} cannot be made ${quoted(meter.unit)}, the meter’s unit, by a power of ten`,
    );
  if (!/^-?\d{1,15}$/.test(value)) return fault('BAD_NUMBER', `value ${quoted(value)} is no whole number`);
  // A register is read at the end of its period.
  const read = type.isRegister && !isMoment ? began + seconds : began;
  const minutes = Math.floor((read - EPOCH_SECONDS) / 60);
  draft.time.day = Math.floor(minutes / MINUTES_A_DAY);
  draft.time.minute = minutes % MINUTES_A_DAY;
  draft.time.second = read % 60;
  draft.time.isWholeMinute = draft.time.second === 0;
  draft.time.offset = 0;
  draft.takeValue(`${value}e${type.decades + decades}`, 'value');
  return null;
}

/** A day has 23 or 25 hours where the clock is changed: it goes from local midnight to local midnight. */
function isInterval(start: number, seconds: number, { interval, zone }: KnownMeter): boolean {
  if (interval !== MINUTES_A_DAY) return seconds === interval * 60;
  const from = zone.local(Math.floor(start / 60));
  const to = zone.local(Math.floor((start + seconds) / 60));
  return to - from === MINUTES_A_DAY && from % MINUTES_A_DAY === 0;
}
