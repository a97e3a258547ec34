import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { referencePolicies } from './reach.js';

/** One row of a reference table: every cell as text, an empty cell is the empty string. */
export type ReferenceRow = Record<string, string>;

/**
 * Reads `reference/<file>` of the room that `moduleUrl` (its `import.meta.url`) belongs to. A migration may ask
 * too: its folder lies one deeper than the room's. Works from `dist/`, where the build copies the CSV files.
 * Throws when the file is absent or a row has too many or too few cells: half a table must not be loaded.
 */
export function readReference(moduleUrl: string, file: string): ReferenceRow[] {
  if (!/^[a-z0-9_]+\.csv$/.test(file)) throw new RangeError(`not the name of a reference table: ${file}`);
  const places = [`./reference/${file}`, `../reference/${file}`].map((path) =>
    fileURLToPath(new URL(path, moduleUrl)),
  );
  const place = places.find((path) => existsSync(path));
  if (place === undefined) throw new Error(`no reference table at ${places.join(' or ')}`);
  return parse(readFileSync(place), { columns: true, bom: true, skip_empty_lines: true }) as ReferenceRow[];
}

/**
 * One INSERT of all rows, for a migration: `table` may name its schema, the columns are those of the first row.
 * Literals are left untyped, so that PostgreSQL reads each as its column's type; an empty cell becomes NULL.
 * Throws on names that are no plain identifiers, on rows of unlike columns and on no rows at all.
 */
export function referenceInsert(table: string, rows: readonly ReferenceRow[]): string {
  const [first] = rows;
  if (first === undefined) throw new RangeError(`no rows to insert into ${table}`);
  const columns = Object.keys(first);
  const lines = rows.map((row) => {
    if (Object.keys(row).length !== columns.length) throw new RangeError(`unlike rows for ${table}`);
    return `(${columns.map((column) => literal(row[column])).join(', ')})`;
  });
  const target = table.split('.').map(identifier).join('.');
  return `insert into ${target} (${columns.map(identifier).join(', ')}) values\n${lines.join(',\n')}`;
}

/**
 * A reference table whole, for a migration: every row says where it comes from and whether that was checked; any
 * room may read it, none may change it. A list that changes is loaded again by a later migration.
 *
 * @param columns the table's own columns, beside `source`, `confidence` and `verified`.
 */
export function referenceTable(table: string, columns: string, rows: readonly ReferenceRow[]): string {
  return `
    create table ${table} (
      ${columns},
      source text not null check (source <> ''),
      confidence text not null check (confidence in ('high', 'medium', 'low', 'unverified')),
      verified boolean not null check (verified = (confidence = 'high'))
    );
    ${referencePolicies(table)}
    ${referenceInsert(table, rows)};
  `;
}

function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new RangeError(`not a plain identifier: ${name}`);
  return `"${name}"`;
}

function literal(value: string | undefined): string {
  if (value === undefined) throw new RangeError('a row lacks a column of the first row');
  if (value === '') return 'null';
  if (value.includes('\0')) throw new RangeError('PostgreSQL text holds no NUL');
  const quoted = `'${value.replaceAll("'", "''")}'`;
  // Safe whatever standard_conforming_strings says.
  return value.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
