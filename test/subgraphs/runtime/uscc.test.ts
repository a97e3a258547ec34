import { isUscc, usccCheckCharacter } from '../../../subgraphs/runtime/uscc.js';

test('a code with a letter changed, in lower case or too short is no unified social credit code', () => {
  expect(isUscc('91350100M000100Y44')).toBe(false);
  expect(isUscc('91350100N000100Y43')).toBe(false);
  expect(isUscc('91350100m000100y43')).toBe(false);
  expect(isUscc('91350100M000100Y4')).toBe(false);
  expect(isUscc('91350100I000100Y43')).toBe(false);
  expect(() => usccCheckCharacter('91350100M000100YO')).toThrow(RangeError);
  expect(() => usccCheckCharacter('91350100M000100Y43')).toThrow(RangeError);
});

test('real unified social credit codes pass', () => {
  for (const code of ['91350100M000100Y43', '9144030071526726XG', '91110000802100433B']) {
    expect(isUscc(code)).toBe(true);
  }
});
