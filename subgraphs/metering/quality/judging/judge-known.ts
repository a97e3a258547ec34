import { MINUTES_A_DAY } from '../../readings/calendar.js';
import type { KnownMeter } from '../../readings/directory.js';
import type { DaySeries } from '../../readings/series.js';
import { type DayFacts, judgeValues, type Judged } from './day-judge.js';

/** Judges a settled day of a meter that an upload knows. */
export function judgeKnown(
  meter: KnownMeter,
  day: number,
  interval: number,
  series: DaySeries,
  more: Pick<DayFacts, 'drifted' | 'misdated'> = {},
): Judged {
  const shift = meter.zone.shiftOn(day);
  const lateHours = hoursLate(meter, day);
  return judgeValues(series, meter.bounds.at(interval, series.scale), {
    interval,
    shift,
    lateHours,
    ...more,
  });
}

/** Whole hours since the end of a day whose deadline is past. What is from before the meter was known was never due. */
function hoursLate({ now, dueSince, lateHours }: KnownMeter, day: number): number | undefined {
  const minutes = now - (day + 1) * MINUTES_A_DAY;
  return day >= dueSince && minutes > lateHours * 60 ? Math.floor(minutes / 60) : undefined;
}
