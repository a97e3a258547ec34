import { ALL, type Cell, isTakenAway, keyOf, type Table } from './table.js';

/** Who tries to find out: it knows what is told, and what of each cell is its own. */
export interface Attacker {
  own: (cell: Cell) => bigint;
  subject?: string;
}

export const OUTSIDER: Attacker = { own: () => 0n };

export function subjectAs({ subject }: { subject: string }): Attacker {
  return { own: ({ bySubject }) => bySubject.get(subject) ?? 0n, subject };
}

/** A platform knows the figures of its row, and so its part of each total. */
export function platformOf(table: Table, row: string): Attacker {
  return {
    own: (cell) =>
      cell.row === row || cell.row === ALL ? (table.get(keyOf(row, cell.column))?.amount ?? 0n) : 0n,
  };
}

export type Direction = 'UP' | 'DOWN';

/** How far a cell could change by itself without being less than what the attacker knows to be in it. */
interface Room {
  up: bigint;
  down: bigint;
}

const NO_BOUND = 1n << 200n;

/** What of a cell is not the attacker's own. */
export function unknownTo({ own }: Attacker, cell: Cell): bigint {
  return cell.amount - own(cell);
}

/**
 * Every cell joins its row and its column. Sums stay right if what a row gains in one cell it loses in another, and
 * likewise each column: so a cell can differ by as much as flows from its row to its column through other withheld
 * cells. That makes the bounds of each cell exact, as linear programming would, at the cost of a flow.
 */
export function roomOf(attacker: Attacker, cell: Cell): Room {
  const less = unknownTo(attacker, cell);
  if (less === 0n) return { up: 0n, down: 0n };
  return isTakenAway(cell) ? { up: less, down: NO_BOUND } : { up: NO_BOUND, down: less };
}

/** Rows and columns as nodes, withheld cells as the ways between them. */
export class Ways {
  readonly #residual = new Map<string, Map<string, bigint>>();

  constructor(attacker: Attacker, cells: Iterable<Cell>, except: Cell) {
    for (const cell of cells) {
      if (cell.key === except.key) continue;
      const { up, down } = roomOf(attacker, cell);
      this.#add(rowNode(cell), columnNode(cell), down);
      this.#add(columnNode(cell), rowNode(cell), up);
    }
  }

  /** How much flows, at most `wanted`. */
  flow(from: string, to: string, wanted: bigint): bigint {
    let flowed = 0n;
    while (flowed < wanted) {
      const path = this.#shortest(from, to);
      if (!path) return flowed;
      const least = path.reduce(
        (least, [one, other]) => smaller(least, this.left(one, other)),
        wanted - flowed,
      );
      for (const [one, other] of path) {
        this.#add(one, other, -least);
        this.#add(other, one, least);
      }
      flowed += least;
    }
    return flowed;
  }

  #shortest(from: string, to: string): [string, string][] | undefined {
    const before = new Map([[from, '']]);
    for (const node of before.keys()) {
      if (node === to) return steps(before, to);
      for (const [next, amount] of this.#residual.get(node) ?? []) {
        if (amount > 0n && !before.has(next)) before.set(next, node);
      }
    }
    return undefined;
  }

  /** What could still flow between two that stand next to each other. */
  left(from: string, to: string): bigint {
    return this.#residual.get(from)?.get(to) ?? 0n;
  }

  #add(from: string, to: string, amount: bigint): void {
    let ways = this.#residual.get(from);
    if (!ways) this.#residual.set(from, (ways = new Map<string, bigint>()));
    ways.set(to, (ways.get(to) ?? 0n) + amount);
  }
}

export function rowNode({ row }: Cell): string {
  return `row ${row}`;
}

export function columnNode({ column }: Cell): string {
  return `column ${column}`;
}

/** From where to where it must flow for a cell to be more, or less, than it is. */
export function ends(cell: Cell, direction: Direction): [string, string] {
  const isForth = (direction === 'UP') !== isTakenAway(cell);
  return isForth ? [rowNode(cell), columnNode(cell)] : [columnNode(cell), rowNode(cell)];
}

/** The ways that the withheld cells are, for one who wants to know the target. */
export function waysAround(table: Table, withheld: Iterable<string>, attacker: Attacker, target: Cell): Ways {
  return new Ways(
    attacker,
    [...withheld].flatMap((key) => table.get(key) ?? []),
    target,
  );
}

function steps(before: Map<string, string>, to: string): [string, string][] {
  const path: [string, string][] = [];
  for (let node = to; before.get(node); node = before.get(node)!) path.unshift([before.get(node)!, node]);
  return path;
}

export function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
