import fc from 'fast-check';
import { bigDecimalText, writeDecimal } from '../../../../subgraphs/metering/readings/decimal-text.js';
import { readDecimal, scanDecimal } from '../../../../subgraphs/metering/readings/decimals.js';

/** A numeral with up to `decimals` places, and the same number in millionths. */
const numeral = (digits: number, decimals: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.boolean(), fc.bigInt(0n, 10n ** BigInt(digits) - 1n), fc.integer({ min: 0, max: decimals }))
    .map(([isNegative, integer, places]) => {
      const text = String(integer).padStart(places + 1, '0');
      const whole = text.slice(0, text.length - places);
      return `${isNegative ? '-' : ''}${whole}${places > 0 ? `.${text.slice(-places)}` : ''}`;
    });

function millionths(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const amount = BigInt(whole + fraction.padEnd(6, '0'));
  return text.startsWith('-') ? -amount : amount;
}

function scanned(text: string): { mantissa: number; decimals: number; end: number } {
  const mantissas = new Float64Array(1);
  const decimals = new Uint8Array(1);
  const end = scanDecimal(Buffer.from(`${text},`), 0, text.length + 1, mantissas, decimals, 0);
  return { mantissa: mantissas[0]!, decimals: decimals[0]!, end };
}

function written(scaled: number, scale: number): string {
  const bytes = Buffer.alloc(40);
  return bytes.toString('latin1', 0, writeDecimal(bytes, 0, scaled, scale));
}

test.each([
  '',
  '-',
  '.5',
  '5.',
  '+1',
  '0x10',
  '1,5',
  '1 ',
  ' 1',
  '١',
  '1e',
  '--1',
  '1.2.3',
  'Infinity',
  '1_000',
])('%j is no decimal', (text) => {
  expect(readDecimal(text)).toMatch(/not a decimal/);
  if (text !== '') expect([-1, 1, 3]).toContain(scanned(text).end);
});

test('every numeral that fits is read exactly, and the quick way agrees', () => {
  fc.assert(
    fc.property(numeral(15, 6), (text) => {
      const decimal = readDecimal(text);
      if (typeof decimal === 'string') throw new Error(`${text} ${decimal}`);
      expect(BigInt(decimal.mantissa) * 10n ** BigInt(6 - decimal.decimals)).toBe(millionths(text));
      const { end, ...quick } = scanned(text);
      if (end >= 0) expect(quick).toEqual(decimal);
    }),
    { numRuns: 5_000 },
  );
});

test('what is written reads back as the same number, in the shortest form', () => {
  fc.assert(
    fc.property(
      fc.bigInt(-9_000_000_000_000_000n, 9_000_000_000_000_000n),
      fc.integer({ min: 0, max: 6 }),
      (scaled, scale) => {
        const text = written(Number(scaled), scale);
        expect(text).toBe(bigDecimalText(scaled, scale));
        expect(millionths(text)).toBe(scaled * 10n ** BigInt(6 - scale));
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
      },
    ),
    { numRuns: 5_000 },
  );
});

test.each([
  ['9007199254740991', 'is too large'],
  ['9000000000000000.1', 'is too large'],
  ['1e16', 'is too large'],
  ['0.0000001', 'has more than 6 decimals'],
  ['1e-999999', 'has more than 6 decimals'],
])('%s %s', (text, fault) => {
  expect(readDecimal(text)).toContain(fault);
});

test.each([
  ['0e999999', 0, 0],
  ['1e3', 1000, 0],
  ['1.50e1', 15, 0],
  ['12345e-6', 12345, 6],
  ['1.0000000000000000000000', 1, 0],
])('%s is read as %d at %d decimals', (text, mantissa, decimals) => {
  expect(readDecimal(text)).toEqual({ mantissa, decimals });
});
