import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';

const DECIMAL = /^-?\d{1,18}(\.\d{1,9})?$/;
/** The calendar has no year 0. */
const DATE = /^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

function textual(
  name: string,
  what: string,
  description: string,
  isValid: (text: string) => boolean,
  outward: (value: unknown) => unknown = (value) => value,
): GraphQLScalarType<string> {
  const check = (value: unknown): string => {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || !isValid(text)) throw new TypeError(`${name} must be ${what}`);
    return text;
  };
  return new GraphQLScalarType<string>({
    name,
    description,
    serialize: (value) => check(outward(value)),
    parseValue: check,
    parseLiteral: (node: ValueNode) => {
      const isText = node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT;
      return check(isText ? node.value : undefined);
    },
  });
}

function isCalendarDay(text: string): boolean {
  if (!DATE.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Exact decimal as a string, so that no digit is lost on the way: `"12.50"`. */
export const Decimal = textual(
  'Decimal',
  'a decimal number such as "12.5"',
  'Exact decimal number as a string, at most 18 digits before and 9 after the point (十进制数)',
  (text) => DECIMAL.test(text),
);

/** A day of the meter’s own calendar. */
export const LocalDate = textual(
  'LocalDate',
  'a day such as "2026-11-19"',
  'Calendar day YYYY-MM-DD in the local time of what it belongs to (日期)',
  isCalendarDay,
);

export const Instant = textual(
  'Instant',
  'a point in time such as "2026-11-19T08:00:00Z"',
  'Point in time, ISO 8601 with offset (时刻)',
  (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text)),
  isoInstant,
);

/** PostgreSQL writes `2026-11-19 08:00:00.123456+00`; its digits stay, its form becomes ISO 8601. */
function isoInstant(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') return value;
  return value
    .replace(' ', 'T')
    .replace(/[+-]00(:?00)?$/, 'Z')
    .replace(/([+-]\d\d)$/, '$1:00');
}

/**
 * A series is one scalar: as objects, 96 values of 1,000 meters would cost the room a hundred times more.
 * JSON array with one entry an interval from local midnight; exact decimals as strings, `null` where missing.
 */
export const Series = new GraphQLScalarType<(string | null)[]>({
  name: 'Series',
  description:
    'Values of one day, one per interval from local midnight: JSON array of exact decimals as strings, null where missing (时间序列)',
  // 1 to 1,440 values take the memory of many objects.
  extensions: { directives: { cost: { weight: 20 } } },
});
