import { MINUTES_A_DAY } from '../../readings/calendar.js';
import type { KnownMeter } from '../../readings/directory.js';
import type { LineDraft } from '../../readings/draft.js';
import { fault, quoted, type Fault } from '../../readings/reasons.js';
import { textOf, type XmlElement } from '../xml.js';
import { dayNumber } from './week-year.js';

/** One EnergyItemHourResult: texts as they stand. */
export interface HourResult {
  item: string;
  start: string;
  end: string;
  value: string;
  equivalent: string;
  state: string;
}

export function hourResultOf(element: XmlElement): HourResult {
  const text = (name: string): string => textOf(element, name) ?? '';
  return {
    item: text('EnergyItemCode'),
    start: text('StartHour'),
    end: text('EndHour'),
    value: text('HourValue'),
    equivalent: text('HourEquValue'),
    state: text('State'),
  };
}

const WRITTEN = /^(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.0+)?)?$/;

/** Minutes since 2000-01-01T00:00 on the building's clock; undefined where it is no time. */
function minutesOf(text: string): number | undefined {
  const [, date = '', hour, minute, second = '00'] = WRITTEN.exec(text) ?? [];
  const day = dayNumber(date);
  const isTime = Number(hour) < 24 && Number(minute) < 60 && second === '00';
  return day === undefined || day < 0 || !isTime
    ? undefined
    : day * MINUTES_A_DAY + Number(hour) * 60 + Number(minute);
}

/** Puts an hour into the draft. `misdated` answers the day that was meant by one that is a year off. */
export function readHour(
  { start, end, value, state }: HourResult,
  misdated: (date: string) => string | undefined,
  draft: LineDraft,
  meter: KnownMeter,
): Fault | null {
  draft.clear();
  draft.form = 'reading';
  const meant = misdated(start.slice(0, 10));
  if (meant) {
    const why = `${start.slice(0, 10)} is a year off ${meant}: its writer formats with the week-year (YYYY) instead of the year (yyyy)`;
    return fault('BAD_DATE', why);
  }
  const began = minutesOf(start);
  if (began === undefined)
    return fault('BAD_DATE', `StartHour ${quoted(start)} is no time yyyy-MM-dd HH:mm:ss`);
  if (minutesOf(end) !== began + 60)
    return fault(
      'WRONG_INTERVAL_COUNT',
      `EndHour ${quoted(end)} is not an hour after StartHour ${quoted(start)}`,
    );
  if (state !== '' && state !== '1')
    return fault('BAD_NUMBER', `State ${quoted(state)} does not say that the value is good`);
  if (meter.isRegister)
    return fault('WRONG_INTERVAL_COUNT', 'hours are amounts, the meter is registered for a register');
  draft.time.day = Math.floor(began / MINUTES_A_DAY);
  draft.time.minute = began % MINUTES_A_DAY;
  draft.time.isWholeMinute = true;
  draft.time.offset = null;
  draft.takeValue(value, 'HourValue');
  return null;
}
