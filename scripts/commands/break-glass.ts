import { Command, Option } from 'commander';
import { addCallerOptions, calling, type CallerOptions, pair } from '../client/caller.js';
import { Failure } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import { addOutputOptions, type Outcome, type OutputOptions, report } from '../client/output.js';
import { sha256OfFile } from '../client/payload.js';
import { shown } from '../console/instants.js';
import { fields, table } from '../console/table.js';
import { type StepRow, stepTable, WITHHELD } from './correction-text.js';

interface RequestOptions extends CallerOptions {
  table: string;
  row: [string, string][];
  set?: [string, string][];
  clear?: string[];
  area: string;
  reason: string;
  evidence?: string;
}

interface ApplyOptions extends OutputOptions {
  home: string;
  stage: 'formal' | 'test';
  operator: string;
}

interface RequestRow {
  id: string;
  target: string;
  /** Null, as are the changes, where the caller may not read the row. */
  key: { column: string; value: string | null }[] | null;
  changes: { column: string; before: string | null; after: string | null }[] | null;
  area: string;
  reason: string;
  evidenceSha256: string | null;
  requestedBy: string;
  requestedAt: string;
  expiresAt: string;
  state: string;
  events: StepRow[];
}

const FIELDS = `id target key { column value } changes { column before after } area reason evidenceSha256 requestedBy
  requestedAt expiresAt state events { kind actor note request recordedAt }`;

/** `hub break-glass request|approve|reject|withdraw|list|show|apply` */
export function breakGlassCommand(): Command {
  const command = new Command('break-glass')
    .summary('change a row by hand, where two others have approved it')
    .description('The special case of article 13: one asks, two others approve, the operator applies.')
    .addHelpText('after', EXAMPLES);
  addRequest(command);
  addDecision(
    command,
    'approve',
    'approve a request; the second approval makes it ready for two hours',
    'Approved',
  );
  addDecision(command, 'reject', 'reject a request; --note says why', 'Rejected');
  addDecision(command, 'withdraw', 'take back your own request', 'Withdrew');
  addCallerOptions(command.command('list'))
    .description('list the requests in your reach, latest first')
    .option('--state <state>', 'REQUESTED, APPROVED_ONCE, READY, APPLIED, REJECTED, WITHDRAWN or EXPIRED')
    .option('--last <count>', 'how many, up to 500', '50')
    .action((options: CallerOptions & { state?: string; last: string }) => calling(options, list));
  addCallerOptions(command.command('show'))
    .description('show one request: what is to change, and who did what')
    .argument('<request>', 'its identifier, brk_…')
    .action((id: string, options: CallerOptions) => calling(options, (client) => show(client, id)));
  addOutputOptions(command.command('apply'))
    .description('apply an approved request, at the machine of the hub')
    .argument('<request>', 'its identifier, brk_…')
    .requiredOption('--operator <name>', 'who applies it, for the record')
    .addOption(new Option('--stage <stage>', 'which database').choices(['formal', 'test']).default('formal'))
    .addOption(new Option('--home <folder>', 'home of the hub').env('HUB_HOME').default('.hub'))
    .action((id: string, options: ApplyOptions) => report(options, () => apply(id, options)));
  return command;
}

const EXAMPLES = `
  $ hub break-glass request --table buildings.building --row id=310101A001 --set area=310104 --area 310000 \\
      --reason '…' --as municipal --purpose PLATFORM_OPERATION
  $ hub break-glass approve brk_… --as national
  $ hub break-glass apply brk_… --operator '…'
History (the ledger, earlier versions, events, receipts), and who may see what, cannot be changed by this way.`;

function addRequest(command: Command): void {
  addCallerOptions(command.command('request'))
    .description('ask to have one row changed by hand')
    .requiredOption('--table <schema.table>', 'a table of data')
    .requiredOption('--row <column=value>', 'the row by its primary key; may be repeated', pair)
    .option('--set <column=value>', 'a new value; may be repeated', pair)
    .option('--clear <column...>', 'columns that are to hold nothing')
    .requiredOption('--area <code>', 'GB/T 2260 code in which the row lies, and must lie afterwards')
    .requiredOption('--reason <text>', 'why no other way will do')
    .option('--evidence <file>', 'its SHA-256 is kept, the file is not sent')
    .action((options: RequestOptions) => calling(options, request));
}

