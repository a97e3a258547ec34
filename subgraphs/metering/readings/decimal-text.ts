import { POWERS_OF_TEN } from './decimals.js';

const ZERO = 48;
const MINUS = 45;
const POINT = 46;
const BILLION = 1_000_000_000;

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

function writeFraction(bytes: Buffer, start: number, fraction: number, digits: number): number {
  let rest = fraction;
  let length = digits;
  for (let tenth = (rest / 10) | 0; rest === tenth * 10; tenth = (rest / 10) | 0) {
    rest = tenth;
    length--;
  }
  writeDigits(bytes, start, rest, length);
  return start + length;
}

/** An integer below 2^53. */
function writeInteger(bytes: Buffer, start: number, integer: number): number {
  if (integer < BILLION) {
    const length = digitsOf(integer);
    writeDigits(bytes, start, integer, length);
    return start + length;
  }
  let billions = Math.floor(integer / BILLION);
  if (integer - billions * BILLION < 0) billions--;
  const at = writeInteger(bytes, start, billions);
  writeDigits(bytes, at, integer - billions * BILLION, 9);
  return at + 9;
}

/** An integer of at most nine digits, with zeros before it. */
function writeDigits(bytes: Buffer, start: number, integer: number, length: number): void {
  let rest = integer;
  for (let at = start + length - 1; at >= start; at--) {
    const tenth = (rest / 10) | 0;
    bytes[at] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
}

function digitsOf(integer: number): number {
  let digits = 1;
  for (let power = 10; power <= integer; power *= 10) digits++;
  return digits;
}

/** The same for totals, which may be larger than a double holds. */
export function bigDecimalText(scaled: bigint, scale: number): string {
  const sign = scaled < 0n ? '-' : '';
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return fraction ? `${sign}${whole}.${fraction}` : `${sign}${whole}`;
}
