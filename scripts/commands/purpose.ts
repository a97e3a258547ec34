import { Command, Option } from 'commander';
import type { AdminAct } from '../../gateway/ledger/entry.js';
import { BASES, PURPOSES } from '../../gateway/policy/purposes.js';
import { Failure, fault } from '../client/failure.js';
import type { Outcome } from '../client/output.js';
import { addDeskOptions, atDesk, type Desk, type DeskOptions, everyNode } from '../console/desk.js';
import { sha256OfFile } from '../client/payload.js';
import { instant, listed, shown } from '../console/instants.js';
import { fields, table } from '../console/table.js';

interface DeclarationRow {
  id: string;
  tenant: string;
  purpose: string;
  basis: string;
  basisText: string;
  documentSha256: string | null;
  validFrom: string;
  validTo: string | null;
  declaredBy: string;
  declaredAt: string;
  status: string;
  events: { kind: string; by: string; at: string; reason: string | null }[];
}

interface DeclareOptions extends DeskOptions {
  tenant?: string;
  for: string[];
  basis: string;
  text: string;
  document?: string;
  from?: string;
  until?: string;
  approve?: boolean;
}

const FIELDS = `id tenant purpose basis basisText documentSha256 validFrom validTo declaredBy declaredAt status
  events { kind by at reason }`;
const STATUSES = ['DECLARED', 'APPROVED', 'REFUSED', 'ENDED'];

const STEPS = {
  approve: ['approvePurposeDeclaration', 'PURPOSE_APPROVED', 'let the tenant name the purpose'],
  refuse: ['refusePurposeDeclaration', 'PURPOSE_REFUSED', 'refuse a declaration, with the reason'],
  end: ['endPurposeDeclaration', 'PURPOSE_ENDED', 'end a declaration: your own, or one that you may approve'],
} as const satisfies Record<string, readonly [mutation: string, act: AdminAct, summary: string]>;

/** `hub purpose list|show|declare|approve|refuse|end` */
export function purposeCommand(): Command {
  const purpose = new Command('purpose')
    .summary('declare purposes with their legal basis, approve and end them')
    .description(
      'Purposes: what a tenant needs data for, and what gives it the right. A request names no other.',
    )
    .addHelpText('after', EXAMPLES);
  addDeskOptions(purpose.command('list'))
    .description('list the declarations that you may see: your own, and those in your reach')
    .option('--tenant <tenant>', 'only those of this tenant')
    .addOption(new Option('--status <status>', 'only this status').choices(STATUSES))
    .action((options: DeskOptions & { tenant?: string; status?: string }) => atDesk(options, list));
  addDeskOptions(purpose.command('show'))
    .description('show one declaration and what was decided about it')
    .argument('<declaration>', 'its identifier, dec_…')
    .action((id: string, options: DeskOptions) => atDesk(options, (desk) => show(desk, id)));
  addDeclare(purpose);
  for (const name of Object.keys(STEPS) as (keyof typeof STEPS)[]) addStep(purpose, name);
  return purpose;
}

const EXAMPLES = `
--purpose is why you call now; --for is the purpose declared.
  $ hub purpose declare --for STATISTICS --basis REGULATION --text '办法 第七条' --as district-310101
  $ hub purpose approve dec_… --as municipal --purpose PLATFORM_OPERATION
  $ hub purpose declare --tenant district-310112 --for DATA_REPORTING --basis REGULATION --text '办法 第四条' \\
      --approve --console
Bases:    ${Object.keys(BASES).join(', ')}
Purposes: ${Object.keys(PURPOSES).join(', ')}`;

function addDeclare(purpose: Command): void {
  addDeskOptions(purpose.command('declare'))
    .description('declare purposes; the operator approves them')
    .option('--tenant <tenant>', 'for another tenant, as its operator (default: your own)')
    .requiredOption('--for <purpose...>', 'the purposes', listed)
    .addOption(
      new Option('--basis <kind>', 'kind of legal basis').choices(Object.keys(BASES)).makeOptionMandatory(),
    )
    .requiredOption('--text <words>', 'the legal basis: title, number, article')
    .option('--document <file>', 'the document that shows it: its SHA-256 is kept, the file is not sent')
    .option(
      '--from <time>',
      'when it begins: the start of a day in China, or an instant (default: now)',
      instant,
    )
    .option('--until <time>', 'when it ends, likewise (default: open)', instant)
    .option('--approve', 'approve at once; at the machine itself alone')
    .action((options: DeclareOptions) => atDesk(options, declare));
}

