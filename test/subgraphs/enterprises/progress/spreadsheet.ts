import { text } from 'node:stream/consumers';
import { openPromise } from 'yauzl';

type Value = string | number | null;

/** Cells of each sheet, by its name, as any program that opens the file reads them. @throws Error for a formula. */
export async function sheetsOf(path: string): Promise<Record<string, Value[][]>> {
  const files = await filesOf(path);
  const shared = inner(files['xl/sharedStrings.xml'], /<t[^>]*>([^<]*)<\/t>/g);
  const names = inner(files['xl/workbook.xml'], /<sheet [^>]*name="([^"]*)"/g);
  const sheets = names.map((name, place) => {
    const xml = files[`xl/worksheets/sheet${place + 1}.xml`] ?? '';
    if (xml.includes('<f')) throw new Error(`${name} holds a formula`);
    return [name, inner(xml, /<row [^>]*>(.*?)<\/row>/gs).map((row) => cellsOf(row, shared))] as const;
  });
  return Object.fromEntries(sheets);
}

function cellsOf(row: string, shared: readonly string[]): Value[] {
  const cells: Value[] = [];
  for (const [, column = '', attributes = '', value] of row.matchAll(
    /<c r="([A-Z])\d+"([^>]*?)(?:\/>|>(?:<v>([^<]*)<\/v>)?<\/c>)/g,
  )) {
    const place = column.charCodeAt(0) - 65;
    while (cells.length < place) cells.push(null);
    cells.push(
      value === undefined ? null : attributes.includes('t="s"') ? shared[Number(value)]! : Number(value),
    );
  }
  return cells;
}

function inner(xml: string | undefined, pattern: RegExp): string[] {
  return [...(xml ?? '').matchAll(pattern)].map(([, found = '']) =>
    found.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  );
}

async function filesOf(path: string): Promise<Record<string, string>> {
  const zip = await openPromise(path);
  const files: Record<string, string> = {};
  for await (const entry of zip.eachEntry())
    files[entry.fileName] = await text(await zip.openReadStreamPromise(entry));
  return files;
}
