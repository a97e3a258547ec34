import progress from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { type Compared, Comparison } from './compare.js';

/** `npm run plans`: generated operations, executed by ours and by @apollo/gateway's own; status 1 when they differ. */
await new Command('plans')
  .description(
    'Generates operations over rooms in memory and compares what our execution of their plans answers with what ' +
      'that of @apollo/gateway does: values, nulls and errors.',
  )
  .option('--cases <n>', 'how many operations', whole, 1000)
  .option('--seed <n>', 'which; the same seed gives the same', whole, Math.floor(Math.random() * 1e9))
  .option('--json', 'print JSON')
  .action(async ({ cases, seed, json }: { cases: number; seed: number; json?: boolean }) => {
    const comparison = await Comparison.open();
    const format = 'operations {bar} {value} of {total} · {eta_formatted}';
    const bar =
      json || !process.stderr.isTTY
        ? undefined
        : new progress.SingleBar({ stream: process.stderr, clearOnComplete: true, hideCursor: true, format });
    bar?.start(cases, 0);
    const compared = await comparison.run(seed, cases, (done) => bar?.update(done));
    bar?.stop();
    await comparison.close();
    process.stdout.write(
      `${json ? JSON.stringify({ seed, ...compared }, null, 2) : textOf(seed, compared)}\n`,
    );
    process.exitCode = compared.differences.length > 0 ? 1 : 0;
  })
  .parseAsync();

function whole(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('A whole number, please.');
}

function textOf(seed: number, { cases, withErrors, withNulls, unplanned, differences }: Compared): string {
  const [first] = differences;
  return [
    `${cases} operations of seed ${seed}: ${withErrors} with errors, ${withNulls} with nulls, ${unplanned} that cannot be planned`,
    first
      ? `${differences.length} answered differently, such as\n${JSON.stringify(first, null, 2)}`
      : 'All answered alike.',
  ].join('\n');
}
