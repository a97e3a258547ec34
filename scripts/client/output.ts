import type { Command } from 'commander';
import { asFailure, type Failure } from './failure.js';

export interface OutputOptions {
  json?: boolean;
  quiet?: boolean;
}

export function addOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON object, and errors as JSON too')
    .option('--quiet', 'print nothing but errors');
}

/** What a command found: the same facts for machines and for people. */
export interface Outcome {
  /** Undefined where the command has written JSON itself. */
  json: unknown;
  /** Lines for people. */
  text: string[];
  /** A command may answer, and yet the answer be "no": the exit status then says so. */
  isFailure?: boolean;
}

/**
 * Runs a command's work and prints what came of it: results to stdout, failures to stderr (with --json to stdout,
 * in the hub's own form of errors) with exit status 1. Nobody is shown a stack trace.
 */
export async function report(options: OutputOptions, work: () => Promise<Outcome>): Promise<void> {
  try {
    const outcome = await work();
    if (outcome.isFailure) process.exitCode = 1;
    if (options.json && outcome.json !== undefined) print(JSON.stringify(outcome.json));
    if (!options.json && !options.quiet && outcome.text.length > 0) print(outcome.text.join('\n'));
  } catch (error) {
    process.exitCode = 1;
    const failure = asFailure(error);
    if (options.json) print(JSON.stringify(failure));
    else process.stderr.write(`${explain(failure)}\n`);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Code, message and remedy, in words. */
export function explain({ code, message, rule, remedy }: Failure): string {
  const by = rule === undefined ? '' : ` (rule ${rule})`;
  return `${code}: ${message}${by}${remedy ? `\n  ${remedy}` : ''}`;
}

/** A note on stderr while a command goes on: retries and skipped days. */
export function notesFor(options: OutputOptions): (text: string) => void {
  return (text) => {
    if (!options.quiet && !options.json) process.stderr.write(`${text}\n`);
  };
}
