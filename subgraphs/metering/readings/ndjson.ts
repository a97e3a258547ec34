import { lineText, type LineDraft } from './draft.js';
import { scanNdjson } from './ndjson-scan.js';
import { fault, quoted, type Fault } from './reasons.js';

/** A JSON number as it was written: a double would have lost digits. */
export class Numeral {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Reads `{"meter","date","interval","values"}`, with `misdated` where the sender moved rows of midnight, or `{"meter","time","value"}`, or `{"meter","time","frame"}` of what its sender could not parse. Plain lines are scanned; a line with
 * anything unusual in it goes through JSON.parse and is judged with care.
 */
export function readNdjsonLine(bytes: Buffer, start: number, end: number, draft: LineDraft): Fault | null {
  draft.clear();
  if (scanNdjson(bytes, start, end, draft)) return null;
  draft.clear();
  const text = lineText(bytes, start, end);
  return typeof text === 'string' ? readMembers(text, draft) : text;
}

/** The members of a line, numbers as {@link Numeral}; or the fault that it is no plain JSON object. */
export function membersOf(text: string): ReadonlyMap<string, unknown> | Fault {
  const line = parseKeepingNumerals(text);
  if (typeof line !== 'object' || line === null || Array.isArray(line) || line instanceof Numeral) {
    return fault(
      'MALFORMED_LINE',
      line === undefined ? 'the line is not JSON' : 'the line is not a JSON object',
    );
  }
  const members = new Map(Object.entries(line));
  if (members.size !== memberCount(text)) return malformed('a member stands twice or nested', members);
  return members;
}

function readMembers(text: string, draft: LineDraft): Fault | null {
  const members = membersOf(text);
  if (!(members instanceof Map)) return members as Fault;
  const meter = members.get('meter');
  if (typeof meter !== 'string') return malformed('"meter" must be a text', members);
  draft.meter = meter;
  const names = namesOf(members);
  if (names === 'date, interval, meter, values') return readDay(Object.fromEntries(members), draft);
  if (names === 'date, interval, meter, misdated, values')
    return readDay(Object.fromEntries(members), draft) ?? readMisdated(members.get('misdated'), draft);
  if (names === 'meter, time, value') return readReading(Object.fromEntries(members), draft);
  if (names === 'frame, meter, time') return readFrame(Object.fromEntries(members), draft);
  return malformed('the members must be meter, date, interval, values or meter, time, value', members);
}

function namesOf(members: ReadonlyMap<string, unknown>): string {
  return [...members.keys()].toSorted().join(', ');
}

/** JSON.parse keeps the last of equal members in silence; a line that loses a value must not pass for sound. */
function memberCount(json: string): number {
  let count = 0;
  for (const [, colon] of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) if (colon) count++;
  return count;
}

function malformed(rule: string, members: ReadonlyMap<string, unknown>): Fault {
  return fault('MALFORMED_LINE', `${rule}; the line has ${quoted(namesOf(members))}`);
}

function readDay(members: Record<string, unknown>, draft: LineDraft): Fault | null {
  const { date, interval, values } = members;
  if (typeof date !== 'string') return fault('MALFORMED_LINE', '"date" must be a text');
  if (!Array.isArray(values)) return fault('MALFORMED_LINE', '"values" must be an array');
  draft.form = 'day';
  draft.takeDate(date);
  draft.interval = interval instanceof Numeral ? Number(interval.text) : Number.NaN;
  values.forEach((value, index) => takeJsonValue(value, `values[${index}]`, draft));
  return null;
}

/** Places of intervals, each once. */
function readMisdated(places: unknown, draft: LineDraft): Fault | null {
  const numbers = Array.isArray(places)
    ? places.map((place) => (place instanceof Numeral ? Number(place.text) : Number.NaN))
    : [];
  const isPlace = (place: number): boolean =>
    Number.isInteger(place) && place >= 0 && place < draft.series.length;
  if (numbers.length === 0 || !numbers.every(isPlace) || new Set(numbers).size < numbers.length)
    return fault('MALFORMED_LINE', '"misdated" must be an array of places in "values", from 0, each once');
  draft.misdated = numbers;
  return null;
}

function readReading(members: Record<string, unknown>, draft: LineDraft): Fault | null {
  const { time, value } = members;
  if (typeof time !== 'string') return fault('MALFORMED_LINE', '"time" must be a text');
  draft.form = 'reading';
  draft.takeTime(time);
  takeJsonValue(value, 'value', draft);
  return null;
}

/** Kept, and never read as a number, though its digits may look like one. */
function readFrame({ time, frame }: Record<string, unknown>, draft: LineDraft): Fault | null {
  if (typeof time !== 'string') return fault('MALFORMED_LINE', '"time" must be a text');
  if (typeof frame !== 'string') return fault('MALFORMED_LINE', '"frame" must be a text');
  draft.form = 'reading';
  draft.fault = fault('UNPARSED', `the frame ${quoted(frame)} was not parsed: parse it and send its value`);
  draft.takeTime(time);
  return null;
}

function takeJsonValue(value: unknown, name: string, draft: LineDraft): void {
  if (value === null) return draft.takeValue(null, name);
  if (value instanceof Numeral) return draft.takeValue(value.text, name);
  draft.takeValue(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), name);
}

type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** `undefined` when it is not JSON. */
function parseKeepingNumerals(text: string): unknown {
  const keep: SourceReviver = (_key, value, { source }) =>
    typeof value === 'number' ? new Numeral(source ?? String(value)) : value;
  const parse = (json: string): unknown => JSON.parse(json, keep as (key: string, value: unknown) => unknown);
  try {
    return parse(text);
  } catch {
    return parseWithNotNumbers(text, parse);
  }
}

/** Many programs write NaN and Infinity into JSON. That is a bad number in a sound line, so it is refused as one. */
function parseWithNotNumbers(text: string, parse: (json: string) => unknown): unknown {
  const quotedNumbers = text.replaceAll(/(?<=[[,:]\s*)(NaN|-?Infinity)(?=\s*[\],}])/g, '"$1"');
  try {
    return quotedNumbers === text ? undefined : parse(quotedNumbers);
  } catch {
    return undefined;
  }
}