async function declare(desk: Desk, options: DeclareOptions): Promise<Outcome> {
  const { tenant = null, for: purposes, basis, text: basisText, document, from, until, approve } = options;
  if (approve && !options.console)
    throw fault('USAGE', '--approve goes with --console; over the wire another tenant approves.');
  if (options.console && tenant === null)
    throw fault('USAGE', 'At the machine itself say for whom: --tenant.');
  const documentSha256 = document === undefined ? null : await sha256OfFile(document);
  const terms = { tenant, basis, basisText, documentSha256, validFrom: from ?? null, validTo: until ?? null };
  const mutation = `mutation ($declarations: [PurposeDeclarationInput!]!) {
    declarePurposes(declarations: $declarations) { ${FIELDS} }
  }`;
  const { declarePurposes: declared } = await desk.change<{ declarePurposes: DeclarationRow[] }>(
    mutation,
    { declarations: purposes.map((purpose) => ({ ...terms, purpose })) },
    (data) => data.declarePurposes.map(({ id }) => ({ act: 'PURPOSE_DECLARED', object: id })),
  );
  const now: DeclarationRow[] = [];
  for (const row of declared) now.push(approve ? await take(desk, 'approve', row.id) : row);
  return { json: { declarations: now }, text: declarationTable(now) };
}

function addStep(purpose: Command, name: keyof typeof STEPS): void {
  const command = addDeskOptions(purpose.command(name))
    .description(`${STEPS[name][2]}; works within a second`)
    .argument('<declaration>', 'its identifier, dec_…');
  if (name !== 'approve') command.requiredOption('--reason <words>', 'why');
  command.action((id: string, options: DeskOptions & { reason?: string }) =>
    atDesk(options, async (desk) => {
      const declaration = await take(desk, name, id, options.reason);
      return { json: { declaration }, text: describe(declaration) };
    }),
  );
}

async function take(
  desk: Desk,
  name: keyof typeof STEPS,
  id: string,
  reason?: string,
): Promise<DeclarationRow> {
  const [field, act] = STEPS[name];
  const mutation =
    reason === undefined
      ? `mutation ($id: ID!) { done: ${field}(id: $id) { ${FIELDS} } }`
      : `mutation ($id: ID!, $reason: String!) { done: ${field}(id: $id, reason: $reason) { ${FIELDS} } }`;
  const variables = reason === undefined ? { id } : { id, reason };
  const { done } = await desk.change<{ done: DeclarationRow }>(mutation, variables, () => [
    { act, object: id },
  ]);
  return done;
}

async function list(
  desk: Desk,
  { tenant, status }: DeskOptions & { tenant?: string; status?: string },
): Promise<Outcome> {
  const query = `query ($first: Int!, $after: String, $tenant: ID, $status: String) {
    purposeDeclarations(first: $first, after: $after, tenant: $tenant, status: $status) {
      nodes { ${FIELDS} } pageInfo { hasNextPage endCursor }
    }
  }`;
  const variables = { tenant: tenant ?? null, status: status ?? null };
  const declarations = await everyNode<DeclarationRow>(desk, 'purposeDeclarations', query, variables);
  return { json: { declarations }, text: declarationTable(declarations) };
}

async function show(desk: Desk, id: string): Promise<Outcome> {
  const query = `query ($id: ID!) { purposeDeclaration(id: $id) { ${FIELDS} } }`;
  const { purposeDeclaration } = await desk.read<{ purposeDeclaration: DeclarationRow | null }>(query, {
    id,
  });
  if (purposeDeclaration)
    return { json: { declaration: purposeDeclaration }, text: describe(purposeDeclaration) };
  const remedy = 'hub purpose list shows those that are.';
  throw new Failure({ code: 'NOT_FOUND', message: `No declaration ${id} is in your reach.`, remedy });
}

function declarationTable(declarations: readonly DeclarationRow[]): string[] {
  const rows = declarations.map((row) => [
    row.id,
    row.tenant,
    row.purpose,
    row.status,
    shown(row.validFrom),
    shown(row.validTo) ?? 'open',
    row.basis,
    row.basisText,
  ]);
  return table(['ID', 'TENANT', 'FOR', 'STATUS', 'FROM', 'UNTIL', 'BASIS', 'WHICH'], rows);
}

function describe(row: DeclarationRow): string[] {
  const facts = fields([
    ['Declaration', row.id],
    ['Tenant', row.tenant],
    ['Purpose', row.purpose],
    ['Basis', `${row.basis}: ${row.basisText}`],
    ['Document', row.documentSha256],
    ['From', shown(row.validFrom)],
    ['Until', shown(row.validTo) ?? 'open'],
    ['Declared', `${shown(row.declaredAt)} by ${row.declaredBy}`],
    ['Status', row.status],
  ]);
  const events = row.events.map(
    ({ kind, by, at, reason }) => `  ${shown(at)} ${kind} by ${by}${reason ? `: ${reason}` : ''}`,
  );
  return [...facts, ...events];
}
