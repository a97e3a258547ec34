import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Pool } from 'pg';
import type { RecordedFacts } from '../../gateway/ledger/entry.js';
import type { Checkpoint } from '../../gateway/ledger/ledger.js';
import { type Entry, recentEntries } from '../../gateway/ledger/reader.js';
import { type Progress, type Verification, verifyLedger } from '../../gateway/ledger/verify.js';
import type { Stage } from '../../gateway/policy/grant.js';

export interface LedgerContext {
  /** A pool whose role is in hub_gateway, on the database of the stage. */
  openLedgerPool: (
    stage: Stage,
    options: { home: string },
  ) => Promise<{ pool: Pool; close(): Promise<void> }>;
  /** Where results go; standard output unless given. */
  output?: NodeJS.WritableStream;
}

interface Options {
  stage: Lowercase<Stage>;
  home: string;
  json?: boolean;
}

/** `hub ledger show` and `hub ledger verify`; verify ends with status 1 when the ledger does not hold. */
export function ledgerCommand(context: LedgerContext): Command {
  const command = new Command('ledger').description('read and verify the log of decisions and releases');
  common(command.command('show'))
    .description('print the newest entries, oldest first')
    .option('--last <count>', 'how many, up to 10000', count, 20)
    .action((options: Options & { last: number }) => show(context, options));
  common(command.command('verify'))
    .description('recompute every hash, in order; name the first row that was touched')
    .option(
      '--checkpoint <size:root>',
      'also compare with a checkpoint out of a receipt or manifest',
      checkpoint,
    )
    .action((options: Options & { checkpoint?: Checkpoint }) => verify(context, options));
  return command;
}

function common(command: Command): Command {
  return command
    .addOption(new Option('--stage <stage>', 'which ledger').choices(['formal', 'test']).default('formal'))
    .addOption(new Option('--home <folder>', 'home of the hub').env('HUB_HOME').default('.hub'))
    .option('--json', 'print JSON');
}

async function show(context: LedgerContext, options: Options & { last: number }): Promise<void> {
  const entries = await withPool(context, options, (pool) => recentEntries(pool, options.last));
  const output = context.output ?? process.stdout;
  if (options.json) output.write(`${JSON.stringify(entries, null, 2)}\n`);
  else for (const entry of entries) output.write(`${line(entry)}\n`);
}

async function verify(context: LedgerContext, options: Options & { checkpoint?: Checkpoint }): Promise<void> {
  const verification = await withPool(context, options, (pool) =>
    withProgress((onProgress) => verifyLedger(pool, { onProgress, given: options.checkpoint ? [options.checkpoint] : [] })),
  );
  const text = options.json ? JSON.stringify(verification, null, 2) : sentence(verification);
  (context.output ?? process.stdout).write(`${text}\n`);
  if (verification.problem) process.exitCode = 1;
}

async function withPool<T>(
  context: LedgerContext,
  options: Options,
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  const stage = options.stage === 'test' ? 'TEST' : 'FORMAL';
  const { pool, close } = await context.openLedgerPool(stage, { home: options.home });
  try {
    return await work(pool);
  } finally {
    await close();
  }
}

/** The bar is on standard error, so that it never mixes with --json; cli-progress draws it on a terminal only. */
async function withProgress<T>(work: (onProgress: (progress: Progress) => void) => Promise<T>): Promise<T> {
  const bar = new SingleBar({ format: '{bar} {percentage}% | {value} of {total} entries | {eta_formatted}' });
  bar.start(0, 0);
  try {
    return await work(({ done, total }) => {
      bar.setTotal(total);
      bar.update(done);
    });
  } finally {
    bar.stop();
  }
}

function sentence({ entries, head, problem }: Verification): string {
  if (!problem) return `The ledger holds: ${entries} entries, checkpoint ${head.size}:${head.root}`;
  return `The ledger does NOT hold. Row ${problem.sequence} (${problem.what}): ${problem.detail}`;
}

function line({ sequence, facts }: Entry): string {
  return [sequence, facts.at, facts.event, ...words(facts)].join('  ');
}

function words(facts: RecordedFacts): string[] {
  if (facts.event === 'ADMIN') return [facts.actor, facts.act, facts.object];
  const who = [facts.tenant ?? '-', facts.purpose ?? '-', `request=${facts.request}`];
  if (facts.event === 'RELEASE') return [...who, disclosed(facts)];
  const { operation, allowed, refusals } = facts;
  const asked = `${operation.kind} ${operation.name ?? '-'}`;
  const refused = refusals.map(({ permission, code }) => (permission ? `${permission}=${code}` : code));
  const outcome = allowed ? 'allowed' : 'refused';
  return [...who, asked, outcome, ...refused, ...(facts.event === 'DECISION' ? [] : [disclosed(facts)])];
}

function disclosed({ release }: Extract<RecordedFacts, { release: unknown }>): string {
  return [release.kind, release.object, `sha256=${release.sha256}`].filter((word) => word !== null).join(' ');
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000) {
    throw new InvalidArgumentError('A whole number from 1 to 10000.');
  }
  return value;
}

function checkpoint(text: string): Checkpoint {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (!match) throw new InvalidArgumentError('A number of entries, a colon, and 64 hexadecimal digits.');
  return { size: Number(match[1]), root: match[2]! };
}
