/** The hub keeps at most so many places after the point. */
export const MOST_DECIMALS = 6;

const SHORT = /^-?(?:0|[1-9]\d*)(?:\.\d{1,6})?$/;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** What became of the numbers of a file. */
export interface NumeralCount {
  /** With more places after the point than the hub keeps, as the file has them. */
  tooFine: number;
  /** Of those, rounded on the way. */
  rounded: number;
}

/**
 * One cell as JSON, digit for digit as it was written: a number where JSON has that form, else a text, which the hub
 * judges. Rounds only where `places` says so.
 */
export function asJson(cell: string, places: number | undefined, count: NumeralCount): string {
  if (SHORT.test(cell) && (places === undefined || places >= MOST_DECIMALS)) return cell;
  const decimal = readDecimal(cell);
  if (!decimal) return JSON.stringify(cell);
  if (decimal.scale > MOST_DECIMALS) count.tooFine += 1;
  if (places === undefined || decimal.scale <= places)
    return JSON_NUMBER.test(cell) ? cell : JSON.stringify(cell);
  count.rounded += 1;
  return decimalText(halfEven(decimal, places));
}

interface Decimal {
  /** Signed, all digits. */
  digits: bigint;
  /** Places after the point, without trailing zeros; negative for whole tens. */
  scale: number;
}

function readDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '') return undefined;
  const digits = (whole + fraction).replace(/0+$/, '');
  const dropped = whole.length + fraction.length - digits.length;
  if (digits === '') return { digits: 0n, scale: 0 };
  return {
    digits: BigInt((sign === '-' ? '-' : '') + digits),
    scale: fraction.length - dropped - Number(exponent),
  };
}

/** To the nearest; a half goes to the even neighbour, so that many roundings do not drift (IEEE 754, 4.3.1). */
function halfEven({ digits, scale }: Decimal, places: number): Decimal {
  const unit = 10n ** BigInt(scale - places);
  const amount = digits < 0n ? -digits : digits;
  const floor = amount / unit;
  const twice = (amount % unit) * 2n;
  const isUp = twice > unit || (twice === unit && floor % 2n === 1n);
  const rounded = isUp ? floor + 1n : floor;
  return { digits: digits < 0n ? -rounded : rounded, scale: places };
}

function decimalText({ digits, scale }: Decimal): string {
  const amount = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const fraction = amount.slice(amount.length - scale).replace(/0+$/, '');
  const text = amount.slice(0, amount.length - scale) + (scale > 0 && fraction !== '' ? `.${fraction}` : '');
  return digits < 0n && text !== '0' ? `-${text}` : text;
}
