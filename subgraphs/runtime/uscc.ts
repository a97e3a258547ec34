/** GB 32100-2015: no I, O, S, V, Z, which are mistaken for digits. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/**
 * The 18th character of a unified social credit code (统一社会信用代码), from the first 17: weights are powers of 3
 * modulo 31 (GB 32100-2015, 4.2). Throws RangeError when `first17` is not 17 characters of the code's alphabet.
 */
export function usccCheckCharacter(first17: string): string {
  if (!/^[0-9A-HJ-NPQRTUWXY]{17}$/.test(first17))
    throw new RangeError('not the first 17 characters of a USCC');
  let weight = 1;
  let sum = 0;
  for (const character of first17) {
    sum += ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
}

/** Whether `code` is a well-formed unified social credit code in upper case; says nothing of its being issued. */
export function isUscc(code: string): boolean {
  return /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(code) && usccCheckCharacter(code.slice(0, 17)) === code.slice(17);
}
