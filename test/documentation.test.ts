import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../gateway/config.js';
import { ERRORS } from '../gateway/errors.js';
import { CATEGORIES } from '../gateway/policy/categories.js';
import { PURPOSES } from '../gateway/policy/purposes.js';

/**
 * The READMEs print four closed lists of the code. Each stands as a Markdown table right below its mark, an HTML
 * comment; in each the first column is the name in backticks, and the second says:
 *
 *   <!-- table: errors -->      the HTTP status, 404
 *   <!-- table: settings -->    the default in backticks, or — where there is none
 *   <!-- table: categories -->  the Chinese term
 *   <!-- table: purposes -->    the Chinese term
 *
 * Further columns are for the reader and compared with nothing.
 */
const READMES = ['README.md', 'README.zh-CN.md'];

type Row = [name: string, second: string];

/** Rows of the table below a mark. @throws Error when the mark, the table or a name is not as said above. */
function tableOf(readme: string, mark: string): Row[] {
  const lines = readme.split('\n').map((line) => line.trim());
  const places = lines.flatMap((line, place) => (line === `<!-- table: ${mark} -->` ? [place] : []));
  if (places.length !== 1) throw new Error(`<!-- table: ${mark} --> stands ${places.length} times, not once`);
  const below = lines.slice((places[0] ?? 0) + 1);
  const from = below.findIndex((line) => line !== '');
  const table = below.slice(from);
  const end = table.findIndex((line) => !line.startsWith('|'));
  const [, rule = '', ...rows] = end === -1 ? table : table.slice(0, end);
  if (!/^\|( *:?-+:? *\|)+$/.test(rule)) throw new Error(`no table follows <!-- table: ${mark} -->`);
  return rows.map((row) => rowOf(row, mark));
}

function rowOf(line: string, mark: string): Row {
  // A bar in a cell is written \|.
  const [, name = '', second = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  if (!/^`[A-Za-z_]+`$/.test(name))
    throw new Error(`${mark}: the first column is a name in backticks: ${line}`);
  return [name.slice(1, -1), second];
}

const sorted = (rows: Row[]): Row[] => rows.toSorted(([one], [other]) => (one < other ? -1 : 1));

test('a table is found below its mark alone, whole, and must have the form agreed on', () => {
  const readme = `# A\n| a | b |\n|---|---|\n| \`NO\` | 1 |\n\n<!-- table: x -->\n\n| Name | Says | More |\n| --- | :-: |---|
| \`ONE\` | a \\| b | … |\n| \`TWO\` | 2 |\n\nText\n| \`THREE\` | 3 |\n`;
  expect(tableOf(readme, 'x')).toEqual([
    ['ONE', 'a \\| b'],
    ['TWO', '2'],
  ]);
  expect(() => tableOf(readme, 'y')).toThrow('stands 0 times');
  expect(() => tableOf(readme + readme, 'x')).toThrow('stands 2 times');
  expect(() => tableOf('<!-- table: x -->\nText', 'x')).toThrow('no table follows');
  expect(() => tableOf('<!-- table: x -->\n|a|b|\n|-|-|\n|ONE|1|', 'x')).toThrow('in backticks');
});

describe.each(READMES)('%s', (file) => {
  const readme = (): string => readFileSync(join(import.meta.dirname, '..', file), 'utf8');

  test('lists every error with its status, and no other', () => {
    const errors = Object.entries(ERRORS).map(([code, [status]]): Row => [code, String(status)]);
    expect(sorted(tableOf(readme(), 'errors'))).toEqual(sorted(errors));
  });

  test('lists every setting, and no other', () => {
    const names = tableOf(readme(), 'settings').map(([name]) => name);
    expect(names.toSorted()).toEqual(Object.keys(SETTINGS).toSorted());
  });

  test('says of every setting what it is when nobody sets it', () => {
    const wrong = tableOf(readme(), 'settings').filter(
      ([name, said]) => !isDefault(name as keyof typeof SETTINGS, said),
    );
    expect(wrong).toEqual([]);
  });

  test('lists every category with its Chinese term, and no other', () => {
    expect(sorted(tableOf(readme(), 'categories'))).toEqual(sorted(Object.entries(CATEGORIES)));
  });

  test('lists every purpose with its Chinese term, and no other', () => {
    expect(sorted(tableOf(readme(), 'purposes'))).toEqual(sorted(Object.entries(PURPOSES)));
  });
});

/** A default is right when writing it out changes nothing; `—` when there is nothing to write. */
function isDefault(name: keyof typeof SETTINGS, said: string): boolean {
  const unset = JSON.stringify(SETTINGS[name].parse(undefined));
  if (said === '—') return unset === undefined || unset === '[]' || unset === '{}';
  const written = SETTINGS[name].safeParse(said.replace(/^`(.*)`$/, '$1'));
  return said.startsWith('`') && written.success && JSON.stringify(written.data) === unset;
}

test('a default that is not the code’s is found', () => {
  expect(isDefault('HUB_PORT', '`8443`')).toBe(true);
  expect(isDefault('HUB_PORT', '`8444`')).toBe(false);
  expect(isDefault('HUB_PORT', '—')).toBe(false);
  expect(isDefault('HUB_HOME', '`.hub`')).toBe(true);
  expect(isDefault('HUB_ROOMS', '—')).toBe(true);
  expect(isDefault('DATABASE_URL', '—')).toBe(true);
  expect(isDefault('HUB_INTROSPECTION', '`true`')).toBe(true);
});
