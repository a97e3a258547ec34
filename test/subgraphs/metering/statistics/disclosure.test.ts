import { expect, test } from '@jest/globals';
import { changesSince, release } from '../../../../subgraphs/metering/statistics/disclosure/release.js';
import { type DisclosureRules, unsafe } from '../../../../subgraphs/metering/statistics/disclosure/rules.js';
import {
  type Contribution,
  type Table,
  tableOf,
} from '../../../../subgraphs/metering/statistics/disclosure/table.js';
import { withhold } from '../../../../subgraphs/metering/statistics/disclosure/withhold.js';
import { boundsOf, type Knowledge } from './attacker.js';

/** 36 needs both directions, 184 a second look at those with little. */
const SEEDS = [184, ...Array.from({ length: 15 }, (_, place) => 24 + place)];
const RULES: DisclosureRules = { fewestSubjects: 3, pPercent: 10, largestSharePercent: 85 };

test('a sum of two, one that the second largest can take its own from, and one that two nearly make up are not told', () => {
  expect(unsafe([10n, 10n], RULES)).toBe('TOO_FEW');
  expect(unsafe([100n, 50n, 9n], RULES)).toBe('DOMINATED');
  expect(unsafe([100n, 50n, 10n, 10n], { ...RULES, pPercent: 5 })).toBe('DOMINATED');
  expect(unsafe([10n, 10n, 10n], RULES)).toBeNull();
  expect(unsafe([], RULES)).toBeNull();
});

test('a district that knows its own figures cannot take them from the city’s to get its only neighbour’s', () => {
  const table = tableOf([
    ...each('310101', 'A', [50n, 60n, 70n]),
    ...each('310101', 'B', [50n, 60n, 70n]),
    ...each('310104', 'A', [80n]),
    ...each('310104', 'B', [50n, 60n, 70n]),
  ]);
  const hidden = withhold(table, RULES, { knowing: ['310101', '310104'] });

  expect(hidden.get('310104/A')).toBe('TOO_FEW');
  expect(hidden.get('/A')).toBe('COMPLEMENTARY');
  expect(hidden.has('/')).toBe(false);
});

test('nobody works out a withheld cell within p %: no outsider, no district, no subject, in 16 tables', () => {
  let withheldInAll = 0;
  let toldInAll = 0;
  for (const seed of SEEDS) {
    const table = tableOf(contributionsOf(seed));
    const rows = rowsOf(table);
    const hidden = withhold(table, RULES, { knowing: rows });
    withheldInAll += hidden.size;
    toldInAll += table.size - hidden.size;
    const subjects = [...new Set([...hidden.keys()].flatMap((key) => [...table.get(key)!.bySubject.keys()]))];
    for (const who of [{}, ...rows.map((row) => ({ row })), ...subjects.map((subject) => ({ subject }))]) {
      expect(`${seed} ${JSON.stringify(who)}: ${found(table, hidden, who).join()}`).toBe(
        `${seed} ${JSON.stringify(who)}: `,
      );
    }
  }
  expect(withheldInAll).toBeGreaterThan(60);
  expect(toldInAll).toBeGreaterThan(withheldInAll / 4);
});

test('what is withheld for its own sake alone is worked out: the one who tries is able to', () => {
  const told = [1, 2, 3, 4, 5].map((seed) => {
    const table = tableOf(contributionsOf(seed));
    const alone = [...table.values()].filter((cell) => unsafe(cell.bySubject.values(), RULES));
    return found(table, new Map(alone.map(({ key }) => [key, 'TOO_FEW'])), {}).length;
  });
  expect(Math.max(...told)).toBeGreaterThan(0);
});

test('a subject that reports late is in no revision until its change is one of several', () => {
  const month = contributionsOf(8);
  const first = { contributions: month, states: release(month, told([])) };
  const late = [...month, { row: 'r1', column: 'c1', subject: 'late', amount: 777n }];
  const second = release(late, told([first]));

  expect([second.get('r1/c1'), second.get('r1/'), second.get('/c1'), second.get('/')]).not.toContain('TOLD');
  const many = [...late, ...each('r1', 'c1', [400n, 500n, 600n, 700n, 800n])];
  const third = release(many, told([first, { contributions: late, states: second }]));
  expect(third.get('/')).toBe('TOLD');
});

