import type { DisclosureRules, WhyWithheld } from './rules.js';
import { type Contribution, keyOf, type Table, tableOf } from './table.js';
import { withhold } from './withhold.js';

/** TOLD with its value of now; KEPT at the value that was told before; or why it is withheld. */
export type CellState = 'TOLD' | 'KEPT' | WhyWithheld;

/** A revision of a month as it was told. */
export interface Told {
  contributions: readonly Contribution[];
  states: ReadonlyMap<string, CellState>;
}

export interface ReleaseCircumstances {
  rules: DisclosureRules;
  /** Rows whose platforms know their own figures exactly. */
  knowing: readonly string[];
  /** Every revision of the same month so far. */
  earlier: readonly Told[];
  /** Cells withheld in the month before. */
  preferred?: ReadonlySet<string>;
}

/**
 * What of a month is told. The first revision withholds what is unsafe. A later one shows new values only where what
 * changed since each earlier one would be safe to tell by itself: the difference of two revisions is a table like any
 * other, whose subjects are those that changed. Where it is not, the cell keeps its earlier value. What was once
 * withheld stays so; so the same cells are withheld in all revisions of a month.
 */
export function release(
  contributions: readonly Contribution[],
  { rules, knowing, earlier, preferred = new Set() }: ReleaseCircumstances,
): Map<string, CellState> {
  const table = tableOf(contributions);
  const [first] = earlier;
  const withheld = first ? withheldIn(first) : new Map<string, WhyWithheld>();
  const hidden = withhold(table, rules, { knowing, withheld, preferred });
  for (const told of earlier) {
    const silent = new Map([...hidden, ...untoldIn(told)]);
    const changes = tableOf(changesSince(told.contributions, contributions));
    const unsafe = withhold(changes, rules, { knowing, withheld: silent, preferred });
    for (const [key, why] of unsafe) if (!silent.has(key)) hidden.set(key, why);
  }
  return new Map(keysOf(table, earlier).map((key) => [key, stateOf(key)]));

  function stateOf(key: string): CellState {
    const why = hidden.get(key);
    if (!why) return 'TOLD';
    return first ? (withheld.get(key) ?? 'KEPT') : why;
  }
}

/** Where nothing was is known as well: it keeps being told as nothing, if what is there now may not be. */
function keysOf(table: Table, earlier: readonly Told[]): string[] {
  return [...new Set([...table.keys(), ...earlier.flatMap(({ states }) => [...states.keys()])])];
}

function withheldIn({ states }: Told): Map<string, WhyWithheld> {
  const withheld = new Map<string, WhyWithheld>();
  for (const [key, state] of states) if (state !== 'TOLD' && state !== 'KEPT') withheld.set(key, state);
  return withheld;
}

/** What cannot be compared with that revision, because it did not show its value of then. */
function untoldIn({ states }: Told): [string, WhyWithheld][] {
  return [...states].flatMap(([key, state]) =>
    state === 'TOLD' ? [] : [[key, state === 'KEPT' ? 'COMPLEMENTARY' : state] as [string, WhyWithheld]],
  );
}

/** By how much each subject's amount in a cell is other than it was; those that are the same are left out. */
export function changesSince(
  before: readonly Contribution[],
  after: readonly Contribution[],
): Contribution[] {
  const changes = new Map<string, Contribution>();
  const add = (sign: bigint, contribution: Contribution): void => {
    const key = `${keyOf(contribution.row, contribution.column)}/${contribution.subject}`;
    const amount = (changes.get(key)?.amount ?? 0n) + sign * contribution.amount;
    changes.set(key, { ...contribution, amount });
  };
  for (const contribution of before) add(-1n, contribution);
  for (const contribution of after) add(1n, contribution);
  return [...changes.values()].filter(({ amount }) => amount !== 0n);
}
