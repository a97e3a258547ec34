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
import { ALL, type Cell, keyOf, type Table } from './table.js';

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
 * its own amounts. What more is withheld never makes another easier to find; but it may hold amounts of a subject that had
 * nothing in what was withheld before, so all are looked at again until nothing is added.
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
  for (let settled = -1; settled < hidden.size;) {
    settled = hidden.size;
    if (!targets.every((target) => isProtected(state, attackers, target))) return everything(table, hidden);
  }
  return hidden;
}

function isProtected(state: State, attackers: readonly Attacker[], target: Cell): boolean {
  return attackers
    .filter((attacker) => isInsider(state, attacker))
    .every((attacker) => protect(state, attacker, target, 'UP') && protect(state, attacker, target, 'DOWN'));
}

/** Nothing less would do, as in a table of one row: it is withheld whole. */
function everything(table: Table, hidden: Map<string, WhyWithheld>): Map<string, WhyWithheld> {
  for (const key of table.keys()) if (!hidden.has(key)) hidden.set(key, 'COMPLEMENTARY');
  return hidden;
}

/**
 * Whoever knows a row, every subject, and an outsider: who knows most comes first, because what keeps the others out does
 * not keep him.
 */
function attackersOf(table: Table, knowing: Iterable<string>): Attacker[] {
  const subjects = table.get(keyOf(ALL, ALL))?.bySubject.keys() ?? [];
  return [
    ...[...knowing].map((row) => platformOf(table, row)),
    ...[...subjects].map((subject) => subjectAs({ subject })),
    OUTSIDER,
  ];
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
