import { Command, Option } from 'commander';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';
import type { HubClient } from '../client/hub-client.js';
import { type Outcome, report } from '../client/output.js';
import { addSendingOptions, type FileOptions, uploadFile } from '../client/upload-file.js';
import { shown } from '../console/instants.js';
import { table } from '../console/table.js';
import { addCustomers } from './supplies-customers.js';

interface ListOptions extends CallerOptions {
  area?: string;
  supplier?: string;
  customer?: string;
  item?: string;
  from: string;
  to: string;
  state?: string;
  overlapping?: boolean;
  versions?: boolean;
  after?: string;
  first: string;
}

interface DifferenceRow {
  supplier: string;
  customer: string;
  energyItem: string;
  fromAt: string;
  toAt: string;
  state: string;
  unit: string | null;
  supplied: string | null;
  metered: string | null;
  difference: string | null;
  percent: string | null;
  missing: number;
  unlinkedDays: number;
  overlaps: number;
}

interface SupplyRow {
  supplier: string;
  customer: string;
  energyItem: string;
  record: string;
  version: number;
  fromAt: string;
  toAt: string;
  amount: string;
  unit: string;
}

interface Listed<Row> {
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const DIFFERENCE = `supplier customer energyItem fromAt toAt area state records unit supplied metered difference percent
  tolerance toleranceSource toleranceVerified meters present missing unlinkedDays overlaps`;
const SUPPLY = `id supplier customer supplierMeter energyItem record version fromAt toAt amount unit registerBegin registerEnd
  multiplier area batch recordedAt supersededAt`;

const EXAMPLES = `
  $ hub supplies upload bills.csv --as grid-co
  $ hub supplies differences --from 2026-01-01 --to 2026-01-31 --state DIFFERENT --as district-310101
  $ hub supplies link 0012-7 m1 m2 --supplier grid-co --from 2026-01-01 --as district-310101`;

/** `hub supplies upload|list|differences|link|links|confirm|end|candidates|tolerances|set-tolerance` */
export function suppliesCommand(): Command {
  const root = new Command('supplies')
    .summary('report what was supplied, link customer numbers to meters, list the differences')
    .description(
      'What suppliers of energy report of their customers (供能企业数据), beside what was metered.',
    )
    .addHelpText('after', EXAMPLES);
  addSendingOptions(root.command('upload'))
    .description(
      'send records of supplies, NDJSON or CSV, plain, gzip or zstd: customer, item, from, to, amount, unit, record, and ' +
        'where there is one meter, begin, end, multiplier, area',
    )
    .argument('<file>', 'what to send; - is standard input')
    .addOption(
      new Option('--format <format>', 'what it is, when name and content do not tell').choices([
        'ndjson',
        'csv',
      ]),
    )
    .action((file: string, options: FileOptions) =>
      report(options, () => uploadFile('/upload/supplies', file, options)),
    );
  addFilters(root.command('list'))
    .description('list records in your reach, the latest first')
    .option('--versions', 'earlier versions as well')
    .action((options: ListOptions) => calling(options, list));
  addFilters(root.command('differences'))
    .description('compare what was supplied with what was metered, as it stands now')
    .option('--state <state>', 'only those that are MATCHED, DIFFERENT, PARTIAL, NO_READINGS, NO_CUSTOMER, …')
    .option('--overlapping', 'only periods that overlap with another of the customer')
    .action((options: ListOptions) => calling(options, differences));
  addCustomers(root);
  return root;
}

function addFilters(command: Command): Command {
  return addCallerOptions(command)
    .requiredOption('--from <day>', 'first day')
    .requiredOption('--to <day>', 'last day')
    .option('--area <code>', 'only what was supplied in this area')
    .option('--supplier <tenant>', 'only what this one supplied')
    .option('--customer <number>', 'only this customer number')
    .option('--item <code>', 'only this energy item, or what begins so')
    .option('--first <count>', 'how many, up to 500', '100')
    .option('--after <cursor>', 'go on where an earlier answer ended');
}

const FILTERS = `$first: Int!, $after: String, $from: LocalDate!, $to: LocalDate!, $area: String, $supplier: ID,
  $customer: String, $item: String`;
const GIVEN = `first: $first, after: $after, from: $from, to: $to, area: $area, supplier: $supplier, customer: $customer,
  energyItem: $item`;

function filtersOf({ first, after, from, to, area, supplier, customer, item }: ListOptions): object {
  const [none, number] = [null, Number(first)];
  return {
    ...{ first: number, from, to, after: after ?? none, area: area ?? none, supplier: supplier ?? none },
    ...{ customer: customer ?? none, item: item ?? none },
  };
}

async function list(client: HubClient, options: ListOptions): Promise<Outcome> {
  const { supplies } = await client.ask<{ supplies: Listed<SupplyRow> }>(
    `query (${FILTERS}, $versions: Boolean!) { supplies(${GIVEN}, versions: $versions) {
      nodes { ${SUPPLY} } pageInfo { hasNextPage endCursor } } }`,
    { ...filtersOf(options), versions: options.versions ?? false },
  );
  const rows = supplies.nodes.map((row) => [
    ...[row.supplier, row.customer, row.energyItem, row.record, String(row.version)],
    ...[shown(row.fromAt), shown(row.toAt), row.amount, row.unit],
  ]);
  const head = ['SUPPLIER', 'CUSTOMER', 'ITEM', 'RECORD', 'VERSION', 'FROM', 'TO', 'AMOUNT', 'UNIT'];
  return {
    json: { supplies: supplies.nodes, ...supplies.pageInfo },
    text: [...table(head, rows), ...more(supplies)],
  };
}

async function differences(client: HubClient, options: ListOptions): Promise<Outcome> {
  const { found } = await client.ask<{ found: Listed<DifferenceRow> }>(
    `query (${FILTERS}, $state: String, $overlapping: Boolean) {
      found: supplyDifferences(${GIVEN}, state: $state, isOverlapping: $overlapping) {
        nodes { ${DIFFERENCE} } pageInfo { hasNextPage endCursor } } }`,
    { ...filtersOf(options), state: options.state ?? null, overlapping: options.overlapping ?? null },
  );
  const rows = found.nodes.map((row) => [
    ...[row.supplier, row.customer, row.energyItem, shown(row.fromAt), shown(row.toAt), row.state],
    ...[row.supplied, row.metered, row.difference, row.percent, row.unit, remarks(row)],
  ]);
  const head = [
    'SUPPLIER',
    'CUSTOMER',
    'ITEM',
    'FROM',
    'TO',
    'STATE',
    'SUPPLIED',
    'METERED',
    'DIFFERENCE',
    '%',
    'UNIT',
    '',
  ];
  return {
    json: { differences: found.nodes, ...found.pageInfo },
    text: [...table(head, rows), ...more(found)],
  };
}

function remarks({ missing, unlinkedDays, overlaps }: DifferenceRow): string {
  const said: [number, string][] = [
    [missing, 'interval(s) missing'],
    [unlinkedDays, 'day(s) without a link'],
    [overlaps, 'overlapping period(s)'],
  ];
  return said.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : [])).join(', ');
}

function more({ pageInfo }: Listed<unknown>): string[] {
  return pageInfo.hasNextPage ? [`There is more: --after ${pageInfo.endCursor}`] : [];
}
