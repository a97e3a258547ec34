import { SingleBar } from 'cli-progress';
import { type Command as Parent, Command } from 'commander';
import { Client } from 'pg';
import { Failure, fault } from '../client/failure.js';
import { type Outcome, report } from '../client/output.js';
import { openPlace } from '../console/place.js';
import { addStageOptions, type StageOptions, stageOf } from '../ledger/context.js';

interface Options extends StageOptions {
  from?: string;
  to?: string;
}

/** A sum that is not what the blocks add up to; null where there should be none, or is none. */
interface Wrong {
  period: string;
  key: string;
  kept: string | null;
  computed: string | null;
}

const SHOWN = 20;

/** `hub rollups`: for the owner at the machine; the hub may run meanwhile. */
export function rollupsCommand(): Command {
  const rollups = new Command('rollups').summary('compare the sums of readings with the readings');
  addOptions(rollups.command('check'))
    .description('add every month up from its days again and name the sums that differ; status 1 if one does')
    .action((options: Options) => report(options, () => check(options)));
  addOptions(rollups.command('rebuild'))
    .description(
      'make the sums anew from the days, a month in a transaction of its own; uploads wait meanwhile. ' +
        'Broken off, it goes on with --from',
    )
    .action((options: Options) => report(options, () => rebuild(options)));
  return rollups;
}

function addOptions(command: Parent): Parent {
  return addStageOptions(command)
    .option('--from <month>', 'first month, YYYY-MM')
    .option('--to <month>', 'last month, YYYY-MM');
}

async function check(options: Options): Promise<Outcome> {
  const wrong: Wrong[] = [];
  const months = await eachMonth(options, async (owner, month) => {
    const { rows } = await owner.query<Wrong>(
      'select period::text, key, kept, computed from metering.rollup_faults($1) order by 1, 2',
      [month],
    );
    wrong.push(...rows);
  });
  const text =
    wrong.length === 0
      ? [`The sums of ${counted(months.length)} are those of their days.`]
      : [
          `${wrong.length} sums are not those of their days (total, meters, present, due):`,
          ...wrong.slice(0, SHOWN).map(lineOf),
          ...(wrong.length > SHOWN ? [`  and ${wrong.length - SHOWN} more; --json shows all`] : []),
          'hub rollups rebuild makes them anew.',
        ];
  return { json: { months, wrong }, text, isFailure: wrong.length > 0 };
}

function lineOf({ period, key, kept, computed }: Wrong): string {
  return `  ${period} ${key}: ${kept ?? 'none'}, should be ${computed ?? 'none'}`;
}

async function rebuild(options: Options): Promise<Outcome> {
  const months = await eachMonth(options, async (owner, month) => {
    await owner.query('select metering.rebuild_rollups($1)', [month]);
  });
  return { json: { months }, text: [`The sums of ${counted(months.length)} were made anew.`] };
}

function counted(months: number): string {
  return `${months} month${months === 1 ? '' : 's'}`;
}

/** Works on every month that has days or sums, one after the other, and names those it has done. */
async function eachMonth(
  options: Options,
  work: (owner: Client, month: string) => Promise<void>,
): Promise<string[]> {
  for (const month of [options.from, options.to]) {
    if (month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month))
      throw fault('USAGE', `${month} is no month YYYY-MM.`);
  }
  const place = await openPlace(options.home, { mayPrepare: false });
  const owner = new Client({
    connectionString: place.ownerUrl(stageOf(options)),
    application_name: 'hub rollups',
  });
  const bar = new SingleBar({ format: '{bar} {value} of {total} months | {eta_formatted}' });
  const done: string[] = [];
  try {
    await owner.connect();
    await alone(owner);
    const { rows } = await owner.query<{ month: string }>(
      `select to_char(month, 'YYYY-MM') as month from metering.rollup_months() as month
       where to_char(month, 'YYYY-MM') between coalesce($1, '0') and coalesce($2, '9') order by 1`,
      [options.from, options.to],
    );
    bar.start(rows.length, 0);
    for (const { month } of rows) {
      await work(owner, `${month}-01`);
      done.push(month);
      bar.update(done.length);
    }
    return done;
  } finally {
    bar.stop();
    await owner.end();
    await place.close();
  }
}

/** @throws Failure while another does the same: two that make the same sums would wait for each other in vain. */
async function alone(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ alone: boolean }>(
    `select pg_try_advisory_lock(hashtext('hub rollups')) as alone`,
  );
  if (rows[0]?.alone) return;
  throw new Failure({
    code: 'ROOM_UNAVAILABLE',
    message: 'Another hub rollups is at work on this database.',
    remedy: 'Wait for its end.',
  });
}
