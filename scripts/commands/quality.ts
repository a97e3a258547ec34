import { type Command as Parent, Command } from 'commander';
import { Client } from 'pg';
import { type NightCount, runQualityNight } from '../../subgraphs/metering/quality/nights/repository.js';
import { fault } from '../client/failure.js';
import { type Outcome, report } from '../client/output.js';
import { openPlace } from '../console/place.js';
import { addStageOptions, type StageOptions, stageOf } from '../ledger/context.js';

interface Options extends StageOptions {
  date?: string;
  from?: string;
  to?: string;
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DAY_MILLISECONDS = 86_400_000;

/** `hub quality`: for the owner at the machine; the hub may run meanwhile, and does the same every night. */
export function qualityCommand(): Command {
  const quality = new Command('quality').summary('judge days of readings as a whole');
  addOptions(quality.command('run'))
    .description(
      'judge days as the hub does every night: completeness, timeliness, calibration, balance, months; ' +
        'again is the same',
    )
    .action((options: Options) => report(options, () => run(options)));
  return quality;
}

function addOptions(command: Parent): Parent {
  return addStageOptions(command)
    .option('--date <day>', 'one day, YYYY-MM-DD')
    .option('--from <day>', 'first day')
    .option('--to <day>', 'last day');
}

async function run(options: Options): Promise<Outcome> {
  const days = daysOf(options);
  const place = await openPlace(options.home, { mayPrepare: false });
  const counts = new Map<string, number>();
  try {
    const owner = new Client({
      connectionString: place.ownerUrl(stageOf(options)),
      application_name: 'hub quality',
    });
    await owner.connect();
    try {
      for (const day of days)
        for (const { rule, findings } of await night(owner, day)) add(counts, rule, findings);
    } finally {
      await owner.end();
    }
  } finally {
    await place.close();
  }
  const rules = [...counts].toSorted().map(([rule, findings]) => ({ rule, findings }));
  const text = [
    `${days.length} day${days.length === 1 ? '' : 's'} judged.`,
    ...rules.map(({ rule, findings }) => `  ${rule.padEnd(20)} ${findings}`),
  ];
  return { json: { days, rules }, text };
}

function daysOf({ date, from, to }: Options): string[] {
  const first = date ?? from;
  const last = date ?? to ?? from;
  if (!first || !last || (date && (from || to)))
    throw fault('USAGE', 'Name the day with --date, or the first and last with --from and --to.');
  for (const day of [first, last])
    if (!DAY.test(day) || Number.isNaN(Date.parse(day))) throw fault('USAGE', `${day} is no day YYYY-MM-DD.`);
  const count = (Date.parse(last) - Date.parse(first)) / DAY_MILLISECONDS + 1;
  if (count < 1) throw fault('USAGE', `${last} is before ${first}.`);
  return Array.from({ length: count }, (_, place) =>
    new Date(Date.parse(first) + place * DAY_MILLISECONDS).toISOString().slice(0, 10),
  );
}

/** A night is a transaction of its own: what is broken off is not half done. */
async function night(owner: Client, day: string): Promise<NightCount[]> {
  await owner.query('begin');
  try {
    const counts = await runQualityNight(
      async (sql, parameters) => (await owner.query(sql, parameters)).rows,
      day,
    );
    await owner.query('commit');
    return counts;
  } catch (error) {
    await owner.query('rollback').catch(() => undefined);
    throw error;
  }
}

function add(counts: Map<string, number>, rule: string, findings: string): void {
  counts.set(rule, (counts.get(rule) ?? 0) + Number(findings));
}
