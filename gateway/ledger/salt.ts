import { randomBytes } from 'node:crypto';

const SALT_BYTES = 16;
const SUPPLY_BYTES = 4_096;

let supply: Buffer = Buffer.alloc(0);
let used = 0;

/** 16 random bytes in hexadecimal, never the same twice. Fetched in supplies: to ask each time costs more than to hash. */
export function freshSalt(): string {
  if (used === supply.length) [supply, used] = [randomBytes(SUPPLY_BYTES), 0];
  used += SALT_BYTES;
  return supply.toString('hex', used - SALT_BYTES, used);
}