async function request(client: HubClient, options: RequestOptions): Promise<Outcome> {
  const { table: target, row: key, set = [], clear = [], area, reason, evidence } = options;
  const column = ([name, value]: [string, string]): object => ({ column: name, value });
  const wanted = {
    target,
    key: key.map(column),
    changes: [...set.map(column), ...clear.map((name) => ({ column: name, value: null }))],
    area,
    reason,
    evidenceSha256: evidence === undefined ? null : await sha256OfFile(evidence),
  };
  const mutation = `mutation ($request: BreakGlassInput!) { requestBreakGlass(request: $request) { ${FIELDS} } }`;
  const { requestBreakGlass: row } = await client.askWithheld<{ requestBreakGlass: RequestRow }>(mutation, {
    request: wanted,
  });
  return { json: { request: row }, text: [`Requested ${row.id}`, ...describe(row)] };
}

function addDecision(command: Command, name: string, description: string, done: string): void {
  addCallerOptions(command.command(name))
    .description(description)
    .argument('<request>', 'its identifier, brk_…')
    .option('--note <text>', 'what the record is to say of it')
    .action((id: string, options: CallerOptions & { note?: string }) =>
      calling(options, async (client) => {
        const mutation = `mutation ($id: ID!, $note: String) { done: ${name}BreakGlass(id: $id, note: $note) { ${FIELDS} } }`;
        const variables = { id, note: options.note ?? null };
        const { done: row } = await client.askWithheld<{ done: RequestRow }>(mutation, variables);
        return { json: { request: row }, text: [`${done} ${id}`, ...describe(row)] };
      }),
    );
}

async function list(client: HubClient, { state, last }: { state?: string; last: string }): Promise<Outcome> {
  const query = `query ($first: Int!, $state: String) {
    breakGlassRequests(first: $first, state: $state) { nodes { ${FIELDS} } }
  }`;
  const { breakGlassRequests } = await client.askWithheld<{ breakGlassRequests: { nodes: RequestRow[] } }>(
    query,
    {
      first: Number(last),
      state: state ?? null,
    },
  );
  const { nodes } = breakGlassRequests;
  const rows = nodes.map((row) => [
    row.id,
    row.target,
    keyText(row),
    row.state,
    row.requestedBy,
    shown(row.requestedAt),
    row.reason,
  ]);
  const head = ['ID', 'TABLE', 'ROW', 'STATE', 'BY', 'AT', 'REASON'];
  return { json: { requests: nodes }, text: table(head, rows) };
}

async function show(client: HubClient, id: string): Promise<Outcome> {
  const query = `query ($id: ID!) { breakGlassRequest(id: $id) { ${FIELDS} } }`;
  const { breakGlassRequest: row } = await client.askWithheld<{ breakGlassRequest: RequestRow | null }>(
    query,
    {
      id,
    },
  );
  if (row) return { json: { request: row }, text: describe(row) };
  const remedy = 'hub break-glass list shows those that are.';
  throw new Failure({ code: 'NOT_FOUND', message: `No request ${id} is in your reach.`, remedy });
}

async function apply(id: string, { home, stage, operator }: ApplyOptions): Promise<Outcome> {
  // Loaded only here: the console brings the database along, which a client does without.
  const { applyBreakGlass } = await import('../console/break-glass.js');
  const { before, after } = await applyBreakGlass(home, stage === 'test' ? 'TEST' : 'FORMAL', id, operator);
  const changed = Object.keys(after).filter((name) => text(before[name]) !== text(after[name]));
  const rows = changed.map((name) => [name, text(before[name]), text(after[name])]);
  return {
    json: { request: id, before, after },
    text: [`Applied ${id}; what the row was is kept`, ...table(['COLUMN', 'BEFORE', 'AFTER'], rows)],
  };
}

function describe(row: RequestRow): string[] {
  const rows = row.changes?.map(({ column, before, after }) => [column, before, after]);
  return [
    ...fields([
      ['Request', row.id],
      ['Row', `${row.target} ${keyText(row)}`],
      ['Area', row.area],
      ['State', row.state],
      ['Reason', row.reason],
      ['Evidence', row.evidenceSha256],
      ['Until', shown(row.expiresAt)],
    ]),
    ...(rows ? table(['COLUMN', 'BEFORE', 'AFTER'], rows) : [WITHHELD]),
    ...stepTable(row.events),
  ];
}

function keyText({ key }: RequestRow): string {
  return key?.map(({ column, value }) => `${column}=${value ?? ''}`).join(' ') ?? '';
}

function text(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
