import type { RoomResponse } from './neighbours.js';

/**
 * What a room answers, in two lines: what is for the gateway, then what is for the client, as it will have it. So that can
 * be handed on without being read or written again. JSON on one line holds no line break.
 */
export function inTwoLines({ data, ...beside }: RoomResponse): string {
  return `${JSON.stringify(beside)}\n${JSON.stringify({ data: data ?? null })}`;
}

const LINE_BREAK = 0x0a;

/** @param asBytes whether the data is wanted as it came */
export function fromTwoLines(body: Buffer, asBytes = false): RoomResponse {
  const end = body.indexOf(LINE_BREAK);
  if (end < 0) return JSON.parse(body.toString('utf8')) as RoomResponse;
  const beside = JSON.parse(body.toString('utf8', 0, end)) as RoomResponse;
  const line = body.subarray(end + 1);
  if (asBytes && line[BEFORE_DATA] === OBJECT) return { ...beside, bytes: line };
  return { ...beside, ...(JSON.parse(line.toString('utf8')) as Pick<RoomResponse, 'data'>) };
}

const BEFORE_DATA = '{"data":'.length;
/** `{`: a room that failed as a whole gives null. */
const OBJECT = 0x7b;
