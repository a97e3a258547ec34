import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A new identifier that says what it is and sorts by when it was made: prefix, ten characters of milliseconds,
 * sixteen random ones. Rooms give their own things such ids; buildings, enterprises and meters bring theirs.
 */
export function newId(
  prefix:
    | 'ten'
    | 'apv'
    | 'scp'
    | 'con'
    | 'dec'
    | 'app'
    | 'apb'
    | 'era'
    | 'cor'
    | 'brk'
    | 'aud'
    | 'rev'
    | 'ins'
    | 'bat'
    | 'pkg'
    | 'dev'
    | 'cal'
    | 'fit'
    | 'sed'
    | 'vis'
    | 'lnk'
    | 'sup',
): string {
  let time = Date.now();
  let stamp = '';
  for (let place = 0; place < 10; place += 1) {
    stamp = ALPHABET[time % 32] + stamp;
    time = Math.floor(time / 32);
  }
  const random = [...randomBytes(16)].map((byte) => ALPHABET[byte % 32]).join('');
  return `${prefix}_${stamp}${random}`;
}

/** The shape of the ids that {@link newId} makes, for `node(id)`. */
export function idShape(prefix: Parameters<typeof newId>[0]): RegExp {
  return new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`);
}
