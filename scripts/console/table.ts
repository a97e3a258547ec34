/** Rows as lines for a terminal; Chinese characters take two columns each. */
export function table(head: readonly string[], rows: readonly (readonly (string | null)[])[]): string[] {
  if (rows.length === 0) return ['None.'];
  const all = [head, ...rows].map((row) => row.map((cell) => cell ?? '-'));
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))));
  return all.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd(),
  );
}

/** A name and its value a line; what is null is left out. */
export function fields(pairs: readonly (readonly [name: string, value: string | null])[]): string[] {
  const shown = pairs.filter(([, value]) => value !== null && value !== '');
  const longest = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(longest)}  ${value}`);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/gu;

function width(text: string): number {
  return [...text].length + (text.match(WIDE)?.length ?? 0);
}
