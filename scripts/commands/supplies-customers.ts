import type { Command } from 'commander';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';
import type { HubClient } from '../client/hub-client.js';
import type { Outcome } from '../client/output.js';
import { table } from '../console/table.js';

interface LinkRow {
  id: string;
  supplier: string;
  customer: string;
  energyItem: string;
  meter: { id: string } | null;
  validFrom: string;
  validTo: string | null;
  isConfirmed: boolean;
  linkedBy: string;
}

interface LinkOptions extends CallerOptions {
  supplier: string;
  item?: string;
  from: string;
  to?: string;
}

interface FilterOptions extends CallerOptions {
  area?: string;
  supplier?: string;
  customer?: string;
  meter?: string;
  claims?: boolean;
}

interface ToleranceRow {
  area: string;
  energyClass: string;
  version: number;
  percent: string;
  source: string;
  verified: boolean;
}

const LINK = `id supplier customer energyItem meter { id } area validFrom validTo linkedBy linkedAt isConfirmed confirmedBy
  confirmedAt endedBy endedAt`;
const TOLERANCE = 'area energyClass version percent source confidence verified setBy setAt';

/** `hub supplies link|links|confirm|end|candidates|tolerances|set-tolerance` */
export function addCustomers(root: Command): void {
  addCallerOptions(root.command('link'))
    .description(
      'say which meters a customer number stands for; what you say of yourself waits for your platform',
    )
    .argument('<customer>', 'the customer number, exactly as the supplier writes it')
    .argument('<meter...>', 'the meters; they count together')
    .requiredOption('--supplier <tenant>', 'whose customer it is')
    .requiredOption('--from <day>', 'first day')
    .option('--to <day>', 'first day on which it is no longer so')
    .option('--item <code>', 'energy item of the supplies (default: the total of the meters’ energy)')
    .action((customer: string, meters: string[], options: LinkOptions) =>
      calling(options, (client) => link(client, { customer, meters }, options)),
    );
  addCallerOptions(root.command('links'))
    .description('list which meters customer numbers stand for')
    .option('--area <code>', 'only meters in this area')
    .option('--supplier <tenant>', 'only customers of this one')
    .option('--customer <number>', 'only this number')
    .option('--meter <id>', 'only this meter')
    .option('--claims', 'only what waits to be confirmed')
    .action((options: FilterOptions) => calling(options, links));
  addCallerOptions(root.command('confirm'))
    .description('confirm what an enterprise said of itself')
    .argument('<link>', 'its identifier, lnk_…')
    .action((id: string, options: CallerOptions) =>
      calling(options, (client) => change(client, 'confirmCustomerLink', { id })),
    );
  addCallerOptions(root.command('end'))
    .description('end a link; on its first day, where it was wrong from the start')
    .argument('<link>', 'its identifier, lnk_…')
    .requiredOption('--on <day>', 'first day on which it is no longer so')
    .action((id: string, options: CallerOptions & { on: string }) =>
      calling(options, (client) => change(client, 'endCustomerLink', { id, validTo: options.on })),
    );
  addCallerOptions(root.command('candidates'))
    .description('meters that bear the number of the supplier’s meter, for customers not linked')
    .option('--area <code>', 'only what was supplied in this area')
    .option('--supplier <tenant>', 'only customers of this one')
    .action((options: FilterOptions) => calling(options, candidates));
  addCallerOptions(root.command('tolerances'))
    .description('how far supplied and metered may differ')
    .action((options: CallerOptions) => calling(options, tolerances));
  addCallerOptions(root.command('set-tolerance'))
    .description('set that for an area, as its admin')
    .argument('<class>', 'energy class, two digits')
    .argument('<percent>', 'percent of what was supplied')
    .requiredOption('--area <code>', 'where it counts, and in all that nests in it')
    .requiredOption('--source <text>', 'where that is said')
    .action(
      (energyClass: string, percent: string, options: CallerOptions & { area: string; source: string }) =>
        calling(options, async (client) => {
          const { area, source } = options;
          const { set } = await client.ask<{ set: ToleranceRow }>(
            `mutation ($tolerance: SupplyToleranceInput!) { set: setSupplyTolerance(tolerance: $tolerance) { ${TOLERANCE} } }`,
            { tolerance: { area, energyClass, percent, source } },
          );
          return {
            json: { tolerance: set },
            text: [`${energyClass} in ${area}: ${set.percent} %, version ${set.version}`],
          };
        }),
    );
}

