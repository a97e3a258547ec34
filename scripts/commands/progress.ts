import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { readPlans } from '../client/access/plan-file.js';
import {
  allOf,
  fetchReport,
  FIGURES,
  type FiguresRow,
  type Page,
  PAGE,
  UNIT,
  type UnitRow,
} from '../client/access/report.js';
import { spreadsheetOf } from '../client/access/sheet.js';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';
import { fault } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import type { Outcome } from '../client/output.js';
import {
  type DueRow,
  dueLines,
  figureLines,
  reportLines,
  type TargetRow,
  targetLines,
  unitLines,
} from './progress-text.js';

interface ShowOptions extends CallerOptions {
  area?: string;
  quarter?: string;
  units?: true;
  overdue?: true;
}

interface TargetOptions extends CallerOptions {
  area?: string;
  class?: string;
  until?: string;
  share?: string;
  units?: string;
  source?: string;
}

interface ReportOptions extends CallerOptions {
  area: string;
  quarter: string;
  out?: string;
}

const MOST_PLANS = 500;

/** `hub progress show|plan|target|report` */
export function progressCommand(): Command {
  const progress = new Command('progress')
    .summary('show how far key units have come; plan, set targets, write the quarterly report')
    .description('Access progress of key units (重点用能单位接入进度), as the hub measures it')
    .addHelpText('after', EXAMPLES);
  addCallerOptions(progress.command('show'))
    .description('figures by district and class, and who owes a report; with --units the units themselves')
    .option('--area <code>', 'only of this area and what nests in it')
    .option('--quarter <quarter>', 'as of the end of a quarter, e.g. 2026Q3; today by default')
    .option('--units', 'list units')
    .option('--overdue', 'list only units that are overdue')
    .action((options: ShowOptions) =>
      calling(options, options.units || options.overdue ? showUnits : showFigures),
    );
  addCallerOptions(progress.command('plan'))
    .description('plan units from a CSV: uscc, planned_on, organ, batch, building_since, energy_classes')
    .argument('<file>', 'energy_classes are two digits each, with spaces between')
    .action((file: string, options: CallerOptions) => calling(options, (client) => plan(client, file)));
  addCallerOptions(progress.command('target'))
    .description('list targets; with --share or --units set one, as admin of the area')
    .option('--area <code>', 'of this area')
    .option('--class <class>', 'BAIJIA, QIANJIA or WANJIA')
    .option('--until <day>', 'by the end of this day')
    .option('--share <percent>', 'least share that uploads daily; 0 takes a target back')
    .option('--units <number>', 'or the least number of units of the area itself; 0 takes a target back')
    .option('--source <text>', 'where it was laid down')
    .action((options: TargetOptions) =>
      calling(options, (options.share ?? options.units) === undefined ? listTargets : setTarget),
    );
  addCallerOptions(progress.command('report'))
    .description('the quarterly report: figures, targets, who is connected, who is overdue')
    .requiredOption('--area <code>', 'of this area')
    .requiredOption('--quarter <quarter>', 'e.g. 2026Q3')
    .option('--out <file>', 'write it as a spreadsheet (.xlsx); a file that is there stays as it is')
    .action((options: ReportOptions) => calling(options, writeReport));
  return progress;
}

const EXAMPLES = `
  $ hub progress show --area 310000 --as municipal --purpose SUPERVISION
  $ hub progress plan plans.csv --as district-310101
  $ hub progress target --area 310000 --class WANJIA --until 2026-12-31 --share 80 --source '…' \\
      --as municipal --purpose PLATFORM_OPERATION
  $ hub progress report --area 310101 --quarter 2026Q3 --out 310101-2026Q3.xlsx --as district-310101`;

async function showFigures(client: HubClient, { area, quarter }: ShowOptions): Promise<Outcome> {
  const asked = { area: area ?? null, quarter: quarter ?? null };
  const figures = await listOf<FiguresRow>(client, 'accessProgress', FIGURES, asked);
  const due = await listOf<DueRow>(client, 'accessReportsDue', 'area quarter dueOn isOverdue units', {
    area: asked.area,
  });
  return { json: { figures, due }, text: [...figureLines(figures), '', ...dueLines(due)] };
}

