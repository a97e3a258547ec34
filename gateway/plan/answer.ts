import { createHash } from 'node:crypto';
import type { Disclosure } from '../ledger/entry.js';
import type { Executed } from './execution/execution.js';

/** An answer whose data is written once: these bytes are hashed for the ledger, and these are sent. */
export interface Answer extends Pick<Executed, 'errors' | 'extensions'> {
  /** The JSON of `data`; none where there are errors alone. */
  data?: Buffer;
}

export function written({ data, bytes, errors, extensions }: Executed): Answer & { data: Buffer } {
  return {
    data: bytes ?? Buffer.from(JSON.stringify(data ?? null)),
    ...(errors && { errors }),
    ...(extensions && { extensions }),
  };
}

const BEFORE = Buffer.from('{"data":');
const AFTER = Buffer.from('}');

/** Of `{"data":…}` alone, which a recipient can hash again: errors disclose nothing and are reworded on their way. */
export function disclosure({ data }: { data: Buffer }): Disclosure {
  const sha256 = createHash('sha256').update(BEFORE).update(data).update(AFTER).digest('hex');
  const bytes = BEFORE.length + data.length + AFTER.length;
  return { kind: 'ANSWER', object: null, sha256, bytes, items: null };
}

/** The body: `{"data":…}`, and within the same braces what else there is to say, as it leaves. */
export function body(
  data: Buffer,
  { errors, extensions }: { errors?: readonly unknown[]; extensions?: object },
): Buffer {
  const more =
    (errors ? `,"errors":${JSON.stringify(errors)}` : '') +
    (extensions ? `,"extensions":${JSON.stringify(extensions)}` : '');
  return Buffer.concat([BEFORE, data, Buffer.from(more), AFTER]);
}