async function link(
  client: HubClient,
  { customer, meters }: { customer: string; meters: string[] },
  { supplier, item, from, to }: LinkOptions,
): Promise<Outcome> {
  const said = { supplier, customer, meters, energyItem: item ?? null, validFrom: from, validTo: to ?? null };
  const { linkCustomer } = await client.ask<{ linkCustomer: LinkRow[] }>(
    `mutation ($link: CustomerLinkInput!) { linkCustomer(link: $link) { ${LINK} } }`,
    { link: said },
  );
  return { json: { links: linkCustomer }, text: described(linkCustomer) };
}

async function links(client: HubClient, options: FilterOptions): Promise<Outcome> {
  const { area = null, supplier = null, customer = null, meter = null, claims } = options;
  const { customerLinks } = await client.ask<{ customerLinks: { nodes: LinkRow[] } }>(
    `query ($area: String, $supplier: ID, $customer: String, $meter: ID, $confirmed: Boolean) {
      customerLinks(first: 500, area: $area, supplier: $supplier, customer: $customer, meterId: $meter, isConfirmed: $confirmed) {
        nodes { ${LINK} } } }`,
    { area, supplier, customer, meter, confirmed: claims ? false : null },
  );
  return { json: { links: customerLinks.nodes }, text: described(customerLinks.nodes) };
}

async function change(
  client: HubClient,
  field: string,
  given: { id: string; validTo?: string },
): Promise<Outcome> {
  const [declared, passed] = given.validTo ? [', $validTo: LocalDate!', ', validTo: $validTo'] : ['', ''];
  const { done } = await client.ask<{ done: LinkRow }>(
    `mutation ($id: ID!${declared}) { done: ${field}(id: $id${passed}) { ${LINK} } }`,
    { ...given },
  );
  return { json: { link: done }, text: described([done]) };
}

async function candidates(client: HubClient, options: FilterOptions): Promise<Outcome> {
  const { customerCandidates: found } = await client.ask<{
    customerCandidates: { nodes: Record<string, string>[] };
  }>(
    `query ($area: String, $supplier: ID) { customerCandidates(first: 500, area: $area, supplier: $supplier) {
      nodes { supplier customer energyItem supplierMeter meterId meterName by } } }`,
    { area: options.area ?? null, supplier: options.supplier ?? null },
  );
  const columns = ['supplier', 'customer', 'energyItem', 'supplierMeter', 'meterId', 'meterName', 'by'];
  const head = ['SUPPLIER', 'CUSTOMER', 'ITEM', 'NUMBER', 'METER', 'NAME', 'BY'];
  const rows = found.nodes.map((row) => columns.map((column) => row[column] ?? null));
  return { json: { candidates: found.nodes }, text: table(head, rows) };
}

async function tolerances(client: HubClient): Promise<Outcome> {
  const { supplyTolerances: all } = await client.ask<{ supplyTolerances: ToleranceRow[] }>(
    `{ supplyTolerances { ${TOLERANCE} } }`,
  );
  const rows = all.map(({ energyClass, area, percent, source, verified }) => [
    ...[energyClass, area, `${percent} %`, verified ? source : `${source} (unverified)`],
  ]);
  return { json: { tolerances: all }, text: table(['ENERGY', 'AREA', 'TOLERANCE', 'SOURCE'], rows) };
}

function described(rows: LinkRow[]): string[] {
  return table(
    ['ID', 'SUPPLIER', 'CUSTOMER', 'ITEM', 'METER', 'FROM', 'UNTIL', 'CONFIRMED', 'BY'],
    rows.map((row) => [
      ...[row.id, row.supplier, row.customer, row.energyItem, row.meter?.id ?? null, row.validFrom],
      ...[row.validTo, row.isConfirmed ? 'yes' : 'not yet', row.linkedBy],
    ]),
  );
}
