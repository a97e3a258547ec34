import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { addCallerOptions, calling, type CallerOptions, pair } from '../client/caller.js';
import { Failure, fault } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import type { Outcome } from '../client/output.js';
import { sha256OfFile } from '../client/payload.js';
import { shown } from '../console/instants.js';
import { table } from '../console/table.js';
import { CORRECTION_FIELDS, type CorrectionRow, describeCorrection } from './correction-text.js';

interface ProposeOptions extends CallerOptions {
  day?: string;
  record?: string;
  kind?: string;
  set?: [string, string][];
  clear?: string[];
  reason: string;
  evidence?: string;
  validDays: string;
}

interface ListOptions extends CallerOptions {
  state?: string;
  record?: string;
  area?: string;
  last: string;
}

/** `hub correction list|show|propose|approve|reject|withdraw` */
export function correctionCommand(): Command {
  const correction = new Command('correction')
    .summary('propose, approve and list corrections of archived data')
    .description('Corrections: one tenant proposes, another approves; what it was before is kept for ever.')
    .addHelpText('after', EXAMPLES);
  addCallerOptions(correction.command('list'))
    .description('list the corrections in your reach, latest first')
    .option('--state <state>', 'PROPOSED, APPROVED, REJECTED, WITHDRAWN or EXPIRED')
    .option('--record <id>', 'only those of this record or meter')
    .option('--area <code>', 'only those in this area')
    .option('--last <count>', 'how many, up to 500', '50')
    .action((options: ListOptions) => calling(options, list));
  addCallerOptions(correction.command('show'))
    .description('show one correction: before, after, and who did what')
    .argument('<correction>', 'its identifier, cor_…')
    .action((id: string, options: CallerOptions) => calling(options, (client) => show(client, id)));
  addPropose(correction);
  addDecision(correction, 'approve', 'approve a correction, which applies it', 'Approved');
  addDecision(correction, 'reject', 'reject a correction; --note says why', 'Rejected');
  addDecision(correction, 'withdraw', 'take back your own proposal', 'Withdrew');
  return correction;
}

const EXAMPLES = `
A day is a file with one line as uploads have it: {"meter":"…","date":"2026-01-01","interval":60,"values":[…]}.
  $ hub correction propose --day right.json --reason 'wrong transformer ratio' --evidence protocol.pdf --as district-310101
  $ hub correction propose --record aud_… --set conclusion='…' --clear savingPotentialPercent --reason '…' --as district-310101
  $ hub correction approve cor_… --note 'seen the protocol' --as municipal --purpose SUPERVISION`;

function addPropose(correction: Command): void {
  addCallerOptions(correction.command('propose'))
    .description(
      'propose a correction of a day or of a record; nothing changes until another tenant approves it',
    )
    .option('--day <file>', 'the right values of a meter’s day')
    .option('--record <id>', 'aud_…, rev_… or ins_…; a document or finding as ins_…#001, with --kind')
    .option('--kind <kind>', 'what the record is, where its id does not say')
    .option('--set <field=value>', 'the right value of a field; may be repeated', pair)
    .option('--clear <field...>', 'fields of which no value is known')
    .requiredOption('--reason <text>', 'why')
    .option('--evidence <file>', 'its SHA-256 is kept, the file is not sent')
    .option('--valid-days <days>', 'how long it stays open, 1 to 90', '30')
    .action((options: ProposeOptions) => calling(options, propose));
}

function addDecision(correction: Command, name: string, description: string, done: string): void {
  addCallerOptions(correction.command(name))
    .description(description)
    .argument('<correction>', 'its identifier, cor_…')
    .option('--note <text>', 'what the record is to say of it')
    .action((id: string, options: CallerOptions & { note?: string }) =>
      calling(options, async (client) => {
        const mutation = `mutation ($id: ID!, $note: String) { done: ${name}Correction(id: $id, note: $note) { ${CORRECTION_FIELDS} } }`;
        const variables = { id, note: options.note ?? null };
        const { done: row } = await client.askWithheld<{ done: CorrectionRow }>(mutation, variables);
        return { json: { correction: row }, text: [`${done} ${id}`, ...describeCorrection(row)] };
      }),
    );
}

