import { Refusal } from '../../../gateway/errors.js';
import { isUscc } from '../../runtime/uscc.js';

const LONGEST_TEXT = 200;

/** Says where a form is wrong and never what stands there: it holds names, numbers and addresses of people. */
export function must(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Refusal('BAD_USER_INPUT', { message });
}

export function mustBePhone(text: string, at: string): void {
  must(/^[0-9+() -]{5,30}$/.test(text), `${at}: is no telephone number.`);
}

export function mustBeText(text: string, at: string): void {
  must(text.trim() !== '' && text.length <= LONGEST_TEXT, `${at}: 1 to ${LONGEST_TEXT} characters.`);
}

export function mustBeUscc(code: string, at: string): void {
  must(isUscc(code), `${at}: is no unified social credit code (GB 32100-2015).`);
}

export function mustBeMail(text: string, at: string): void {
  must(text.length <= LONGEST_TEXT && /^[^\s@]+@[^\s@]+$/.test(text), `${at}: is no mail address.`);
}
