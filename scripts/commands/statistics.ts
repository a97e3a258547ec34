import { createHash } from 'node:crypto';
import { Command } from 'commander';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';
import { readAuthorities } from '../client/connection.js';
import { fault } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import type { Outcome } from '../client/output.js';
import { verifySigned } from '../client/signature.js';
import { shown } from '../console/instants.js';
import { table } from '../console/table.js';

interface EditionRow {
  id: string;
  area: string;
  month: string;
  revision: number;
  publishedAt: string;
  content: string;
  sha256: string;
  signature: string;
  acknowledgedAt: string | null;
}

interface CellRow {
  area: string;
  buildingType: string | null;
  energyItem: string;
  unit: string;
  total: string | null;
  subjects: number | null;
  perSquareMetre: string | null;
  withheld: string | null;
  isKept: boolean;
}

interface Page<Row> {
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

interface MonthOptions extends CallerOptions {
  area?: string;
  revision?: string;
}

const EDITION = 'id area month revision publishedAt content sha256 signature acknowledgedAt';
const CELL = 'area buildingType energyItem unit total subjects perSquareMetre withheld isKept';

/** `hub statistics publish|list|show|acknowledge` */
export function statisticsCommand(): Command {
  const command = new Command('statistics')
    .summary('publish a city’s monthly figures, list, show and acknowledge them')
    .description(
      'Published statistics (分类统计): a month of a city by district, building type and energy class; what would tell of one enterprise is withheld',
    )
    .addHelpText('after', EXAMPLES);
  addCallerOptions(command.command('publish <month>'))
    .description('publish a month of your city, or its next revision where figures have changed')
    .action((month: string, options: CallerOptions) => calling(options, (hub) => publish(hub, month)));
  addCallerOptions(command.command('list'))
    .description('list what is published, latest month first')
    .action((options: CallerOptions) => calling(options, list));
  for (const [name, what, work] of [
    ['show', 'print the figures of a month', show],
    ['acknowledge', 'confirm a month by the hash of what arrived; prints the receipt', acknowledge],
  ] as const) {
    addCallerOptions(command.command(`${name} <month>`))
      .description(what)
      .option('--area <code>', 'of which city, where several are in reach')
      .option('--revision <number>', 'which revision (default: the latest)')
      .action((month: string, options: MonthOptions) =>
        calling(options, async (hub) => work(hub, await editionOf(hub, month, options))),
      );
  }
  return command;
}

const EXAMPLES = `
  $ hub statistics publish 2026-10 --as municipal --purpose SUPERVISION
  $ hub statistics show 2026-10 --as district-310101
  $ hub statistics acknowledge 2026-10 --as district-310101`;

/** @throws Failure where it is no month. */
function firstDay(month: string): string {
  if (/^\d{4}-\d\d$/.test(month)) return `${month}-01`;
  throw fault('USAGE', `${month} is no month: write 2026-10.`);
}

async function publish(hub: HubClient, month: string): Promise<Outcome> {
  const { publishStatistics: edition } = await hub.ask<{ publishStatistics: EditionRow }>(
    `mutation ($month: LocalDate!) { publishStatistics(month: $month) { ${EDITION} } }`,
    { month: firstDay(month) },
  );
  return { json: { edition }, text: lines([edition]) };
}

async function list(hub: HubClient): Promise<Outcome> {
  const editions = await all<EditionRow>(async (after) => {
    const { statisticsEditions } = await hub.ask<{ statisticsEditions: Page<EditionRow> }>(
      `query ($after: String) { statisticsEditions(first: 100, after: $after) {
         nodes { ${EDITION} } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    return statisticsEditions;
  });
  return { json: { editions }, text: lines(editions) };
}

async function editionOf(hub: HubClient, month: string, options: MonthOptions): Promise<EditionRow> {
  const { area, revision } = options;
  const { statisticsEdition } = await hub.ask<{ statisticsEdition: EditionRow | null }>(
    `query ($month: LocalDate!, $area: String, $revision: Int) {
       statisticsEdition(month: $month, area: $area, revision: $revision) { ${EDITION} } }`,
    {
      month: firstDay(month),
      area: area ?? null,
      revision: revision === undefined ? null : Number(revision),
    },
  );
  if (!statisticsEdition) throw fault('USAGE', `Nothing is published for you of ${month}.`);
  const { content, signature } = statisticsEdition;
  await verifySigned(Buffer.from(content), signature, await readAuthorities(options));
  return statisticsEdition;
}

async function show(hub: HubClient, edition: EditionRow): Promise<Outcome> {
  const cells = await all<CellRow>(async (after) => {
    const { statisticsEdition } = await hub.ask<{ statisticsEdition: { cells: Page<CellRow> } }>(
      `query ($month: LocalDate!, $area: String, $revision: Int, $after: String) {
         statisticsEdition(month: $month, area: $area, revision: $revision) {
           cells(first: 500, after: $after) { nodes { ${CELL} } pageInfo { hasNextPage endCursor } } } }`,
      { month: edition.month, area: edition.area, revision: edition.revision, after },
    );
    return statisticsEdition.cells;
  });
  const head = ['AREA', 'TYPE', 'ENERGY', 'TOTAL', 'UNIT', 'A M2', 'ENTERPRISES', 'REMARK'];
  const rows = cells.map((cell) => [
    ...[cell.area, cell.buildingType ?? 'all', cell.energyItem, cell.total, cell.unit, cell.perSquareMetre],
    ...[
      cell.subjects === null ? null : String(cell.subjects),
      cell.isKept ? 'as before' : (cell.withheld ?? ''),
    ],
  ]);
  return { json: { edition, cells }, text: [...lines([edition]), '', ...table(head, rows)] };
}

/** The hash is of the bytes that came, not the one that came with them. */
async function acknowledge(hub: HubClient, { id, content }: EditionRow): Promise<Outcome> {
  const { acknowledgeStatistics: receipt } = await hub.ask<{
    acknowledgeStatistics: { receipt: string; signature: string; acknowledgedAt: string };
  }>(
    `mutation ($id: ID!, $sha256: String!) {
       acknowledgeStatistics(id: $id, sha256: $sha256) { receipt signature acknowledgedAt } }`,
    { id, sha256: createHash('sha256').update(content).digest('hex') },
  );
  return { json: receipt, text: [`Acknowledged ${id} at ${shown(receipt.acknowledgedAt)}`] };
}

async function all<Row>(fetch: (after: string | null) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after: string | null = null, more = true; more;) {
    const page: Page<Row> = await fetch(after);
    rows.push(...page.nodes);
    ({ hasNextPage: more, endCursor: after } = page.pageInfo);
  }
  return rows;
}

function lines(editions: readonly EditionRow[]): string[] {
  const head = ['MONTH', 'AREA', 'REVISION', 'PUBLISHED', 'ACKNOWLEDGED', 'ID'];
  return table(
    head,
    editions.map(({ month, area, revision, publishedAt, acknowledgedAt, id }) => [
      ...[month.slice(0, 7), area, String(revision), shown(publishedAt)],
      ...[acknowledgedAt && shown(acknowledgedAt), id],
    ]),
  );
}