async function showUnits(client: HubClient, { area, quarter, overdue }: ShowOptions): Promise<Outcome> {
  const asked = { area: area ?? null, quarter: quarter ?? null, ...(overdue && { isOverdue: true }) };
  const units = await listOf<UnitRow>(client, 'accessUnits', UNIT, asked);
  return { json: { units }, text: unitLines(units) };
}

/** All or none. */
async function plan(client: HubClient, file: string): Promise<Outcome> {
  const plans = await readPlans(file);
  if (plans.length > MOST_PLANS)
    throw fault(
      'FILE_UNUSABLE',
      `${file} has ${plans.length} rows; at most ${MOST_PLANS} are planned at once.`,
    );
  const { planAccess } = await client.ask<{ planAccess: { uscc: string; version: number }[] }>(
    'mutation ($plans: [AccessPlanInput!]!) { planAccess(plans: $plans) { uscc version } }',
    { plans },
  );
  return { json: { plans: planAccess }, text: [`${planAccess.length} units planned.`] };
}

const TARGET = 'area unitClass until share units version source verified addedBy';

async function listTargets(client: HubClient, { area }: TargetOptions): Promise<Outcome> {
  const targets = await listOf<TargetRow>(client, 'accessTargets', TARGET, { area: area ?? null });
  return { json: { targets }, text: targetLines(targets) };
}

async function setTarget(client: HubClient, options: TargetOptions): Promise<Outcome> {
  const { area, class: unitClass, until, share, units, source } = options;
  const given = { area, class: unitClass, until, source };
  const missing = Object.entries(given).find(([, value]) => value === undefined);
  if (missing) throw fault('USAGE', `A target needs --${missing[0]}.`);
  const { setAccessTarget: target } = await client.ask<{ setAccessTarget: TargetRow }>(
    `mutation ($target: AccessTargetInput!) { setAccessTarget(target: $target) { ${TARGET} } }`,
    {
      target: {
        area,
        unitClass,
        until,
        share,
        source,
        ...(units !== undefined && { units: wholeNumber(units) }),
      },
    },
  );
  return { json: { target }, text: targetLines([target]) };
}

function wholeNumber(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw fault('USAGE', `--units is a whole number, was ${text}.`);
}

async function writeReport(client: HubClient, { area, quarter, out }: ReportOptions): Promise<Outcome> {
  const report = await fetchReport(client, area, quarter);
  if (out === undefined) return { json: { report }, text: reportLines(report) };
  try {
    await writeFile(out, await spreadsheetOf(report), { flag: 'wx' });
  } catch (error) {
    const why = (error as { code?: string }).code === 'EEXIST' ? 'is there already' : 'cannot be written';
    throw fault('FILE_UNUSABLE', `${out} ${why}.`, error);
  }
  return { json: { report, file: out }, text: [...reportLines(report), '', `Written to ${out}.`] };
}

/** Every row of a root field that is a list; arguments are texts and claims. */
function listOf<Row>(
  client: HubClient,
  field: string,
  columns: string,
  asked: Record<string, string | boolean | null>,
): Promise<Row[]> {
  const names = Object.keys(asked);
  const declared = names.map(
    (name) => `, $${name}: ${typeof asked[name] === 'boolean' ? 'Boolean' : 'String'}`,
  );
  const passed = names.map((name) => `, ${name}: $${name}`);
  const query = `query ($after: String${declared.join('')}) {
    ${field}(first: ${PAGE}, after: $after${passed.join('')}) {
      nodes { ${columns} } pageInfo { hasNextPage endCursor } } }`;
  return allOf(async (after) => {
    const answer = await client.ask<Record<string, Page<Row>>>(query, { ...asked, after });
    return answer[field]!;
  });
}
