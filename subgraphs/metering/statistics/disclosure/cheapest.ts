import { type Attacker, columnNode, roomOf, rowNode, type Ways } from './bounds.js';
import { ALL, type Cell, isTakenAway, type Table } from './table.js';

export interface Search {
  table: Table;
  hidden: ReadonlyMap<string, unknown>;
  preferred: ReadonlySet<string>;
  attacker: Attacker;
  target: Cell;
  /** What still flows through the withheld cells. */
  ways: Ways;
  ends: [string, string];
}

const COSTS = { PREFERRED: 1, CELL: 1_000, TOTAL: 100_000, TOTAL_OF_ALL: 10_000_000 };

/** What is lost by withholding a cell: totals are dearer than cells, large cells than small ones. */
function costOf({ hidden, preferred }: Search, cell: Cell): number {
  if (hidden.has(cell.key)) return 0;
  if (preferred.has(cell.key)) return COSTS.PREFERRED;
  const size = cell.amount.toString(2).length;
  if (isTakenAway(cell)) return COSTS.TOTAL + size;
  return (cell.row === ALL ? COSTS.TOTAL_OF_ALL : COSTS.CELL) + size;
}

interface Reached {
  cost: number;
  told: Cell[];
}

/** The told cells on the cheapest way by which `amount` could flow; undefined where there is none. */
export function cheapest(search: Search, amount: bigint): Cell[] | undefined {
  const [from, to] = search.ends;
  const reached = new Map<string, Reached>([[from, { cost: 0, told: [] }]]);
  const settled = new Set<string>();
  const steps = stepsOf(search, amount);
  for (;;) {
    const [node, { cost, told }] = nearest(reached, settled) ?? ['', { cost: 0, told: [] }];
    if (node === '') return undefined;
    if (node === to) return told;
    settled.add(node);
    for (const { end, cell, price } of steps.get(node) ?? []) {
      const known = reached.get(end);
      if (known && cost + price >= known.cost) continue;
      reached.set(end, { cost: cost + price, told: search.hidden.has(cell.key) ? told : [...told, cell] });
    }
  }
}

function nearest(reached: Map<string, Reached>, settled: Set<string>): [string, Reached] | undefined {
  let best: [string, Reached] | undefined;
  for (const one of reached) if (!settled.has(one[0]) && (!best || one[1].cost < best[1].cost)) best = one;
  return best;
}

interface Step {
  end: string;
  cell: Cell;
  price: number;
}

function stepsOf(search: Search, amount: bigint): Map<string, Step[]> {
  const steps = new Map<string, Step[]>();
  for (const cell of search.table.values()) {
    if (cell.key === search.target.key) continue;
    const [row, column, price] = [rowNode(cell), columnNode(cell), costOf(search, cell)];
    const { forth, back } = roomLeft(search, cell);
    if (forth >= amount) add(steps, row, { end: column, cell, price });
    if (back >= amount) add(steps, column, { end: row, cell, price });
  }
  return steps;
}

function roomLeft({ hidden, attacker, ways }: Search, cell: Cell): { forth: bigint; back: bigint } {
  if (hidden.has(cell.key)) {
    const [row, column] = [rowNode(cell), columnNode(cell)];
    return { forth: ways.left(row, column), back: ways.left(column, row) };
  }
  const { up, down } = roomOf(attacker, cell);
  return { forth: down, back: up };
}

function add(steps: Map<string, Step[]>, from: string, step: Step): void {
  const known = steps.get(from);
  if (known) known.push(step);
  else steps.set(from, [step]);
}
