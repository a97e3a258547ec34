import { Command } from 'commander';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';
import { Failure } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import type { Outcome } from '../client/output.js';
import { sha256OfFile } from '../client/payload.js';
import { fields, table } from '../console/table.js';
import { shown } from '../console/instants.js';
import { addEstimates } from './case-estimate.js';
import { addVisit } from './case-visit.js';

interface CaseRow {
  id: string;
  meter: { id: string; name: string } | null;
  rule: string;
  area: string;
  status: string;
  firstDate: string;
  lastDate: string;
  findingCount: number;
  dueOn: string;
  responsible: string;
  isEscalated: boolean;
  assignee: string | null;
  events: {
    event: string;
    actor: string;
    tenant: string;
    at: string;
    note: string | null;
    assignee: string | null;
  }[];
}

interface ListOptions extends CallerOptions {
  status?: string;
  area?: string;
  meter?: string;
  rule?: string;
  dueBy?: string;
  escalated?: boolean;
  last: string;
}

interface StepOptions extends CallerOptions {
  note?: string;
  evidence?: string;
  to?: string;
  escalated?: boolean;
}

const ROW =
  'id meter { id name } rule area status firstDate lastDate findingCount dueOn responsible isEscalated assignee';
const WHOLE = `${ROW} events { number event actor tenant at note evidenceSha256 assignee }`;

const EXAMPLES = `
  $ hub case list --status OPEN --due-by 2026-11-23 --as district-310101
  $ hub case assign cas_… --to 'Li, metering team' --as district-310101
  $ hub case explain cas_… --note 'closed for the holidays' --evidence notice.pdf --as enterprise-a
  $ hub case estimate cas_… --from 2026-11-16 --to 2026-11-17 --method LINEAR --preview --as district-310101
  $ hub case estimate cas_… --from 2026-11-16 --to 2026-11-17 --method LINEAR --note 'link down' --as district-310101
  $ hub case close cas_… --as district-310101`;

/** `hub case list|show|assign|explain|repair|estimate|withdraw|close|visit` */
export function caseCommand(): Command {
  const root = new Command('case')
    .summary('work on what the quality rules found: assign, explain, repair, estimate, close')
    .description(
      'Cases about readings (异常处置单): opened by the hub, escalated when their working days are over.',
    )
    .addHelpText('after', EXAMPLES);
  addCallerOptions(root.command('list'))
    .description('list the cases in your reach, the last first')
    .option('--status <status>', 'OPEN, ASSIGNED, EXPLAINED, REPAIRED, ESTIMATED or CLOSED')
    .option('--area <code>', 'only those in this area')
    .option('--meter <id>', 'only those of this meter')
    .option('--rule <code>', 'only those by this rule')
    .option('--due-by <day>', 'only those due on or before this day')
    .option('--escalated', 'only those that were escalated')
    .option('--last <count>', 'how many, up to 500', '50')
    .action((options: ListOptions) => calling(options, list));
  addCallerOptions(root.command('show'))
    .description('show one case and what happened to it')
    .argument('<case>', 'its identifier, cas_…')
    .action((id: string, options: CallerOptions) => calling(options, (client) => show(client, id)));
  addStep(root, 'assign', 'give a case to somebody to work on').requiredOption(
    '--to <name>',
    'who is to work on it',
  );
  addStep(root, 'explain', 'say why the readings are as they are; --note says why');
  addStep(root, 'repair', 'say what was repaired, with --note');
  addStep(root, 'close', 'accept the answer').option('--escalated', 'a case that was escalated to you');
  addEstimates(root);
  addVisit(root);
  return root;
}

function addStep(root: Command, name: string, description: string): Command {
  return addCallerOptions(root.command(name))
    .description(description)
    .argument('<case>', 'its identifier, cas_…')
    .option('--note <text>', 'what the record is to say of it')
    .option('--evidence <file>', 'its SHA-256 is kept, the file is not sent')
    .action((id: string, options: StepOptions) =>
      calling(options, (client) => step(client, name, id, options)),
    );
}

async function step(client: HubClient, name: string, id: string, options: StepOptions): Promise<Outcome> {
  const { note, evidence, to, escalated } = options;
  const field = escalated ? 'closeEscalatedCase' : `${name}Case`;
  const [declared, given] = to === undefined ? ['', ''] : [', $assignee: String!', ', assignee: $assignee'];
  const mutation = `mutation ($id: ID!, $note: String, $evidence: String${declared}) {
    done: ${field}(id: $id, note: $note, evidenceSha256: $evidence${given}) { ${WHOLE} } }`;
  const { done: row } = await client.ask<{ done: CaseRow }>(mutation, {
    id,
    note: note ?? null,
    evidence: evidence === undefined ? null : await sha256OfFile(evidence),
    ...(to !== undefined && { assignee: to }),
  });
  return { json: { case: row }, text: described(row) };
}

async function list(client: HubClient, options: ListOptions): Promise<Outcome> {
  const { status = null, area = null, meter = null, rule = null, dueBy = null, escalated, last } = options;
  const query = `query ($first: Int!, $status: String, $area: String, $meter: ID, $rule: ID, $dueBy: LocalDate, $escalated: Boolean) {
    cases(first: $first, status: $status, area: $area, meterId: $meter, rule: $rule, dueBy: $dueBy, isEscalated: $escalated) {
      nodes { ${ROW} } } }`;
  const asked = { first: Number(last), status, area, meter, rule, dueBy, escalated: escalated ?? null };
  const { cases } = await client.ask<{ cases: { nodes: CaseRow[] } }>(query, asked);
  const rows = cases.nodes.map((row) => [
    ...[row.id, row.meter?.id ?? null, row.rule, row.status, `${row.firstDate} – ${row.lastDate}`],
    ...[
      String(row.findingCount),
      row.dueOn,
      row.isEscalated ? `↑ ${row.responsible}` : row.area,
      row.assignee,
    ],
  ]);
  const head = ['ID', 'METER', 'RULE', 'STATUS', 'DAYS', 'FINDINGS', 'DUE', 'WITH', 'ASSIGNED TO'];
  return { json: { cases: cases.nodes }, text: table(head, rows) };
}

async function show(client: HubClient, id: string): Promise<Outcome> {
  const query = `query ($id: ID!) { case(id: $id) { ${WHOLE} findings { rule date severity evidence { name value } } } }`;
  const { case: row } = await client.ask<{ case: CaseRow | null }>(query, { id });
  if (row) return { json: { case: row }, text: described(row) };
  const remedy = 'hub case list shows those that are.';
  throw new Failure({ code: 'NOT_FOUND', message: `No case ${id} is in your reach.`, remedy });
}

function described(row: CaseRow): string[] {
  return [
    ...fields([
      ['Case', row.id],
      ['Meter', row.meter && `${row.meter.id} ${row.meter.name}`],
      ['Rule', row.rule],
      ['Status', row.status],
      ['Days', `${row.firstDate} – ${row.lastDate}, ${row.findingCount} finding(s)`],
      ['Due', row.dueOn],
      ['With', row.isEscalated ? `${row.responsible}, escalated` : row.responsible],
      ['Assigned to', row.assignee],
    ]),
    ...table(
      ['WHEN', 'EVENT', 'AS', 'BY', 'NOTE'],
      row.events.map(({ at, event, actor, tenant, note, assignee }) => [
        ...[shown(at), event, actor, tenant],
        [assignee && `to ${assignee}`, note].filter(Boolean).join(': '),
      ]),
    ),
  ];
}
