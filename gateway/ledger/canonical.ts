/**
 * Canonical JSON after RFC 8785 (JCS), for the values a ledger entry is made of: strings, integers, booleans,
 * null, arrays and plain objects. Equal values give equal bytes on every machine, so their hash can be proved.
 * Throws a TypeError that names the place for everything else: fractions (their shortest form is easy to get
 * wrong elsewhere), undefined, dates, lone surrogates, and U+0000, which PostgreSQL cannot read back.
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

/** Names and indexes that lead to a value; put together only where there is something to complain of. */
type Path = (string | number)[];

function write(value: unknown, path: Path): string {
  switch (typeof value) {
    case 'string':
      return writeString(value, path);
    case 'number':
      if (!Number.isSafeInteger(value)) throw fault(path, `${value} is not a safe integer`);
      return String(value);
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeArray(value, path) : writeObject(value, path);
    default:
      throw fault(path, `${typeof value} has no canonical form`);
  }
}

function writeString(value: string, path: Path): string {
  if (!value.isWellFormed()) throw fault(path, 'lone surrogate');
  if (value.includes('\0')) throw fault(path, 'U+0000');
  return JSON.stringify(value);
}

/** By index, so that holes are met too. */
function writeArray(values: readonly unknown[], path: Path): string {
  let text = '';
  for (let index = 0; index < values.length; index += 1) {
    path.push(index);
    text += (index > 0 ? ',' : '') + write(values[index], path);
    path.pop();
  }
  return `[${text}]`;
}

function writeObject(value: object, path: Path): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw fault(path, 'only plain objects have a canonical form');
  }
  let text = '';
  // The default order compares UTF-16 code units, as RFC 8785, 3.2.3 asks.
  for (const key of Object.keys(value).sort()) {
    text += `${text === '' ? '' : ','}${writeString(key, path)}:`;
    path.push(key);
    text += write((value as Record<string, unknown>)[key], path);
    path.pop();
  }
  return `{${text}}`;
}

function fault(path: Path, what: string): TypeError {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return new TypeError(`$${place}: ${what}`);
}
