import type { KeyObject } from 'node:crypto';
import { SingleBar } from 'cli-progress';
import { type Command, Option } from 'commander';
import type { Pool } from 'pg';
import type { Progress } from '../../gateway/ledger/verify.js';
import type { Head } from '../../gateway/ledger/witness.js';
import type { Stage } from '../../gateway/policy/grant.js';

/** A stage's ledger at the machine itself. */
export interface OpenLedger {
  /** Its role is in hub_gateway. */
  pool: Pool;
  /** The hub's signature: a detached JWS over the text. */
  sign: (text: string) => Promise<string>;
  /** What only the home knows of the ledger: the key of its seals, and how far it was seen to come. */
  home: () => Promise<{ sealKey: KeyObject; heads: Head[] }>;
  close(): Promise<void>;
}

export interface LedgerContext {
  openLedger: (stage: Stage, options: { home: string }) => Promise<OpenLedger>;
  /** Where results go; standard output unless given. */
  output?: NodeJS.WritableStream;
}

export interface StageOptions {
  stage: Lowercase<Stage>;
  home: string;
  json?: boolean;
}

/** The options of every command that works on the database of this machine's hub. */
export function addStageOptions(command: Command): Command {
  return command
    .addOption(new Option('--stage <stage>', 'which ledger').choices(['formal', 'test']).default('formal'))
    .addOption(new Option('--home <folder>', 'home of the hub').env('HUB_HOME').default('.hub'))
    .option('--json', 'print JSON');
}

export function stageOf({ stage }: StageOptions): Stage {
  return stage === 'test' ? 'TEST' : 'FORMAL';
}

export async function withLedger<T>(
  { openLedger }: LedgerContext,
  options: StageOptions,
  work: (ledger: OpenLedger) => Promise<T>,
): Promise<T> {
  const ledger = await openLedger(stageOf(options), { home: options.home });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/** The bar is on standard error, so that it never mixes with --json; cli-progress draws it on a terminal only. */
export async function withProgress<T>(
  work: (onProgress: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
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

/** One result, for machines or for people. */
export function say(
  { output = process.stdout }: LedgerContext,
  json: boolean | undefined,
  value: object,
  text: string,
): void {
  output.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
}
