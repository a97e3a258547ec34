import { fromTwoLines, inTwoLines } from '../../../subgraphs/runtime/two-lines.js';

const ANSWER = {
  data: { name: 'two\nlines', 名: ['\u2028', null] },
  disclosed: [{ category: 'meters' as const, subject: 'x\ny', area: '310101', values: 2 }],
  errors: [{ message: 'a\nb', path: ['name', 0] }],
};
const sent = (answer: object): Buffer => Buffer.from(inTwoLines(answer));

test('an answer comes as it was sent', () => {
  expect(fromTwoLines(sent(ANSWER))).toEqual(ANSWER);
  expect(fromTwoLines(sent({ data: null, errors: [] }))).toEqual({ data: null, errors: [] });
});

test('data that nobody reads here stays the bytes that it is, with all that is beside it', () => {
  const { data, ...beside } = ANSWER;
  const { bytes, ...others } = fromTwoLines(sent(ANSWER), true);
  expect(bytes?.toString('utf8')).toBe(JSON.stringify({ data }));
  expect(others).toEqual(beside);
});

test('where there is no object there are no bytes', () => {
  expect(fromTwoLines(sent({ data: null }), true)).toEqual({ data: null });
  expect(fromTwoLines(sent({ errors: [] }), true)).toEqual({ data: null, errors: [] });
});

test('an answer of one line is one of the plain form: a refusal, or a room that knows no other', () => {
  const refusal = { errors: [{ message: 'no', extensions: { code: 'GRANT_INVALID' } }] };
  for (const asBytes of [true, false])
    expect(fromTwoLines(Buffer.from(JSON.stringify(refusal)), asBytes)).toEqual(refusal);
  expect(fromTwoLines(Buffer.from('{"data":{"a":1}}'), true)).toEqual({ data: { a: 1 } });
});