test('no two of five revisions differ by what can be laid to fewer than three', () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const random = randomOf(seed * 97);
    let month = contributionsOf(seed);
    const revisions = [{ contributions: month, states: release(month, told([])) }];
    for (let revision = 2; revision <= 5; revision += 1) {
      month = month.map((one) =>
        random() < 0.2 ? { ...one, amount: one.amount + BigInt(Math.floor(random() * 500)) } : one,
      );
      revisions.push({ contributions: month, states: release(month, told(revisions)) });
    }
    const withheld = (states: ReadonlyMap<string, string>): string[] =>
      [...states].filter(([, state]) => state !== 'TOLD' && state !== 'KEPT').map(([key]) => key);
    revisions.forEach((later, place) => {
      expect(withheld(later.states)).toEqual(withheld(revisions[0]!.states));
      for (const earlier of revisions.slice(0, place)) {
        const changes = tableOf(changesSince(earlier.contributions, later.contributions));
        const silent = new Map(
          [...earlier.states, ...later.states].filter(
            ([key]) =>
              changes.has(key) && (earlier.states.get(key) !== 'TOLD' || later.states.get(key) !== 'TOLD'),
          ),
        );
        for (const who of [{}, { row: 'r1' }, { row: 'r2' }, { row: 'r3' }]) {
          expect(found(changes, silent, who)).toEqual([]);
        }
        for (const [key, { bySubject }] of changes)
          if (!silent.has(key)) expect(unsafe(bySubject.values(), RULES)).toBeNull();
      }
    });
  }
});

const told = (earlier: Parameters<typeof release>[1]['earlier']): Parameters<typeof release>[1] => ({
  rules: RULES,
  knowing: ['r1', 'r2', 'r3'],
  earlier,
});

/** Unsafe cells that somebody knows within p % of what is not his own. */
function found(
  table: Table,
  hidden: ReadonlyMap<string, unknown>,
  who: { row?: string; subject?: string },
): string[] {
  const knowledge: Knowledge = { known: new Map(), least: new Map() };
  const ownOf = (key: string): bigint => {
    const { row, column, bySubject } = table.get(key)!;
    if (who.row === undefined) return bySubject.get(who.subject ?? '') ?? 0n;
    return row === who.row || row === '' ? (table.get(`${who.row}/${column}`)?.amount ?? 0n) : 0n;
  };
  for (const { key, amount } of table.values()) {
    const isKnown = !hidden.has(key) || ownOf(key) === amount;
    if (isKnown) knowledge.known.set(key, Number(amount));
    else knowledge.least.set(key, Number(ownOf(key)));
  }
  return [...table.values()]
    .filter(({ key, bySubject }) => hidden.has(key) && unsafe(bySubject.values(), RULES))
    .filter(({ key, amount }) => ownOf(key) !== amount)
    .filter(({ key, amount }) => {
      const [least, most] = boundsOf(table, knowledge, key);
      const tenth = Number(amount - ownOf(key)) * 0.1;
      return (
        most < Number(amount) + tenth - 1e-3 ||
        least > Number(amount) - Math.min(tenth, Number(amount)) + 1e-3
      );
    })
    .map(({ key }) => key);
}

function rowsOf(table: Table): string[] {
  return [...new Set([...table.values()].map(({ row }) => row))].filter((row) => row !== '');
}

function each(row: string, column: string, amounts: bigint[]): Contribution[] {
  return amounts.map((amount, place) => ({ row, column, subject: `${row}${column}${place}`, amount }));
}

/** Two to five rows and columns, none to seven subjects a cell, some of them in several, some much larger than others. */
function contributionsOf(seed: number): Contribution[] {
  const random = randomOf(seed);
  const below = (bound: number): number => Math.floor(random() * bound);
  const [rows, columns] = [2 + below(4), 2 + below(3)];
  const all: Contribution[] = [];
  for (let row = 1; row <= rows; row += 1) {
    for (let column = 1; column <= columns; column += 1) {
      for (let count = below(8); count > 0; count -= 1) {
        const subject = random() < 0.2 ? `s${below(5)}` : `s${row}${column}${count}`;
        const amount = BigInt(1 + Math.floor(random() ** 4 * 10_000));
        all.push({ row: `r${row}`, column: `c${column}`, subject, amount });
      }
    }
  }
  return all;
}

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
