/** The cells of one row as they stand, quotes included; null where a quote does not close. */
export function cellsOf(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  const pattern = /(\s*"(?:[^"]|"")*"\s*|[^",]*)(,|$)/y;
  for (;;) {
    const match = pattern.exec(line);
    if (!match) return null;
    cells.push(match[1] ?? '');
    if (match[2] === '') return cells;
  }
}

/** What a cell says, without blanks around it and without its quotes. */
export function textOfCell(cell: string): string {
  const text = cell.trim();
  return text.startsWith('"') && text.length > 1 ? text.slice(1, -1).replaceAll('""', '"').trim() : text;
}

/** The names of the columns after that of the time, or what is wrong with a header. */
export function columnsOf(header: readonly string[]): string[] | string {
  const columns = header.slice(1).map(textOfCell);
  if (columns.length === 0) return 'has no columns of meters';
  const seen = new Set<string>();
  for (const column of columns) {
    if (seen.has(column)) return `has the column "${column.slice(0, 80)}" twice`;
    seen.add(column);
  }
  return columns;
}
