import { POWERS_OF_TEN } from './decimals.js';

const ZERO = 48;
const MINUS = 45;
const POINT = 46;

/** Most bytes of one number written by {@link writeDecimal}. */
export const LONGEST_DECIMAL = 24;

/**
 * Writes the integer `scaled` (below 2^53 in amount) × 10^-`scale` as a decimal without needless zeros.
 *
 * @returns where it ends.
 */
export function writeDecimal(bytes: Buffer, start: number, scaled: number, scale: number): number {
  let at = start;
  let amount = scaled;
  if (amount < 0) {
    bytes[at++] = MINUS;
    amount = -amount;
  }
  if (scale === 0) return writeInteger(bytes, at, amount);
  const power = POWERS_OF_TEN[scale]!;
  let whole = Math.floor(amount / power);
  let fraction = amount - whole * power;
  // The quotient of two large integers may round up to the next whole number.
  if (fraction < 0) {
    whole--;
    fraction += power;
  }
  at = writeInteger(bytes, at, whole);
  if (fraction === 0) return at;
  bytes[at] = POINT;
  return writeFraction(bytes, at + 1, fraction, scale);
}

/** The digits after the point: an integer above 0 with `digits` digits, zeros before it included; those after it go. */
function writeFraction(bytes: Buffer, start: number, fraction: number, digits: number): number {
  let at = start;
  if (digits > 3) {
    const thousands = (fraction / 1_000) | 0;
    at = writePadded(bytes, at, thousands, digits - 3);
    at = writePadded(bytes, at, fraction - thousands * 1_000, 3);
  } else at = writePadded(bytes, at, fraction, digits);
  while (bytes[at - 1] === ZERO) at--;
  return at;
}

/** An integer below 2^53. */
function writeInteger(bytes: Buffer, start: number, integer: number): number {
  if (integer < 1_000) return writePadded(bytes, start, integer, integer < 10 ? 1 : integer < 100 ? 2 : 3);
  let thousands = Math.floor(integer / 1_000);
  if (integer - thousands * 1_000 < 0) thousands--;
  const at = writeInteger(bytes, start, thousands);
  return writePadded(bytes, at, integer - thousands * 1_000, 3);
}

/** The digits of 0 to 999, three each: cheaper to look up than to divide for. */
const DIGITS = Uint8Array.from(
  Array.from({ length: 1_000 }, (_, number) => String(number).padStart(3, '0')).join(''),
  (digit) => digit.charCodeAt(0),
);

/** An integer below 1,000 in exactly `length` digits. */
function writePadded(bytes: Buffer, start: number, integer: number, length: number): number {
  const from = integer * 3 + 3 - length;
  for (let index = 0; index < length; index++) bytes[start + index] = DIGITS[from + index]!;
  return start + length;
}

/** The same for totals, which may be larger than a double holds. */
export function bigDecimalText(scaled: bigint, scale: number): string {
  const sign = scaled < 0n ? '-' : '';
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return fraction ? `${sign}${whole}.${fraction}` : `${sign}${whole}`;
}
