import { splitFields } from '../../readings/csv.js';
import { lineText } from '../../readings/draft.js';
import { type Format, isNdjson } from '../../readings/format.js';
import { membersOf, Numeral } from '../../readings/ndjson.js';
import { fault, quoted, type Fault } from '../../readings/reasons.js';

/** What a line of supplies must say, and what it may say. */
const REQUIRED = ['customer', 'item', 'from', 'to', 'amount', 'unit', 'record'] as const;
const OPTIONAL = ['meter', 'begin', 'end', 'multiplier', 'area'] as const;
/** As numbers these may stand in JSON; of any other a number has lost what stood before or behind its digits. */
const NUMBERS: readonly string[] = ['amount', 'begin', 'end', 'multiplier'];
const NAMES: readonly string[] = [...REQUIRED, ...OPTIONAL];

/** The members of one line as they were written; `null` where the line leaves one out. */
export type SupplyMembers = Record<(typeof REQUIRED)[number], string> &
  Record<(typeof OPTIONAL)[number], string | null>;

export type MembersReader = (bytes: Buffer, start: number, end: number) => SupplyMembers | Fault;

const RETURN = 13;

/** Who reads the lines of a body whose first line this is, and whether that line is itself only a header. */
export function membersReader(
  format: Format,
  bytes: Buffer,
  start: number,
  end: number,
): { reader: MembersReader; isHeader: boolean } {
  if (isNdjson(format, bytes, start, end)) return { reader: readJson, isHeader: false };
  const text = lineText(bytes, start, end);
  const columns = typeof text === 'string' ? columnsOf(text) : text;
  if (Array.isArray(columns)) return { reader: csvReader(columns), isHeader: true };
  return { reader: () => columns, isHeader: false };
}

const readJson: MembersReader = (bytes, start, end) => {
  const text = lineText(bytes, start, end);
  const members = typeof text === 'string' ? membersOf(text) : text;
  if (!(members instanceof Map)) return members as Fault;
  const written = new Map<string, string>();
  for (const [name, value] of members as Map<string, unknown>) {
    if (!NAMES.includes(name)) return malformed(`${quoted(name)} is no member of a supply`);
    if (value === null) continue;
    if (value instanceof Numeral && NUMBERS.includes(name)) written.set(name, value.text);
    else if (typeof value === 'string') written.set(name, value);
    else return malformed(`"${name}" must be a text: as a number it would lose leading zeros`);
  }
  return complete(written);
};

/** Columns in any order, each once. */
function columnsOf(header: string): string[] | Fault {
  const columns = splitFields(header.replace(/\r$/, ''))?.map((name) => name.trim().toLowerCase()) ?? [];
  const isKnown = columns.every((name) => NAMES.includes(name)) && new Set(columns).size === columns.length;
  if (isKnown && REQUIRED.every((name) => columns.includes(name))) return columns;
  return malformed(
    `the header must name ${REQUIRED.join(', ')}, and may name ${OPTIONAL.join(', ')}, each once; it is ${quoted(header)}`,
  );
}

function csvReader(columns: readonly string[]): MembersReader {
  return (bytes, start, end) => {
    const text = lineText(bytes, start, bytes[end - 1] === RETURN ? end - 1 : end);
    if (typeof text !== 'string') return text;
    const fields = splitFields(text);
    if (!fields) return malformed('a quote is not closed on its line');
    if (fields.length !== columns.length)
      return malformed(`the line has ${fields.length} fields, the header ${columns.length}`);
    return complete(
      new Map(columns.flatMap((name, place) => (fields[place] ? [[name, fields[place]]] : []))),
    );
  };
}

function complete(written: ReadonlyMap<string, string>): SupplyMembers | Fault {
  const missing = REQUIRED.find((name) => !written.has(name));
  if (missing) return malformed(`"${missing}" is missing`);
  return Object.fromEntries(NAMES.map((name) => [name, written.get(name) ?? null])) as SupplyMembers;
}

function malformed(detail: string): Fault {
  return fault('MALFORMED_LINE', detail);
}
