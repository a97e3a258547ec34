import { hash } from 'node:crypto';
import type { Disclosure } from '../ledger/entry.js';
import type { Executed } from './execution/execution.js';

/** An answer whose data is written once: these bytes are hashed for the ledger, and these are sent. */
export interface Answer extends Pick<Executed, 'errors' | 'extensions'> {
  /** The JSON `{"data":…}`; none where there are errors alone. */
  data?: Buffer;
}

export function written({ data, bytes, errors, extensions }: Executed): Answer & { data: Buffer } {
  return {
    data: bytes ?? Buffer.from(JSON.stringify({ data: data ?? null })),
    ...(errors && { errors }),
    ...(extensions && { extensions }),
  };
}

/** Of `{"data":…}` alone, which a recipient can hash again: errors disclose nothing and are reworded on their way. */
export function disclosure({ data }: { data: Buffer }): Disclosure {
  return { kind: 'ANSWER', object: null, sha256: hash('sha256', data), bytes: data.length, items: null };
}

/** The body: `{"data":…}`, and within the same braces what else there is to say, as it leaves. */
export function body(
  data: Buffer,
  { errors, extensions }: { errors?: readonly unknown[]; extensions?: object },
): Buffer {
  if (!errors && !extensions) return data;
  const more =
    (errors ? `,"errors":${JSON.stringify(errors)}` : '') +
    (extensions ? `,"extensions":${JSON.stringify(extensions)}` : '');
  return Buffer.concat([data.subarray(0, -1), Buffer.from(`${more}}`)]);
}
