import { join } from 'node:path';
import { Command } from 'commander';
import { addConnectionOptions, type ConnectionOptions, openConnection } from '../client/connection.js';
import { HubClient } from '../client/hub-client.js';
import { addOutputOptions, notesFor, type Outcome, type OutputOptions, report } from '../client/output.js';
import { type DayOptions, daysOf } from '../client/packages/days.js';
import { offeredPackage, type PullContext, type PulledDay, pullDay } from '../client/packages/pull-day.js';
import { byteProgress, mebibytes } from '../client/progress.js';
import { count } from '../client/receipt.js';
import { wholeNumber } from '../client/retry.js';

interface PullOptions extends ConnectionOptions, OutputOptions, DayOptions {
  out?: string;
  acknowledge: boolean;
  verifyContent?: boolean;
  retries: number;
}

/** `hub pull`: what is on disk already is verified and kept, so the same command continues after any end. */
export function pullCommand(): Command {
  return addOutputOptions(addConnectionOptions(new Command('pull')))
    .summary('download, verify and acknowledge daily packages')
    .description(
      'Downloads signed daily packages to <out>/<date>/r<revision>/, verifies signature and hashes, and acknowledges ' +
        'them. Run it again after it was interrupted: it continues. Days that are finished are skipped until the hub ' +
        'has a newer revision.',
    )
    .option('--date <day>', 'one day, YYYY-MM-DD')
    .option('--from <day>', 'first day')
    .option('--to <day>', 'last day, included')
    .option('--month <month>', 'all days of a month, YYYY-MM')
    .option('--out <folder>', 'where packages go (default: packages/<name of the tenant>)')
    .option('--no-acknowledge', 'do not tell the hub that the package arrived')
    .option('--verify-content', 'unpack and count blocks and readings before acknowledging')
    .option('--retries <n>', 'after a broken connection that brought nothing', wholeNumber('--retries', 0), 3)
    .action((options: PullOptions) => report(options, () => pull(options)));
}

async function pull(options: PullOptions): Promise<Outcome> {
  const days = daysOf(options);
  const connection = await openConnection(options);
  const client = new HubClient(connection);
  const progress = byteProgress(options, days[0] ?? '');
  try {
    const pulled = await pullDays(days, {
      client,
      ca: connection.ca,
      recipient: await callerOf(client),
      out: options.out ?? join('packages', connection.name),
      acknowledge: options.acknowledge,
      verifyContent: options.verifyContent ?? false,
      progress,
      retry: { retries: options.retries, note: notesFor(options) },
    });
    return { json: { days: pulled, ...totals(pulled) }, text: describe(pulled) };
  } finally {
    progress.stop();
    await client.close();
  }
}

/** The id under which the hub knows the caller. */
async function callerOf(client: HubClient): Promise<string> {
  return (await client.ask<{ me: { tenant: string } }>('{ me { tenant } }')).me.tenant;
}

/** While the hub builds some days, others are on their way or verified; as many as the client has connections. */
const DAYS_AT_ONCE = 4;

async function pullDays(days: string[], context: PullContext): Promise<PulledDay[]> {
  const pulled: PulledDay[] = [];
  const waiting = days.entries();
  let hasFailed = false;
  const work = async (): Promise<void> => {
    for (const [index, day] of waiting) {
      if (hasFailed) return;
      context.progress.label(day);
      pulled[index] = await pullDay(context, await offeredPackage(context, day));
    }
  };
  const watched = async (): Promise<void> =>
    work().catch((error: unknown) => {
      hasFailed = true;
      throw error;
    });
  await Promise.all(Array.from({ length: DAYS_AT_ONCE }, watched));
  return pulled;
}

function totals(days: PulledDay[]): { blocks: number; readings: number; bytes: number } {
  const sum = (of: (day: PulledDay) => number): number => days.reduce((total, day) => total + of(day), 0);
  return {
    blocks: sum((day) => day.blocks),
    readings: sum((day) => day.readings),
    bytes: sum((day) => day.bytes),
  };
}

function describe(days: PulledDay[]): string[] {
  const lines = days.map(
    ({ date, revision, blocks, readings, bytes, missing, outcome, folder }) =>
      `${date} r${revision}: ${count(blocks, 'block')}, ${count(readings, 'reading')}, ${mebibytes(bytes)} MiB, ` +
      `${missing} missing; ${WORDS[outcome]} in ${folder}`,
  );
  const { blocks, readings, bytes } = totals(days);
  if (days.length === 1) return lines;
  const all = `${count(days.length, 'day')}: ${count(blocks, 'block')}, ${count(readings, 'reading')}, ${mebibytes(bytes)} MiB`;
  return [...lines, all];
}

const WORDS: Record<PulledDay['outcome'], string> = {
  acknowledged: 'verified and acknowledged',
  downloaded: 'verified, not acknowledged',
  skipped: 'finished before',
};
