import {
  type Attacker,
  type Direction,
  ends,
  OUTSIDER,
  platformOf,
  smaller,
  subjectAs,
  unknownTo,
  waysAround,
} from './bounds.js';
import { cheapest } from './cheapest.js';
import { type DisclosureRules, percentOf, unsafe, type WhyWithheld } from './rules.js';
import { ALL, type Cell, type Table } from './table.js';

export interface Circumstances {
  /** Rows whose platforms know their own figures exactly; each is looked at as one who tries. */
  knowing: Iterable<string>;
  /** Cells that are withheld whatever they hold. */
  withheld?: ReadonlyMap<string, WhyWithheld>;
  /** Cells that are rather withheld than others: those of the month before, so that the gaps stay where they are. */
  preferred?: ReadonlySet<string>;
}

/**
 * Which cells are not told, and why: those that are unsafe by themselves, and as many more as it takes that nobody can
 * work those out from the rest within p %: not an outsider, not a platform that knows a row, not a subject that knows
 * its own amounts. What more is withheld never makes another easier to find, so each is settled once.
 */
export function withhold(
  table: Table,
  rules: DisclosureRules,
  { knowing, withheld = new Map(), preferred = new Set() }: Circumstances,
): Map<string, WhyWithheld> {
  const hidden = new Map<string, WhyWithheld>(withheld);
  const targets: Cell[] = [];
  for (const cell of table.values()) {
    const why = unsafe(cell.bySubject.values(), rules);
    if (!why) continue;
    hidden.set(cell.key, why);
    targets.push(cell);
  }
  const state = { table, hidden, rules, preferred };
  const attackers = attackersOf(table, knowing);
  for (const target of targets) {
    for (const attacker of attackers.filter((one) => isInsider(state, one))) {
      for (const direction of ['UP', 'DOWN'] as const) {
        if (!protect(state, attacker, target, direction)) return everything(table, hidden);
      }
    }
  }
  return hidden;
}

/** Nothing less would do, as in a table of one row: it is withheld whole. */
function everything(table: Table, hidden: Map<string, WhyWithheld>): Map<string, WhyWithheld> {
  for (const key of table.keys()) if (!hidden.has(key)) hidden.set(key, 'COMPLEMENTARY');
  return hidden;
}

/**
 * Whoever knows a row, the two largest subjects of each cell (others know less to take away), and an outsider: who knows
 * most comes first, because what keeps the others out does not keep him.
 */
function attackersOf(table: Table, knowing: Iterable<string>): Attacker[] {
  const largest = new Set([...table.values()].flatMap(twoLargest));
  return [
    ...[...knowing].map((row) => platformOf(table, row)),
    ...[...largest].map((subject) => subjectAs({ subject })),
    OUTSIDER,
  ];
}

function twoLargest({ bySubject }: Cell): string[] {
  const sorted = [...bySubject].sort(([, one], [, other]) => (one > other ? -1 : one < other ? 1 : 0));
  return sorted.slice(0, 2).map(([subject]) => subject);
}

/** A subject with nothing in what is withheld knows no more than an outsider. */
function isInsider({ table, hidden }: State, { subject }: Attacker): boolean {
  if (subject === undefined) return true;
  for (const key of hidden.keys()) {
    const cell = table.get(key);
    if (cell && cell.row !== ALL && cell.column !== ALL && cell.bySubject.has(subject)) return true;
  }
  return false;
}

interface State {
  table: Table;
  hidden: Map<string, WhyWithheld>;
  rules: DisclosureRules;
  preferred: ReadonlySet<string>;
}

/** p % of what the attacker does not know of the cell: by so much it must be able to be more, and less. */
export function neededSlack(rules: DisclosureRules, attacker: Attacker, target: Cell): bigint {
  const unknown = unknownTo(attacker, target);
  return unknown === 0n ? 0n : percentOf(unknown, rules.pPercent) / 100n + 1n;
}

function protect(state: State, attacker: Attacker, target: Cell, direction: Direction): boolean {
  const needed = neededSlack(state.rules, attacker, target);
  const wanted = direction === 'DOWN' ? smaller(needed, unknownTo(attacker, target)) : needed;
  for (;;) {
    const ways = waysAround(state.table, state.hidden.keys(), attacker, target);
    const found = ways.flow(...ends(target, direction), wanted);
    if (found >= wanted) return true;
    const search = { ...state, attacker, target, ways, ends: ends(target, direction) };
    const more = cheapest(search, wanted - found) ?? cheapest(search, 1n);
    if (!more) return false;
    for (const { key } of more) state.hidden.set(key, 'COMPLEMENTARY');
  }
}