async function propose(client: HubClient, options: ProposeOptions): Promise<Outcome> {
  const { day, record, reason, evidence, validDays } = options;
  if ((day === undefined) === (record === undefined))
    throw fault('USAGE', 'Name a day with --day, or a record with --record.');
  const correction = {
    ...(day !== undefined ? { day: await dayIn(day) } : { record: recordOf(options) }),
    reason,
    evidenceSha256: evidence === undefined ? null : await sha256OfFile(evidence),
    validDays: Number(validDays),
  };
  const mutation = `mutation ($correction: CorrectionInput!) { proposeCorrection(correction: $correction) { ${CORRECTION_FIELDS} } }`;
  const { proposeCorrection: row } = await client.askWithheld<{ proposeCorrection: CorrectionRow }>(
    mutation,
    {
      correction,
    },
  );
  return { json: { correction: row }, text: [`Proposed ${row.id}`, ...describeCorrection(row)] };
}

/** The file is what an upload would send; the hub judges what is in it. */
async function dayIn(path: string): Promise<object> {
  try {
    const { meter, date, interval, values } = JSON.parse(await readFile(path, 'utf8')) as Record<
      string,
      unknown
    >;
    return { meter, date, interval, values };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw fault('FILE_UNUSABLE', `${path} is not one line of JSON.`, error);
  }
}

const KINDS: Record<string, string> = { aud: 'ENERGY_AUDIT', rev: 'METERING_REVIEW', ins: 'INSPECTION' };

function recordOf({ record = '', kind, set = [], clear = [] }: ProposeOptions): object {
  const known = record.includes('#') ? undefined : KINDS[record.slice(0, 3)];
  const of = kind ?? known;
  if (!of) throw fault('USAGE', `Say with --kind what ${record} is.`);
  const fields = [
    ...set.map(([field, value]) => ({ field, value })),
    ...clear.map((field) => ({ field, value: null })),
  ];
  if (fields.length === 0) throw fault('USAGE', 'Say what is to be corrected: --set or --clear.');
  return { kind: of, id: record, fields };
}

async function list(client: HubClient, { state, record, area, last }: ListOptions): Promise<Outcome> {
  const query = `query ($first: Int!, $state: String, $record: ID, $area: String) {
    corrections(first: $first, state: $state, record: $record, area: $area) {
      nodes { id kind record date state proposedBy proposedAt reason }
    }
  }`;
  const variables = { first: Number(last), state: state ?? null, record: record ?? null, area: area ?? null };
  const { corrections } = await client.askWithheld<{ corrections: { nodes: CorrectionRow[] } }>(
    query,
    variables,
  );
  const rows = corrections.nodes.map((row) => [
    row.id,
    row.kind,
    row.date === null ? row.record : `${row.record} ${row.date}`,
    row.state,
    row.proposedBy,
    shown(row.proposedAt),
    row.reason,
  ]);
  const head = ['ID', 'KIND', 'OF', 'STATE', 'PROPOSED BY', 'AT', 'REASON'];
  return { json: { corrections: corrections.nodes }, text: table(head, rows) };
}

async function show(client: HubClient, id: string): Promise<Outcome> {
  const query = `query ($id: ID!) { correction(id: $id) { ${CORRECTION_FIELDS} } }`;
  const { correction } = await client.askWithheld<{ correction: CorrectionRow | null }>(query, { id });
  if (correction) return { json: { correction }, text: describeCorrection(correction) };
  const remedy = 'hub correction list shows those that are.';
  throw new Failure({ code: 'NOT_FOUND', message: `No correction ${id} is in your reach.`, remedy });
}
