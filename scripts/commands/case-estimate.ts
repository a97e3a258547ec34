import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';
import { fault } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import type { Outcome } from '../client/output.js';
import { sha256OfFile } from '../client/payload.js';
import { table } from '../console/table.js';

interface EstimateOptions extends CallerOptions {
  from: string;
  to: string;
  method: string;
  values?: string;
  note?: string;
  evidence?: string;
  preview?: boolean;
}

interface EstimateRow {
  date: string;
  version: number;
  method: string;
  estimated: number;
  total: string;
  replacedTotal: string;
  isBounded: boolean;
  parameters: { name: string; value: string }[];
}

const ROW = `date version change method intervalMinutes values replaced estimated total replacedTotal isBounded
  parameters { name value } madeFrom { date version }`;
const ASKED = '$id: ID!, $from: LocalDate!, $to: LocalDate!, $method: EstimateMethod!, $values: [Decimal]';
const GIVEN = 'id: $id, from: $from, to: $to, method: $method, values: $values';

/** `hub case estimate|withdraw <case>` */
export function addEstimates(root: Command): void {
  addCallerOptions(root.command('estimate'))
    .description(
      'estimate what is missing (估算); measured values stay as they are, and no sum mixes the two',
    )
    .argument('<case>', 'its identifier, cas_…')
    .requiredOption('--from <day>', 'first day')
    .requiredOption('--to <day>', 'last day')
    .addOption(
      new Option('--method <method>', 'how')
        .choices(['LINEAR', 'SAME_DAY_LAST_WEEK', 'LOAD_PROFILE', 'MANUAL'])
        .makeOptionMandatory(),
    )
    .option('--values <file>', 'by MANUAL: a JSON array, one value an interval, null where none is given')
    .option('--note <text>', 'why it is estimated so')
    .option('--evidence <file>', 'its SHA-256 is kept, the file is not sent')
    .option('--preview', 'show what would be stored, and store nothing')
    .action((id: string, options: EstimateOptions) =>
      calling(options, (client) => estimate(client, id, options)),
    );
  addCallerOptions(root.command('withdraw'))
    .description('take the estimate of a day back; what it was stays to be seen')
    .argument('<case>', 'its identifier, cas_…')
    .requiredOption('--date <day>', 'the day')
    .requiredOption('--note <text>', 'why')
    .action((id: string, options: CallerOptions & { date: string; note: string }) =>
      calling(options, (client) => withdraw(client, id, options.date, options.note)),
    );
}

async function estimate(client: HubClient, id: string, options: EstimateOptions): Promise<Outcome> {
  const { from, to, method, values, note = null, evidence, preview } = options;
  const asked = { id, from, to, method, values: values === undefined ? null : await valuesOf(values) };
  const document = preview
    ? `query (${ASKED}) { estimates: estimatePreview(${GIVEN}) { ${ROW} } }`
    : `mutation (${ASKED}, $note: String, $evidence: String) {
        estimates: estimateDays(${GIVEN}, note: $note, evidenceSha256: $evidence) { ${ROW} } }`;
  const said = { note, evidence: evidence === undefined ? null : await sha256OfFile(evidence) };
  const { estimates } = await client.ask<{ estimates: EstimateRow[] }>(document, {
    ...asked,
    ...(!preview && said),
  });
  return { json: { estimates, isStored: !preview }, text: described(estimates, preview ?? false) };
}

async function withdraw(client: HubClient, id: string, date: string, note: string): Promise<Outcome> {
  const mutation = `mutation ($id: ID!, $date: LocalDate!, $note: String!) {
    estimate: withdrawEstimate(id: $id, date: $date, note: $note) { date version change } }`;
  const { estimate: row } = await client.ask<{ estimate: EstimateRow }>(mutation, { id, date, note });
  return { json: { estimate: row }, text: [`Withdrew the estimate of ${row.date}`] };
}

async function valuesOf(file: string): Promise<(string | null)[]> {
  const unusable = fault('FILE_UNUSABLE', `${file} holds no JSON array of decimals and nulls.`);
  const text = await readFile(file, 'utf8');
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw unusable;
  }
  if (!Array.isArray(read)) throw unusable;
  return read.map((value: unknown) => {
    if (value === null) return null;
    if (typeof value !== 'string' && typeof value !== 'number') throw unusable;
    return String(value);
  });
}

function described(rows: EstimateRow[], isPreview: boolean): string[] {
  const head = ['DAY', 'METHOD', 'VALUES', 'ESTIMATED', 'REPLACED', 'BOUNDED', 'BY'];
  const lines = table(
    head,
    rows.map((row) => [
      ...[row.date, row.method, String(row.estimated), row.total, row.replacedTotal],
      row.isBounded ? 'by the counter' : 'not bounded',
      row.parameters.map(({ name, value }) => `${name}=${value}`).join(' '),
    ]),
  );
  return isPreview ? [...lines, 'A preview: nothing was stored.'] : lines;
}
