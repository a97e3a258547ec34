import { ALL, keyOf, type Table } from '../../../../subgraphs/metering/statistics/disclosure/table.js';

/** What one who tries to find out knows: cells by their value, and of others the least that they hold. */
export interface Knowledge {
  known: Map<string, number>;
  least: Map<string, number>;
}

/**
 * The smallest and the largest value that a cell can have by all sums of rows and columns, every cell at least what is
 * known to be in it. Linear programming over all cells at once; it shares nothing with what it is to catch.
 */
export function boundsOf(table: Table, { known, least }: Knowledge, target: string): [number, number] {
  const unknown = [...table.keys()].filter((key) => !known.has(key));
  const rows = sumsOf(table).map((sum) => {
    let right = 0;
    const left = unknown.map((key) => {
      const sign = sum.get(key) ?? 0;
      right -= sign * (least.get(key) ?? 0);
      return sign;
    });
    for (const [key, sign] of sum) right -= sign * (known.get(key) ?? 0);
    return { left, right };
  });
  const place = unknown.indexOf(target);
  const own = least.get(target) ?? 0;
  if (place < 0) return [known.get(target)!, known.get(target)!];
  const objective = unknown.map((_, index) => (index === place ? 1 : 0));
  return [
    own -
      maximum(
        rows,
        objective.map((one) => -one),
      ),
    own + maximum(rows, objective),
  ];
}

/** Every equation that the totals of a table make: its cells with their signs, zero in all. */
export function sumsOf(table: Table): Map<string, number>[] {
  const cells = [...table.values()];
  const names = (of: 'row' | 'column'): string[] => [...new Set(cells.map((cell) => cell[of]))];
  const sum = (part: typeof cells, total: string): Map<string, number> =>
    new Map(part.map(({ key }) => [key, key === total ? -1 : 1]));
  return [
    ...names('row').map((row) =>
      sum(
        cells.filter((cell) => cell.row === row),
        keyOf(row, ALL),
      ),
    ),
    ...names('column').map((column) =>
      sum(
        cells.filter((cell) => cell.column === column),
        keyOf(ALL, column),
      ),
    ),
  ];
}

interface Row {
  left: number[];
  right: number;
}

const NEARLY = 1e-7;

/** The largest value of the objective over x ≥ 0 with `left · x = right` (simplex in two phases, Bland's rule). */
function maximum(equations: Row[], objective: number[]): number {
  const width = objective.length;
  const rows = equations.map(({ left, right }, place) => {
    const sign = right < 0 ? -1 : 1;
    const slack = equations.map((_, index) => (index === place ? 1 : 0));
    return [...left.map((one) => one * sign), ...slack, right * sign];
  });
  const basis = rows.map((_, place) => width + place);
  const feasible = climb(
    rows,
    basis,
    [...objective.map(() => 0), ...rows.map(() => -1)],
    width + rows.length,
  );
  if (feasible < -NEARLY * Math.max(1, ...equations.map(({ right }) => Math.abs(right))))
    throw new Error('no table fits');
  // Helpers still in the basis are at nothing; they are driven out where their row has anything else.
  basis.forEach((column, place) => {
    const entering =
      column < width ? -1 : rows[place]!.findIndex((one, at) => at < width && Math.abs(one) > NEARLY);
    if (entering >= 0) pivot(rows, basis, place, entering);
  });
  return climb(rows, basis, [...objective, ...rows.map(() => 0)], width);
}

function climb(rows: number[][], basis: number[], objective: number[], width: number): number {
  for (;;) {
    const gain = (column: number): number =>
      objective[column]! -
      rows.reduce((sum, row, place) => sum + row[column]! * objective[basis[place]!]!, 0);
    const entering = Array.from({ length: width }, (_, column) => column).find(
      (column) => gain(column) > NEARLY,
    );
    if (entering === undefined)
      return rows.reduce((sum, row, place) => sum + row.at(-1)! * objective[basis[place]!]!, 0);
    const leaving = leavingRow(rows, basis, entering);
    if (leaving < 0) return Infinity;
    pivot(rows, basis, leaving, entering);
  }
}

function leavingRow(rows: number[][], basis: number[], entering: number): number {
  let best = -1;
  rows.forEach((row, place) => {
    if (row[entering]! <= NEARLY) return;
    const ratio = row.at(-1)! / row[entering]!;
    const least = best < 0 ? Infinity : rows[best]!.at(-1)! / rows[best]![entering]!;
    if (ratio < least - NEARLY || (ratio < least + NEARLY && basis[place]! < basis[best]!)) best = place;
  });
  return best;
}

function pivot(rows: number[][], basis: number[], place: number, entering: number): void {
  const by = rows[place]![entering]!;
  const pivotal = rows[place]!.map((one) => one / by);
  rows[place] = pivotal;
  rows.forEach((row, other) => {
    const factor = row[entering]!;
    if (other !== place && factor !== 0) rows[other] = row.map((one, at) => one - factor * pivotal[at]!);
  });
  basis[place] = entering;
}
