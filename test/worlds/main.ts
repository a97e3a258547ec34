import { readFile } from 'node:fs/promises';
import progress from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { untilStopped } from '../../scripts/serving/signals.js';
import { beginRun } from '../world/run.js';
import { AT_ONCE, type Failure, MOST_TENANTS, type Outcome, run } from './campaign.js';
import { Courtroom, type Disagreement } from './judge.js';
import type { PolicyWorld } from './model.js';
import { SECOND_WALLS } from './second-walls.js';
import { faultsIn, sweep, sweepText } from './sweep.js';

interface Options {
  worlds: number;
  seed?: number;
  from: number;
  replay?: string;
  sweep?: boolean;
  rounds: number;
  only: RegExp;
  apart?: boolean;
  json?: boolean;
}

/** Which worlds a sweep asks about: the same each time, so that what is not seen stays so until something is done. */
const SWEPT = 11;

/** `npm run worlds`: random worlds, each asked about at every door; status 1 as soon as the hub says other than the rules. */
await new Command('worlds')
  .description(
    'Builds random tenants, scopes, consents, declared purposes and data in a real hub and compares what GraphQL, the ' +
      'upload receipt and the download door say with what the rules say.',
  )
  .option('--worlds <n>', 'how many', whole, 200)
  .option('--seed <n>', 'which worlds; the same seed gives the same (otherwise others each time)', whole)
  .option('--from <n>', 'number of the first world', whole, 0)
  .option('--replay <file>', 'one world only, as an earlier run printed it (JSON)')
  .option(
    '--sweep',
    'open each policy of the database that lets somebody read, one by one: an answer has to show it',
  )
  .option(
    '--rounds <n>',
    `with --sweep: rounds of ${AT_ONCE} worlds for a policy that no answer can show; others have six times as many`,
    whole,
    2,
  )
  .option(
    '--only <pattern>',
    'with --sweep: policies called so, such as "tenants" or "^metering.meter "',
    pattern,
    /^/,
  )
  .option('--apart', 'every room as a process of its own')
  .option('--json', 'print JSON')
  .action(async (options: Options, command: Command) => {
    if (options.sweep) return openOneByOne(options);
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

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new InvalidArgumentError('A regular expression, please.');
  }
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

async function campaign(court: Courtroom, options: Options): Promise<Outcome> {
  const { worlds, seed = Math.floor(Math.random() * 1e9), from } = options;
  const { update, isStopped, end } = watching(options, 'worlds');
  update(0, worlds);
  const outcome = await run(court, {
    seed,
    worlds,
    from,
    onProgress: (done) => update(done, worlds),
    isStopped,
  });
  end();
  return outcome;
}

async function openOneByOne(options: Options): Promise<void> {
  const { seed = SWEPT, rounds, only, json } = options;
  const { update, isStopped, end } = watching(options, 'policies');
  const opened = await inCourt(options, (court) =>
    sweep(court, { seed, rounds, reasons: SECOND_WALLS, only, onProgress: update, isStopped }),
  );
  end();
  const faults = faultsIn(opened, SECOND_WALLS);
  const text = json
    ? JSON.stringify({ seed, rounds, opened, faults }, null, 2)
    : sweepText(opened, SECOND_WALLS);
  process.stdout.write(`${text}\n`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

/** A bar on the terminal, and an ear for Ctrl-C, which ends what is done after the part under way. */
function watching({ json }: Options, what: string) {
  let stopped = false;
  void untilStopped().then(() => (stopped = true));
  const bar =
    json || !process.stderr.isTTY
      ? undefined
      : new progress.SingleBar({ stream: process.stderr, clearOnComplete: true, hideCursor: true, format: `${what} {bar} {value} of {total} · {eta_formatted}` }); // prettier-ignore
  return {
    update(done: number, total: number) {
      if (!bar?.isActive) bar?.start(total, done);
      bar?.update(done);
    },
    isStopped: () => stopped,
    end: () => bar?.stop(),
  };
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
