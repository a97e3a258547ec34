/**
 * Canonical JSON after RFC 8785 (JCS), for the values a ledger entry is made of: strings, integers, booleans,
 * null, arrays and plain objects. Equal values give equal bytes on every machine, so their hash can be proved.
 * Throws a TypeError that names the place for everything else: fractions (their shortest form is easy to get
 * wrong elsewhere), undefined, dates, lone surrogates, and U+0000, which PostgreSQL cannot read back.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$');
}

function write(value: unknown, place: string): string {
  switch (typeof value) {
    case 'string':
      return writeString(value, place);
    case 'number':
      if (!Number.isSafeInteger(value)) throw new TypeError(`${place}: ${value} is not a safe integer`);
      return String(value);
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeArray(value, place) : writeObject(value, place);
    default:
      throw new TypeError(`${place}: ${typeof value} has no canonical form`);
  }
}

function writeString(value: string, place: string): string {
  if (!value.isWellFormed()) throw new TypeError(`${place}: lone surrogate`);
  if (value.includes('\0')) throw new TypeError(`${place}: U+0000`);
  return JSON.stringify(value);
}

function writeArray(values: readonly unknown[], place: string): string {
  // Array.from visits holes too, which map would leave out.
  return `[${Array.from(values, (value, index) => write(value, `${place}[${index}]`)).join(',')}]`;
}

function writeObject(value: object, place: string): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${place}: only plain objects have a canonical form`);
  }
  // The default order compares UTF-16 code units, as RFC 8785, 3.2.3 asks.
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${writeString(key, place)}:${write(member, `${place}.${key}`)}`).join(',')}}`;
}
