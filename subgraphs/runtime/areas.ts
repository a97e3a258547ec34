import { Refusal } from '../../gateway/errors.js';
import { isAreaCode } from '../../gateway/policy/areas.js';

/** @throws Refusal BAD_USER_INPUT */
export function mustBeArea(area: string): void {
  if (!isAreaCode(area))
    throw new Refusal('BAD_USER_INPUT', { message: `area: ${area} is no code of GB/T 2260.` });
}
