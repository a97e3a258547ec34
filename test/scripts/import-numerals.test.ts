import { asJson } from '../../scripts/client/wide/numerals.js';

test.each([
  ['0.5', 0, '0'],
  ['1.5', 0, '2'],
  ['-2.5', 0, '-2'],
  ['-0.4', 0, '0'],
  ['2.675', 2, '2.68'],
  ['2.665', 2, '2.66'],
  ['2.6650000000000000001', 2, '2.67'],
  ['99.9999999', 6, '100'],
  ['12.450000000000001', 6, '12.45'],
  ['1.5e-7', 6, '0'],
  ['123456789012345678901.55', 1, '123456789012345678901.6'],
])('%s to %i places is %s', (text, places, rounded) => {
  expect(asJson(text, places, { tooFine: 0, rounded: 0 })).toBe(rounded);
});

test.each(['007', '+5', '.5', '5.', 'NaN', '1,5', '0x10', '--1', '1e', 'Infinity', ''])(
  'the cell "%s" is no JSON number and goes as a text for the hub to judge',
  (text) => {
    expect(asJson(text, undefined, { tooFine: 0, rounded: 0 })).toBe(JSON.stringify(text));
  },
);
