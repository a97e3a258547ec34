import { dateText, MINUTES_A_DAY } from './calendar.js';
import type { KnownMeter } from './directory.js';
import type { LineDraft } from './draft.js';
import { writtenMinutes } from './instant.js';
import type { OpenDay } from './open-days.js';
import { fault, type Fault } from './reasons.js';
import { INTERVALS } from './series.js';

/** Whether a whole day of a meter can be stored; claims the day when it can. Settles the series. */
export function judgeDay(draft: LineDraft, meter: KnownMeter): Fault | null {
  const { day, interval, series } = draft;
  if (draft.fault?.reason === 'BAD_DATE') return draft.fault;
  if (day > meter.today) return futureDay(day, meter);
  if (!INTERVALS.includes(interval)) {
    return fault('WRONG_INTERVAL_COUNT', `the interval must be one of ${INTERVALS.join(', ')} minutes`);
  }
  const due = MINUTES_A_DAY / interval;
  if (series.length !== due) {
    return fault('WRONG_INTERVAL_COUNT', `${series.length} values; at ${interval} minutes a day has ${due}`);
  }
  if (draft.fault) return draft.fault;
  if (!series.settle())
    return fault('BAD_NUMBER', 'the values are too large to be kept exactly beside each other');
  if (meter.claims.claimDay(day)) return null;
  return fault('DUPLICATE_LINE', `${dateText(day)} was given before in this upload`);
}

/** Where a reading belongs, and by how many seconds its time stood beside the grid. */
export interface Placed {
  day: number;
  slot: number;
  drift: number;
}

/**
 * The day and interval of a reading on the meter's own clock, or why it has none. A clock that drifts stands a little
 * beside the grid: within the tolerance the nearest interval is meant.
 */
export function placeReading(draft: LineDraft, meter: KnownMeter, driftSeconds: number): Placed | Fault {
  if (draft.fault?.reason === 'BAD_DATE' || draft.fault?.reason === 'UNPARSED') return draft.fault;
  const { time } = draft;
  const written = writtenMinutes(time);
  const drifted = driftOf(time, meter, driftSeconds);
  if (drifted === null) {
    const edge = meter.isRegister ? 'end' : 'start';
    return fault('WRONG_INTERVAL_COUNT', `the time is no ${edge} of a ${meter.interval}-minute interval`);
  }
  const meant = written + drifted.minutes;
  const local = time.offset === null ? meant : meter.zone.local(meant - time.offset);
  // A register is read at the end of its interval: at midnight it is the last of the day before.
  const shift = meter.isRegister ? meter.interval : 0;
  const day = Math.floor((local - shift) / MINUTES_A_DAY);
  if (day < 0) return fault('BAD_DATE', 'the reading is from before 2000');
  if (day > meter.today) return futureDay(day, meter);
  const minute = local - shift - day * MINUTES_A_DAY;
  return draft.fault ?? { day, slot: minute / meter.interval, drift: drifted.seconds };
}

/** Whole minutes to the nearest edge of an interval, and seconds beside it; null where it is too far, or a register. */
function driftOf(
  time: LineDraft['time'],
  meter: KnownMeter,
  most: number,
): { minutes: number; seconds: number } | null {
  const written = writtenMinutes(time);
  const local = time.offset === null ? written : meter.zone.local(written - time.offset);
  const step = meter.interval * 60;
  const beside = (local % meter.interval) * 60 + time.second;
  if (beside === 0 && time.isWholeMinute) return { minutes: 0, seconds: 0 };
  const isAfter = beside * 2 < step;
  const seconds = isAfter ? Math.max(beside, 1) : step - beside;
  if (meter.isRegister || seconds > most || seconds * 2 >= step) return null;
  const toEdge = local % meter.interval;
  return { minutes: isAfter ? -toEdge : meter.interval - toEdge, seconds };
}

/** Whether a reading can be stored in its day; claims its interval when it can. */
export function judgeReading(draft: LineDraft, { slot, drift }: Placed, openDay: OpenDay): Fault | null {
  if (openDay.fault) return openDay.fault;
  const { meter, day } = openDay;
  const mantissa = draft.series.values[0]!;
  const decimals = draft.series.decimals[0]!;
  if (!openDay.fits(mantissa, decimals)) {
    return fault('BAD_NUMBER', 'the value is too large to be kept exactly beside the others of its day');
  }
  const repeated = claimReading(meter, day, slot);
  if (repeated) return repeated;
  openDay.set(slot, mantissa, decimals);
  if (drift > 0) openDay.drift(slot, drift);
  if (draft.isMisdated) openDay.misdate(slot);
  return null;
}

/** Takes an interval that no other line of the upload has given. */
export function claimReading(meter: KnownMeter, day: number, slot: number): Fault | null {
  if (meter.claims.claimReading(day, slot)) return null;
  return fault('DUPLICATE_LINE', `this time of ${dateText(day)} was given before in this upload`);
}

function futureDay(day: number, meter: KnownMeter): Fault {
  return fault('FUTURE_DAY', `${dateText(day)} is after ${dateText(meter.today)}, today where the meter is`);
}
