import type { Pool } from 'pg';
import { AT_ONCE } from './campaign.js';
import { worldOf } from './generate.js';
import type { Courtroom, Disagreement } from './judge.js';
import { merged } from './model.js';
import { policy } from './planting.js';

/** What came of one policy of the database that let everybody read. */
export interface Opened {
  /** `schema.table name` */
  policy: string;
  /** Worlds that were asked about until it was seen, or it was given up. */
  worlds: number;
  /** The first answer that came out wrong; null: none did. */
  seenIn: string | null;
}

export interface Sweep {
  seed: number;
  rounds: number;
  /** Policies that no answer can show, and why: nobody waits longer than the rounds for them, for others much longer. */
  reasons: Readonly<Record<string, string>>;
  only: RegExp;
  onProgress?: (done: number, total: number) => void;
  isStopped?: () => boolean;
}

/** What few worlds can show is asked about so many times longer. */
const PATIENCE = 6;

export type Court = Pick<Courtroom, 'judge' | 'owner'>;

/**
 * Lets one policy after the other show everything, and asks about worlds until an answer comes out wrong. Whatever is
 * not seen is a door without a witness: worlds or questions are missing, or another policy stands before it.
 */
export async function sweep(court: Court, options: Sweep): Promise<Opened[]> {
  const { only, onProgress, isStopped } = options;
  const policies = (await policiesOf(court.owner)).filter((name) => only.test(name));
  if (policies.length === 0) throw new Error(`no policy that lets somebody read is called like ${String(only)}`); // prettier-ignore
  onProgress?.(0, policies.length);
  const before = await firstWrong(court, options);
  if (before.wrong)
    throw new Error(`hub and rules disagree before any policy is opened (${before.wrong.line}): mend that first`); // prettier-ignore
  const opened: Opened[] = [];
  for (const name of policies) {
    if (isStopped?.()) break;
    opened.push(await open(court, name, options));
    onProgress?.(opened.length, policies.length);
  }
  return opened;
}

/** Those that let read some rows and not others; what everybody may read anyway cannot be opened. */
export async function policiesOf(owner: Pool): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select format('%s.%s %s', schemaname, tablename, policyname) as name from pg_policies
     where permissive = 'PERMISSIVE' and cmd in ('SELECT', 'ALL') and qual <> 'true' order by 1`,
  );
  return rows.map(({ name }) => name);
}

async function open(court: Court, name: string, options: Sweep): Promise<Opened> {
  const [table = '', policyName = ''] = name.split(' ');
  const close = await policy(table, policyName, 'using', 'true')(court.owner);
  try {
    const rounds = name in options.reasons ? options.rounds : options.rounds * PATIENCE;
    const { worlds, wrong } = await firstWrong(court, { ...options, rounds });
    return { policy: name, worlds, seenIn: wrong?.line ?? null };
  } finally {
    await close();
  }
}

async function firstWrong(
  court: Court,
  { seed, rounds }: Pick<Sweep, 'seed' | 'rounds'>,
): Promise<{ worlds: number; wrong?: Disagreement }> {
  for (let round = 0; round < rounds; round += 1) {
    const worlds = Array.from({ length: AT_ONCE }, (_, index) => worldOf(seed, round * AT_ONCE + index));
    const [wrong] = (await court.judge(merged(worlds))).disagreements;
    if (wrong) return { worlds: (round + 1) * AT_ONCE, wrong };
  }
  return { worlds: rounds * AT_ONCE };
}

/** Policies without a witness and without a reason, and reasons that do not hold. */
export function faultsIn(opened: readonly Opened[], reasons: Readonly<Record<string, string>>): string[] {
  return opened.flatMap(({ policy: name, seenIn }) => {
    const isExplained = name in reasons;
    if (seenIn === null && !isExplained)
      return [`${name}: nobody sees that it is open, and second-walls.ts does not say why`];
    if (seenIn !== null && isExplained)
      return [`${name}: second-walls.ts says that nobody can see it, and ${seenIn} shows it`];
    return [];
  });
}

export function sweepText(opened: readonly Opened[], reasons: Readonly<Record<string, string>>): string {
  const width = Math.max(...opened.map(({ policy: name }) => name.length));
  const lines = opened.map(({ policy: name, worlds, seenIn }) => {
    const seen = seenIn === null ? (reasons[name] ?? 'UNSEEN') : `seen in: ${seenIn}`;
    return `  ${name.padEnd(width)}  ${String(worlds).padStart(3)} worlds  ${seen}`;
  });
  const faults = faultsIn(opened, reasons);
  const count = opened.filter(({ seenIn }) => seenIn !== null).length;
  return [
    `${opened.length} policies opened one by one, ${count} seen`,
    ...lines,
    ...(faults.length > 0 ? faults : ['Each is seen, or has its reason.']),
  ].join('\n');
}
