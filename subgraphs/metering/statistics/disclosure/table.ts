/** The name of a total, of all rows or all columns. */
export const ALL = '';

/** What one subject put into an inner cell of a table, an integer of the smallest unit. */
export interface Contribution {
  row: string;
  column: string;
  subject: string;
  amount: bigint;
}

export interface Cell {
  key: string;
  row: string;
  column: string;
  /** Amounts without their sign: what there is to estimate. */
  amount: bigint;
  bySubject: Map<string, bigint>;
}

/** A table of sums with its totals; cells to which nobody contributes are not in it, and known to be empty. */
export type Table = Map<string, Cell>;

export function keyOf(row: string, column: string): string {
  return `${row}/${column}`;
}

/** Every contribution counts in its cell, in the totals of its row and its column, and in that of all. */
export function tableOf(contributions: Iterable<Contribution>): Table {
  const table: Table = new Map();
  for (const { row, column, subject, amount } of contributions) {
    for (const place of [row, ALL])
      for (const other of [column, ALL]) add(table, place, other, subject, amount);
  }
  return table;
}

function add(table: Table, row: string, column: string, subject: string, amount: bigint): void {
  const key = keyOf(row, column);
  let cell = table.get(key);
  if (!cell) table.set(key, (cell = { key, row, column, amount: 0n, bySubject: new Map() }));
  const size = amount < 0n ? -amount : amount;
  cell.amount += size;
  cell.bySubject.set(subject, (cell.bySubject.get(subject) ?? 0n) + size);
}

/** A total is taken away in the sums of its row and column; the total of all is in neither. */
export function isTakenAway({ row, column }: Cell): boolean {
  return (row === ALL) !== (column === ALL);
}
