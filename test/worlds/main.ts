import { readFile } from 'node:fs/promises';
import progress from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { untilStopped } from '../../scripts/serving/signals.js';
import { beginRun } from '../world/run.js';
import { AT_ONCE, type Failure, MOST_TENANTS, type Outcome, run } from './campaign.js';
import { Courtroom, type Disagreement } from './judge.js';
import type { PolicyWorld } from './model.js';

interface Options {
  worlds: number;
  seed: number;
  from: number;
  replay?: string;
  apart?: boolean;
  json?: boolean;
}

/** `npm run worlds`: random worlds, each asked about at every door; status 1 as soon as the hub says other than the rules. */
await new Command('worlds')
  .description(
    'Builds random tenants, scopes, consents, declared purposes and data in a real hub and compares what GraphQL, the ' +
      'upload receipt and the download door say with what the rules say.',
  )
  .option('--worlds <n>', 'how many', whole, 200)
  .option('--seed <n>', 'which worlds; the same seed gives the same', whole, Math.floor(Math.random() * 1e9))
  .option('--from <n>', 'number of the first world', whole, 0)
  .option('--replay <file>', 'one world only, as an earlier run printed it (JSON)')
  .option('--apart', 'every room as a process of its own')
  .option('--json', 'print JSON')
  .action(async (options: Options, command: Command) => {
    const kept = options.replay === undefined ? undefined : await worldIn(options.replay, command);
    const outcome = await inCourt(options, (court) =>
      kept ? replay(court, kept) : campaign(court, options),
    );
    process.stdout.write(`${options.json ? JSON.stringify(outcome, null, 2) : textOf(outcome)}\n`);
    process.exitCode = outcome.failure ? 1 : 0;
  })
  .parseAsync();

function whole(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('A whole number, please.');
}

async function inCourt<T>({ apart }: Options, work: (court: Courtroom) => Promise<T>): Promise<T> {
  const server = await beginRun();
  try {
    const court = await Courtroom.open(AT_ONCE * MOST_TENANTS, { rooms: apart ? 'apart' : 'together' });
    try {
      return await work(court);
    } finally {
      await court.close();
    }
  } finally {
    await server.end();
  }
}

async function campaign(court: Courtroom, { worlds, seed, from, json }: Options): Promise<Outcome> {
  let isStopped = false;
  void untilStopped().then(() => (isStopped = true));
  const bar =
    json || !process.stderr.isTTY
      ? undefined
      : new progress.SingleBar({ stream: process.stderr, clearOnComplete: true, hideCursor: true, format: 'worlds {bar} {value} of {total} · {eta_formatted}' }); // prettier-ignore
  bar?.start(worlds, 0);
  const outcome = await run(court, {
    seed,
    worlds,
    from,
    onProgress: (done) => bar?.update(done),
    isStopped: () => isStopped,
  });
  bar?.stop();
  return outcome;
}

async function worldIn(file: string, command: Command): Promise<PolicyWorld> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as PolicyWorld;
  } catch {
    return command.error(`error: there is no world in ${file}`);
  }
}

/** A world that went wrong, once more. */
async function replay(court: Courtroom, world: PolicyWorld): Promise<Outcome> {
  const { told, disagreements } = await court.judge(world);
  const answers = told.reduce((count, one) => count + Object.keys(one).length, 0);
  const smallest = { world, disagreements };
  const failure = disagreements.length > 0 ? { worlds: [], disagreements, smallest } : null;
  return { seed: null, worlds: 1, questions: told.length, answers, kinds: {}, lists: {}, failure };
}

function textOf({ seed, worlds, questions, answers, kinds, failure }: Outcome): string {
  const counted = Object.entries(kinds).toSorted(([, one], [, other]) => other - one);
  const lines = [
    `${worlds} worlds${seed === null ? '' : ` of seed ${seed}`}: ${questions} askers, ${answers} answers compared`,
    ...counted.map(([kind, count]) => `  ${String(count).padStart(8)}  ${kind}`),
    failure ? failureText(failure) : 'Hub and rules agree.',
  ];
  return lines.join('\n');
}

function failureText({ worlds, disagreements, smallest }: Failure): string {
  return [
    `Hub and rules disagree in ${disagreements.length} answers (${worlds.length > 0 ? `worlds ${worlds.join(', ')}` : 'the world that was kept'}), such as`,
    ...disagreements.slice(0, 5).map(disagreementText),
    'The smallest world that goes wrong (keep it in a file for --replay):',
    JSON.stringify(smallest.world),
    ...smallest.disagreements.slice(0, 5).map(disagreementText),
  ].join('\n');
}

function disagreementText({ question, line, rules, hub }: Disagreement): string {
  const asker = `${question.tenant} for ${question.header ?? 'no stated purpose'}`;
  return `  ${asker}, ${line}\n    rules: ${rules ?? '(nothing)'}\n    hub:   ${hub ?? '(nothing)'}`;
}
