/** Most places after the point. */
export const MOST_DECIMALS = 6;
/** Largest amount of a scaled value: below 2^53, so that a double holds it and every sum of two exactly. */
export const LARGEST_SCALED = 9e15;
export const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];

/** A decimal as it was written: `mantissa` × 10^-`decimals`, without trailing zeros. */
export interface Decimal {
  mantissa: number;
  decimals: number;
}

const WRITTEN = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/;

/** Reads any decimal numeral exactly, exponents included; otherwise says what is wrong with it. */
export function readDecimal(text: string): Decimal | string {
  const match = WRITTEN.exec(text);
  if (!match) return 'is not a decimal number';
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return { mantissa: 0, decimals: 0 };
  const decimals = fraction.length - Number(exponent) - (digits.length - kept.length);
  if (decimals > MOST_DECIMALS) return `has more than ${MOST_DECIMALS} decimals`;
  const scaled = decimals < 0 ? digitsWithZeros(kept, -decimals) : kept;
  if (scaled.length > 16 || Number(scaled) > LARGEST_SCALED) return 'is too large';
  return { mantissa: sign ? -Number(scaled) : Number(scaled), decimals: Math.max(decimals, 0) };
}

/** More than 16 digits are too large anyway; a hostile exponent must not make them. */
function digitsWithZeros(digits: string, zeros: number): string {
  return digits + '0'.repeat(Math.min(zeros, 17));
}

const ZERO = 48;
const POINT = 46;
const MINUS = 45;
/** Digits that a double surely holds. */
const SAFE_DIGITS = 15;

/**
 * Reads a plain JSON number (no exponent, at most 15 digits) at a place, straight from the bytes and exactly.
 *
 * @returns where it ends, or -1 when {@link readDecimal} must decide.
 */
export function scanDecimal(
  bytes: Uint8Array,
  at: number,
  end: number,
  mantissas: Float64Array,
  decimals: Uint8Array,
  index: number,
): number {
  const isNegative = bytes[at] === MINUS;
  const first = isNegative ? at + 1 : at;
  let mantissa = 0;
  let point = -1;
  let place = first;
  for (; place < end; place++) {
    const digit = bytes[place]! - ZERO;
    if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
    else if (bytes[place] === POINT && point < 0) point = place;
    else break;
  }
  const whole = (point < 0 ? place : point) - first;
  let fraction = point < 0 ? 0 : place - point - 1;
  const isPlain = whole > 0 && (whole === 1 || bytes[first] !== ZERO) && (point < 0 || fraction > 0);
  if (!isPlain || whole + fraction > SAFE_DIGITS) return -1;
  for (let last = place - 1; fraction > 0 && bytes[last] === ZERO; last--) {
    mantissa /= 10;
    fraction--;
  }
  if (fraction > MOST_DECIMALS) return -1;
  mantissas[index] = isNegative ? 0 - mantissa : mantissa;
  decimals[index] = fraction;
  return place;
}
