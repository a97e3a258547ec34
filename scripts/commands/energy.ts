import { Command } from 'commander';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';
import type { HubClient } from '../client/hub-client.js';
import type { Outcome } from '../client/output.js';
import { table } from '../console/table.js';

interface CoefficientRow {
  edition: string;
  energy: string;
  nameZh: string;
  basis: string;
  area: string;
  low: string;
  high: string;
  unit: string;
  source: string;
  verified: boolean;
}

interface Page {
  nodes: CoefficientRow[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

interface ListOptions extends CallerOptions {
  area?: string;
  energy?: string;
  year?: string;
}

interface AddOptions extends CallerOptions {
  area: string;
  energy: string;
  year: string;
  value: string;
  source: string;
}

const FIELDS = 'edition energy nameZh basis area year low high unit source verified addedBy addedAt';

/** `hub energy coefficients|add-coefficient` */
export function energyCommand(): Command {
  const energy = new Command('energy')
    .summary('list coefficients of standard coal, and add those of an area')
    .description(
      'Coefficients of standard coal (折标准煤系数): by edition, basis and energy, with their source',
    )
    .addHelpText('after', EXAMPLES);
  addCallerOptions(energy.command('coefficients'))
    .description('list those of the standard, and those that areas gave for their years')
    .option('--area <code>', 'only of this area and what nests in it')
    .option('--energy <code>', 'only of this energy')
    .option('--year <year>', 'only for this year')
    .action((options: ListOptions) => calling(options, list));
  addCallerOptions(energy.command('add-coefficient'))
    .description('add one for an area and a year, as its admin; earlier ones stay and can be named')
    .requiredOption('--area <code>', 'where it counts, and in all that nests in it')
    .requiredOption('--energy <code>', 'of which energy')
    .requiredOption('--year <year>', 'year of consumption')
    .requiredOption('--value <kgce>', 'kgce for one unit of the energy')
    .requiredOption('--source <text>', 'where it was published')
    .action((options: AddOptions) => calling(options, add));
  return energy;
}

const EXAMPLES = `
  $ hub energy coefficients --energy ELECTRICITY --as district-310101
  $ hub energy add-coefficient --area 310000 --energy ELECTRICITY --year 2026 --value 0.2933 --source '…' \\
      --as municipal --purpose PLATFORM_OPERATION`;

async function list(client: HubClient, { area, energy, year }: ListOptions): Promise<Outcome> {
  const query = `query ($after: String, $area: String, $energy: ID, $year: Int) {
    coalCoefficients(first: 500, after: $after, area: $area, energy: $energy, year: $year) {
      nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } } }`;
  const asked = {
    area: area ?? null,
    energy: energy ?? null,
    year: year === undefined ? null : Number(year),
  };
  const coefficients: CoefficientRow[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { coalCoefficients: page }: { coalCoefficients: Page } = await client.ask(query, {
      ...asked,
      after,
    });
    coefficients.push(...page.nodes);
    ({ hasNextPage: more, endCursor: after } = page.pageInfo);
  }
  return { json: { coefficients }, text: lines(coefficients) };
}

async function add(client: HubClient, options: AddOptions): Promise<Outcome> {
  const { area, energy, year, value, source } = options;
  const mutation = `mutation ($coefficient: CoalCoefficientInput!) {
    addCoefficient(coefficient: $coefficient) { ${FIELDS} } }`;
  const { addCoefficient: coefficient } = await client.ask<{ addCoefficient: CoefficientRow }>(mutation, {
    coefficient: { area, energy, year: Number(year), value, source },
  });
  return { json: { coefficient }, text: lines([coefficient]) };
}

function lines(rows: readonly CoefficientRow[]): string[] {
  const head = ['EDITION', 'ENERGY', '名称', 'BASIS', 'AREA', 'KGCE', 'FOR ONE', 'VERIFIED', 'SOURCE'];
  return table(
    head,
    rows.map(({ edition, energy, nameZh, basis, area, low, high, unit, verified, source }) => [
      ...[edition, energy, nameZh, basis, area],
      low === high ? low : `${low} to ${high}`,
      ...[unit, verified ? 'yes' : 'no', source],
    ]),
  );
}
