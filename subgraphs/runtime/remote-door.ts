import type { Readable } from 'node:stream';
import { isErrorCode, Refusal } from '../../gateway/errors.js';
import type { DoorAnswer, Release } from './door.js';

export const RELEASE_HEADER = 'x-hub-release';

const HOP_HEADERS = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'host',
  'expect',
  'upgrade',
  // A caller's own is no trace of ours.
  'traceparent',
]);

/** What a door's caller sent, without what belongs to one connection. */
export function passedOn(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
}

export function answerFrom(
  status: number,
  incoming: Record<string, string | string[] | undefined>,
  body: Readable,
): DoorAnswer {
  // It may break before anybody reads it: whoever reads then is told; the process must not end of it.
  body.on('error', () => undefined);
  const { [RELEASE_HEADER]: release, ...others } = incoming;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(others)) {
    const isHop = HOP_HEADERS.has(name) && name !== 'content-length';
    if (typeof value === 'string' && !isHop && name !== 'date') headers[name] = value;
  }
  return {
    status,
    headers,
    body,
    ...(typeof release === 'string' && { release: JSON.parse(release) as Release }),
  };
}

export function refusalFrom(room: string, status: number, text: string): Error {
  try {
    const [error] = (
      JSON.parse(text) as { errors: { message: string; extensions: Record<string, string> }[] }
    ).errors;
    const { code, rule, remedy } = error?.extensions ?? {};
    // A fault is the room's own, told by its log; what else it says has a code of the table.
    if (error && isErrorCode(code) && code !== 'INTERNAL') {
      return new Refusal(code, {
        message: error.message,
        ...(rule && { rule }),
        ...(remedy && { remedy }),
      });
    }
  } catch {
    // not one of ours: the fault below
  }
  return new Error(`room ${room} answered ${status}`);
}
