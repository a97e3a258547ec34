import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command, Option } from 'commander';
import {
  DATE_ORDERS,
  type DateOrder,
  STAMPS,
  type Stamps,
} from '../../subgraphs/metering/formats/wide/row-clock.js';
import {
  addConnectionOptions,
  type Connection,
  type ConnectionOptions,
  openConnection,
} from '../client/connection.js';
import { fault } from '../client/failure.js';
import { HubClient } from '../client/hub-client.js';
import { addOutputOptions, notesFor, type Outcome, type OutputOptions, report } from '../client/output.js';
import { daysOf } from '../client/packages/days.js';
import { byteProgress } from '../client/progress.js';
import { count, describeReceipt, saveReceipt } from '../client/receipt.js';
import { wholeNumber } from '../client/retry.js';
import { importWide, type WideOutcome } from '../client/wide/import-wide.js';
import { MOST_DECIMALS } from '../client/wide/numerals.js';
import { register, type Registered } from '../client/wide/register.js';
import { readBuildings, readMeters } from '../client/wide/tables.js';
import { planOf, type WideOptions } from '../client/wide/wide-lines.js';

interface WideImportOptions extends ConnectionOptions, OutputOptions {
  buildings?: string;
  meters: string;
  timeZone?: string;
  dates: DateOrder;
  stamps: Stamps;
  interval: number;
  from?: string;
  to?: string;
  batchLines?: number;
  round?: number;
  missing?: string[];
  skipUnlisted?: boolean;
  register: boolean;
  receipts?: string;
  retries: number;
}

/** `hub import wide FILE`: registers what the tables name and sends the readings through the upload door. */
export function importCommand(): Command {
  const command = new Command('import').summary(
    'register buildings and meters and send the readings of a wide CSV',
  );
  addOutputOptions(addConnectionOptions(command.command('wide <file>')))
    .description(
      'A wide CSV, plain or gzip: the first column is the time at which an interval begins, every other column is a ' +
        'meter. Empty means missing. Rows are in order of time. Values are sent digit for digit as the file has them.',
    )
    .requiredOption(
      '--meters <csv>',
      'columns column,id,level,energyItem,unit and optionally name,buildingId,enterpriseUscc,parentId,intervalMinutes,timeZone,externalScheme,externalValue; parents before children',
    )
    .option(
      '--buildings <csv>',
      'columns id,name,typeCode,area,ownerUscc and optionally ownerName,ownerIndustry,ownerUnitClass,functionCode,floorAreaM2,yearBuilt,externalScheme,externalValue',
    )
    .option('--time-zone <zone>', 'of time stamps that have no offset (default: the time zone of each meter)')
    .addOption(
      new Option('--dates <order>', 'of year, month and day in the time stamps')
        .choices(DATE_ORDERS)
        .default('ymd'),
    )
    .addOption(
      new Option('--stamps <which>', 'whether time stamps are the start or the end of their interval')
        .choices(STAMPS)
        .default('start'),
    )
    .option('--interval <minutes>', 'for meters whose row names none', wholeNumber('--interval', 1), 60)
    .option('--from <day>', 'first day to send, YYYY-MM-DD')
    .option('--to <day>', 'last day to send')
    .option(
      '--batch-lines <n>',
      'at most so many lines an upload (default: one upload)',
      wholeNumber('--batch-lines', 1),
    )
    .option(
      '--round <places>',
      `round finer values half to even; the hub keeps at most ${MOST_DECIMALS} places`,
      wholeNumber('--round', 0),
    )
    .option('--missing <text...>', 'cells that mean missing beside the empty one')
    .option('--skip-unlisted', 'pass over columns that the table of meters does not have')
    .option('--no-register', 'send readings only: everything is registered')
    .option('--receipts <folder>', 'keep the signed receipts here')
    .option('--retries <n>', 'after a broken connection', wholeNumber('--retries', 0), 3)
    .action((file: string, options: WideImportOptions) => report(options, () => wide(file, options)));
  return command;
}

async function wide(file: string, options: WideImportOptions): Promise<Outcome> {
  const meters = await readMeters(options.meters);
  const buildings = options.buildings === undefined ? [] : await readBuildings(options.buildings);
  const wanted = wideOptions(options);
  const plan = await planOf(file, meters, wanted);
  const connection = await openConnection(options);
  const client = new HubClient(connection);
  const progress = byteProgress(options, basename(file));
  progress.expect((await stat(file)).size);
  try {
    const registered = options.register
      ? await register(client, buildings, meters, options.interval)
      : undefined;
    const outcome = await importWide(client, {
      path: file,
      plan,
      options: wanted,
      batchLines: options.batchLines,
      ca: connection.ca,
      progress,
      retry: { retries: options.retries, note: notesFor(options) },
    });
    await keepReceipts(options.receipts, outcome);
    return summary(outcome, registered, connection);
  } finally {
    progress.stop();
    await client.close();
  }
}

function wideOptions(options: WideImportOptions): WideOptions {
  const { interval, timeZone, dates, stamps, from, to, missing, round, skipUnlisted } = options;
  for (const date of [from, to]) if (date !== undefined) daysOf({ date });
  if (from !== undefined && to !== undefined && to < from) throw fault('USAGE', '--to is before --from.');
  return {
    interval,
    fileZone: timeZone,
    dates,
    stamps,
    from,
    to,
    missing: new Set(missing),
    round,
    skipUnlisted: skipUnlisted ?? false,
  };
}

async function keepReceipts(folder: string | undefined, { receipts }: WideOutcome): Promise<void> {
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  for (const signed of receipts) await saveReceipt(join(folder, `${signed.receipt.batch}.json`), signed);
}

function summary(outcome: WideOutcome, registered: Registered | undefined, { name }: Connection): Outcome {
  const { receipts, ...counts } = outcome;
  const { rows, columns, lines, skipped, absent, misdatedRows, tooFine, rounded } = outcome;
  const json = {
    ...counts,
    registered: registered ?? null,
    receipts: receipts.map(({ receipt }) => receipt),
  };
  const text = [
    ...(registered
      ? [
          `Registered ${count(registered.enterprises, 'enterprise')}, ${count(registered.buildings, 'building')}, ${count(registered.meters, 'meter')}`,
        ]
      : []),
    `Sent ${count(rows, 'row')} of ${count(columns, 'meter')} as ${count(lines, 'line')}, one a meter and day`,
    ...(skipped > 0 ? [`  ${count(skipped, 'column')} without a meter passed over`] : []),
    ...(absent > 0 ? [`  The file has no column of ${count(absent, 'meter')}`] : []),
    ...(misdatedRows.length > 0
      ? [
          `  Midnight with the date of the day that it closes: ${count(misdatedRows.length, 'row')}, the first is ${misdatedRows[0]}; taken as the end of that day, findings MISDATED_MIDNIGHT`,
        ]
      : []),
    ...(rounded > 0 ? [`  Values rounded half to even, as --round says: ${rounded}`] : []),
    ...(tooFine > rounded
      ? [
          `  Values with more than ${MOST_DECIMALS} decimals: ${tooFine}; the hub quarantines their days unless --round ${MOST_DECIMALS}`,
        ]
      : []),
    ...receipts.flatMap((signed) => describeReceipt(signed, name)),
  ];
  return { json, text };
}
