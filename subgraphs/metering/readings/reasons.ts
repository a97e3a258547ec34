/** Why a line was not stored as a reading: the closed list that receipts and the quarantine use. */
export const QUARANTINE_REASONS = {
  MALFORMED_LINE: 'The line has not the form of a reading or a day of readings (格式错误)',
  UNKNOWN_METER: 'No platform has registered the meter (计量器具未登记)',
  FOREIGN_METER: 'The meter is not the uploader’s to write (非本平台计量器具)',
  BAD_NUMBER: 'A value is no decimal of at most 6 places, or is too large (数值错误)',
  UNPARSED: 'Not parsed by the sender: a frame as the device sent it, no value (未解析)',
  BAD_DATE: 'The day or time does not exist, or is out of range (日期错误)',
  FUTURE_DAY: 'The day has not begun where the meter is (日期晚于当日)',
  WRONG_INTERVAL_COUNT: 'Interval, number of values and time do not fit each other (采集间隔与数据个数不符)',
  DUPLICATE_LINE: 'The same upload gave this day or time of the meter, or this record, before (重复数据)',
  REGISTER_CONTRADICTION:
    'The reading of a register cannot follow the one before it, or be followed by the next (表底数前后矛盾)',
  UNKNOWN_ITEM: 'The energy item is none of the list (能耗分项代码未知)',
  UNKNOWN_UNIT: 'The energy is not measured in this unit (计量单位未知)',
  BAD_PERIOD: 'The period has no end after its beginning, is too long or has not ended (计费周期错误)',
  FOREIGN_AREA: 'The area or the energy lies outside what the uploader may report (超出授权的区域或能源种类)',
  OVERSIZE_LINE: 'The line is longer than 64 KiB (行过长)',
  DIFFERENCE:
    'What was sent differs from what is registered or computed; that was reported, not applied (与登记或折算不符)',
  INVALID_UTF8: 'The line is not UTF-8 text (编码错误)',
} as const;

export type QuarantineReason = keyof typeof QUARANTINE_REASONS;

/** A line refused: the reason, and what exactly was wrong with it. */
export interface Fault {
  reason: QuarantineReason;
  detail: string;
}

export function fault(reason: QuarantineReason, detail: string): Fault {
  return { reason, detail };
}

/** Text of a stranger inside a detail: short, and escaped so that it is always storable. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
