import * as fc from 'fast-check';
import { canonicalJson } from '../../../gateway/ledger/canonical.js';

test.each([
  ['a fraction', { a: 0.5 }, '$.a'],
  ['an integer too large to be exact', { a: 2 ** 53 }, '$.a'],
  ['not a number', [Number.NaN], '$[0]'],
  ['undefined', { a: undefined }, '$.a'],
  ['a hole', [1, , 3], '$[1]'], // oxlint-disable-line no-sparse-arrays
  ['a date', { a: { b: new Date() } }, '$.a.b'],
  ['bytes', { a: Buffer.from('x') }, '$.a'],
  ['a bigint', 1n, '$'],
  ['a lone surrogate', { a: '\ud800' }, '$.a'],
  ['U+0000, which PostgreSQL cannot read back', { a: 'x\0' }, '$.a'],
])('%s has no canonical form, and the error names the place', (_, value, place) => {
  expect(() => canonicalJson(value)).toThrow(new RegExp(`^${place.replace(/[$.[\]]/g, '\\$&')}: `));
});

test('members stand in the order of their UTF-16 code units, the example of RFC 8785', () => {
  const members = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };

  const text = canonicalJson(members);

  expect(Object.values(JSON.parse(text) as object).length).toBe(7);
  expect([...text.matchAll(/:(\d)/g)].map((match) => match[1]).join('')).toBe('2467153');
});

test('strings are escaped as RFC 8785 has it, and no white space stands between', () => {
  expect(canonicalJson({ b: ['\u20ac$\u000f\nA\'B"\\/', true, null], a: -0 })).toBe(
    '{"a":0,"b":["€$\\u000f\\nA\'B\\"\\\\/",true,null]}',
  );
});

test('the same facts give the same text whatever the order they were put in, and read back the same', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
      fc.maxSafeInteger().map((number) => number + 0),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-zé漢]{1,4}$/), tie('any'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).any;

  fc.assert(
    fc.property(value, (facts) => {
      const text = canonicalJson(facts);
      expect(JSON.parse(text)).toEqual(facts);
      expect(canonicalJson(shuffled(facts))).toBe(text);
    }),
  );
});

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member)]),
  );
}
