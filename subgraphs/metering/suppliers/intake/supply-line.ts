import { isAreaCode } from '../../../../gateway/policy/areas.js';
import type { Reach } from '../../../../gateway/policy/grant.js';
import { covers } from '../../../../gateway/policy/verdict.js';
import { decimalText } from '../../../runtime/decimal.js';
import { type KnownUnit, spelledUnit } from '../../devices/registration.js';
import { MINUTES_A_DAY, minuteText, NO_DAY, readDate } from '../../readings/calendar.js';
import { readDecimal } from '../../readings/decimals.js';
import { readTime, type WrittenTime, writtenMinutes } from '../../readings/instant.js';
import { fault, quoted, type Fault } from '../../readings/reasons.js';
import type { SupplyMembers } from './members.js';

/** One line that can be stored, as its columns. */
export interface SupplyLine {
  customer: string;
  supplier_meter: string | null;
  energy_item: string;
  record: string;
  /** ISO 8601, UTC. */
  from_at: string;
  to_at: string;
  amount: string;
  unit: string;
  register_begin: string | null;
  register_end: string | null;
  multiplier: string | null;
  area: string;
}

/** What a line is compared with. */
export interface Known {
  items: ReadonlySet<string>;
  units: readonly KnownUnit[];
  /** What the caller may report. */
  reach: Reach;
  /** Where a supply lies whose line does not say it: the supplier's own area. */
  area: string;
  /** Minutes since 2000-01-01T00:00Z. */
  now: number;
}

/** China's time, in which days and times without an offset are. */
const OFFSET = 480;
const LONGEST_DAYS = 400;
const LONGEST_NAME = 64;

/** What a line says, or the first thing that is wrong with it. */
export function supplyLineOf(members: SupplyMembers, known: Known): SupplyLine | Fault {
  const name = wrongName(members);
  if (name) return name;
  const item = members.item.length === 2 ? `${members.item}000` : members.item;
  if (!known.items.has(item))
    return fault('UNKNOWN_ITEM', `${quoted(members.item)} is no energy item; energyItems lists them`);
  const unit = unitOf(members.unit, item, known.units);
  if (typeof unit !== 'string') return unit;
  const period = periodOf(members, known.now);
  if ('reason' in period) return period;
  const numbers = numbersOf(members);
  if ('reason' in numbers) return numbers;
  const area = areaOf(members.area ?? known.area, item, known.reach);
  if (typeof area !== 'string') return area;
  const { customer, meter, record } = members;
  return { customer, supplier_meter: meter, energy_item: item, record, ...period, ...numbers, unit, area };
}

/** Any script, zeros in front included; nothing at the ends that nobody sees. The table holds the same. */
function wrongName({ customer, record, meter }: SupplyMembers): Fault | undefined {
  for (const [name, text] of Object.entries({ customer, record, meter })) {
    if (text === null) continue;
    if ([...text].length > LONGEST_NAME || /^\s|\s$|\p{Cc}/u.test(text) || !text.isWellFormed())
      return fault(
        'MALFORMED_LINE',
        `"${name}" must be 1 to ${LONGEST_NAME} characters, without control characters and blanks at its ends`,
      );
  }
  return undefined;
}

function unitOf(unit: string, item: string, units: readonly KnownUnit[]): string | Fault {
  const ofClass = units.filter(({ energyClass }) => item.startsWith(energyClass));
  const list = ofClass.map((known) => known.unit).join(', ');
  return (
    spelledUnit(unit, ofClass) ??
    fault('UNKNOWN_UNIT', `${quoted(unit)} is no unit of ${item}; use one of ${list}`)
  );
}

type Period = Pick<SupplyLine, 'from_at' | 'to_at'>;

/** A day as the end is counted whole; a time is the moment itself. */
function periodOf({ from, to }: SupplyMembers, now: number): Period | Fault {
  const [begin, end] = [momentOf(from, 0), momentOf(to, MINUTES_A_DAY)];
  if (typeof begin !== 'number') return begin;
  if (typeof end !== 'number') return end;
  if (end <= begin) return fault('BAD_PERIOD', `${quoted(to)} is not after ${quoted(from)}`);
  if (end - begin > LONGEST_DAYS * MINUTES_A_DAY)
    return fault('BAD_PERIOD', `the period is longer than ${LONGEST_DAYS} days`);
  if (end > now + MINUTES_A_DAY)
    return fault('BAD_PERIOD', `the period ends at ${quoted(to)}, which has not come`);
  return { from_at: instant(begin), to_at: instant(end) };
}

/** Minutes since 2000-01-01T00:00Z. */
function momentOf(text: string, dayEnds: number): number | Fault {
  const bytes = Buffer.from(text);
  const day = readDate(bytes, 0, bytes.length);
  if (day !== NO_DAY) return day * MINUTES_A_DAY + dayEnds - OFFSET;
  const time: WrittenTime = { day: NO_DAY, minute: 0, isWholeMinute: true, second: 0, offset: null };
  if (readTime(bytes, 0, bytes.length, time) && time.isWholeMinute)
    return writtenMinutes(time) - (time.offset ?? OFFSET);
  return fault(
    'BAD_DATE',
    `${quoted(text)} is no day YYYY-MM-DD and no whole minute YYYY-MM-DDTHH:MM[±HH:MM] between 2000 and 2100`,
  );
}

function instant(minutes: number): string {
  return `${minuteText(minutes).replace(' ', 'T')}:00Z`;
}

type Numbers = Pick<SupplyLine, 'amount' | 'register_begin' | 'register_end' | 'multiplier'>;

function numbersOf(members: SupplyMembers): Numbers | Fault {
  const decimals: (string | null)[] = [];
  for (const name of ['amount', 'begin', 'end', 'multiplier'] as const) {
    const text = members[name];
    const decimal = text === null ? null : readDecimal(text);
    if (typeof decimal === 'string') return fault('BAD_NUMBER', `${name}: ${quoted(text ?? '')} ${decimal}`);
    if (name === 'multiplier' && decimal && decimal.mantissa <= 0)
      return fault('BAD_NUMBER', 'multiplier: must be above 0');
    decimals.push(decimal && decimalText(String(decimal.mantissa), decimal.decimals));
  }
  const [amount, register_begin = null, register_end = null, multiplier = null] = decimals;
  return { amount: amount!, register_begin, register_end, multiplier };
}

function areaOf(area: string, item: string, reach: Reach): string | Fault {
  if (!isAreaCode(area)) return fault('MALFORMED_LINE', `area: ${quoted(area)} is no code of GB/T 2260`);
  const energyKind = item.slice(0, 2);
  const row = { area, subject: null, energyKind, buildingType: null, meterLevel: null };
  if (covers(reach, row)) return area;
  return fault('FOREIGN_AREA', `your scopes for supplies:write do not cover ${energyKind} in ${area}`);
}
