import { worldOf } from './generate.js';
import type { Courtroom, Disagreement } from './judge.js';
import { merged, type PolicyWorld, type Told } from './model.js';
import { smallest } from './shrink.js';

/** Worlds that stand in the hub side by side. */
export const AT_ONCE = 8;
/** A world has at most this many tenants. */
export const MOST_TENANTS = 5;

export interface Campaign {
  seed: number;
  /** How many worlds, from number `from` on. */
  worlds: number;
  from?: number;
  /** Told after each round how many worlds have been asked about. */
  onProgress?: (done: number) => void;
  /** Ends the campaign after the round under way. */
  isStopped?: () => boolean;
}

export interface Outcome {
  /** null for a world that was kept. */
  seed: number | null;
  worlds: number;
  questions: number;
  /** Answers compared. */
  answers: number;
  /** How often each kind of answer was given: a campaign that never refuses, or always does, proves nothing. */
  kinds: Record<string, number>;
  /** By the first word of a line, a category where it lists one: answers with rows, and those that lack what others got. */
  lists: Record<string, { shown: number; withheld: number }>;
  failure: Failure | null;
}

export interface Failure {
  /** Numbers of the worlds that stood side by side when it went wrong. */
  worlds: number[];
  disagreements: Disagreement[];
  /** The smallest world that goes wrong, and what is wrong in it. */
  smallest: { world: PolicyWorld; disagreements: Disagreement[] };
}

/** Asks about world after world until one goes wrong. */
export async function run(court: Pick<Courtroom, 'judge'>, campaign: Campaign): Promise<Outcome> {
  const { seed, worlds, from = 0 } = campaign;
  const outcome: Outcome = { seed, worlds: 0, questions: 0, answers: 0, kinds: {}, lists: {}, failure: null };
  while (outcome.worlds < worlds && !campaign.isStopped?.()) {
    const count = Math.min(AT_ONCE, worlds - outcome.worlds);
    const numbers = Array.from({ length: count }, (_, index) => from + outcome.worlds + index);
    const together = numbers.map((number) => worldOf(seed, number));
    const { told, disagreements } = await court.judge(merged(together));
    outcome.worlds += count;
    const intervals = new Map(
      together.flatMap(({ meters }) => meters.map(({ id, interval }) => [id, interval])),
    );
    for (const answers of told) tally(outcome, answers, intervals);
    tallyLists(outcome, told);
    campaign.onProgress?.(outcome.worlds);
    if (disagreements.length === 0) continue;
    outcome.failure = await failureOf(court, together, numbers, disagreements);
    return outcome;
  }
  return outcome;
}

async function failureOf(
  court: Pick<Courtroom, 'judge'>,
  together: PolicyWorld[],
  numbers: number[],
  disagreements: Disagreement[],
): Promise<Failure> {
  const { line, question } = disagreements[0]!;
  const { tenant } = question;
  // In the same respect, or the way down might end at another fault.
  const [respect] = line.split(' ');
  const goesWrong = async (world: PolicyWorld): Promise<boolean> =>
    (await court.judge(world)).disagreements.some((one) => one.line.split(' ')[0] === respect);
  const alone = together.find(({ tenants }) => tenants.some(({ id }) => id === tenant));
  const start = alone && (await goesWrong(alone)) ? alone : merged(together);
  const world = await smallest(start, goesWrong);
  const judged = await court.judge(world);
  return {
    worlds: numbers,
    disagreements,
    smallest: { world, disagreements: judged.disagreements },
  };
}

function tally(outcome: Outcome, told: Told, intervals: ReadonlyMap<string, number>): void {
  outcome.questions += 1;
  const count = (kind: string): void => void (outcome.kinds[kind] = (outcome.kinds[kind] ?? 0) + 1);
  for (const [, meter = '', interval] of told['readings']?.matchAll(/(\S+) every (\d+) min/g) ?? [])
    if (Number(interval) !== intervals.get(meter)) count('readings coarser than metered');
  for (const answer of Object.values(told)) {
    outcome.answers += 1;
    count(kindOf(answer));
  }
}

function tallyLists(outcome: Outcome, all: Told[]): void {
  const lines = all.flatMap((told) => Object.entries(told));
  for (const [line, group] of Map.groupBy(lines, ([name]) => name)) {
    const list = (outcome.lists[line.split(' ', 1)[0] ?? line] ??= { shown: 0, withheld: 0 });
    const shown = group.map(([, answer]) => answer).filter((answer) => /^rows ./.test(answer));
    const most = Math.max(...shown.map((answer) => answer.length));
    list.shown += shown.length;
    list.withheld += group.length - shown.filter((answer) => answer.length === most).length;
  }
}

function kindOf(answer: string): string {
  if (answer.startsWith('refused')) return answer;
  if (answer === 'rows ') return 'an empty list';
  if (answer.includes('FOREIGN_METER')) return 'rows, some of them refused FOREIGN_METER';
  if (answer.startsWith('rows')) return 'rows';
  if (/^0 of 0 meters$|^nothing$|^not seen$/.test(answer)) return 'nothing to see';
  return 'something to see';
}
