import type { RoomResponse } from './neighbours.js';

/**
 * What a room answers, in two lines: what is for the gateway, then the data. So the data can be handed on as it is,
 * without being read. JSON on one line holds no line break.
 */
export function inTwoLines({ data, ...beside }: RoomResponse): string {
  return `${JSON.stringify(beside)}\n${JSON.stringify(data ?? null)}`;
}

const LINE_BREAK = 0x0a;

/** @param asBytes whether the data is wanted as it came */
export function fromTwoLines(body: Buffer, asBytes = false): RoomResponse {
  const end = body.indexOf(LINE_BREAK);
  if (end < 0) return JSON.parse(body.toString('utf8')) as RoomResponse;
  const beside = JSON.parse(body.toString('utf8', 0, end)) as RoomResponse;
  const data = body.subarray(end + 1);
  if (asBytes && data[0] === OBJECT) return { ...beside, bytes: data };
  return { ...beside, data: JSON.parse(data.toString('utf8')) as RoomResponse['data'] };
}

/** `{`: a room that failed as a whole gives null. */
const OBJECT = 0x7b;
