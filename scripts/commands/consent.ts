import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { CATEGORIES } from '../../gateway/policy/categories.js';
import { PURPOSES } from '../../gateway/policy/purposes.js';
import { Failure, fault } from '../client/failure.js';
import type { Outcome } from '../client/output.js';
import { addDeskOptions, atDesk, type Desk, type DeskOptions, everyNode } from '../console/desk.js';
import { instant, listed } from '../console/instants.js';
import { type ConsentRow, consentTable, describeConsent } from './consent-text.js';

interface ListOptions extends DeskOptions {
  subject?: string;
  recipient?: string;
  status?: string;
}

interface AddOptions extends DeskOptions {
  subject?: string;
  area?: string;
  recipient: string;
  category: string[];
  for: string;
  from?: string;
  until: string;
  evidence?: string;
}

const FIELDS =
  'id subject area recipient categories purpose validFrom validTo status grantedBy evidenceSha256 grantedAt revokedAt';

/** `hub consent list|show|add|revoke` */
export function consentCommand(): Command {
  const consent = new Command('consent')
    .summary('record, list and revoke the consents of data subjects')
    .description(
      'Consents: an enterprise lets one recipient have some categories for one purpose for a period.',
    )
    .addHelpText('after', EXAMPLES);
  addDeskOptions(consent.command('list'))
    .description('list the consents in your reach')
    .option('--subject <code>', 'unified social credit code of the enterprise')
    .option('--recipient <tenant>', 'who may receive')
    .addOption(new Option('--status <status>', 'only this status').choices(['GRANTED', 'REVOKED']))
    .action((options: ListOptions) => atDesk(options, list));
  addDeskOptions(consent.command('show'))
    .description('show one consent')
    .argument('<consent>', 'its identifier, con_…')
    .action((id: string, options: DeskOptions) => atDesk(options, (desk) => show(desk, id)));
  addAdd(consent);
  addDeskOptions(consent.command('revoke'))
    .description('revoke a consent; works within a second')
    .argument('<consent>', 'its identifier, con_…')
    .action((id: string, options: DeskOptions) => atDesk(options, (desk) => revoke(desk, id)));
  return consent;
}

const EXAMPLES = `
--purpose is why you call now; --for is what the recipient may use the data for.
  $ hub consent add --recipient service-co --category buildings,meters,readings --for ENERGY_SERVICE \\
      --until 2027-12-31 --as enterprise-a
  $ hub consent list --as enterprise-a
  $ hub consent revoke con_… --as enterprise-a
The operator records a consent on paper with --subject, --area and --evidence scan.pdf.
Categories: ${Object.keys(CATEGORIES).join(', ')}
Purposes:   ${Object.keys(PURPOSES).join(', ')}`;

function addAdd(consent: Command): void {
  addDeskOptions(consent.command('add'))
    .description('record a consent')
    .option('--subject <code>', 'whose data: unified social credit code (default: your own)')
    .option('--area <code>', 'GB/T 2260 code of the subject (default: your own)')
    .requiredOption('--recipient <tenant>', 'who may receive it')
    .requiredOption('--category <name...>', 'categories of data', listed)
    .requiredOption('--for <purpose>', 'the one purpose')
    .option(
      '--from <time>',
      'when it begins: the start of a day in China, or an instant (default: now)',
      instant,
    )
    .requiredOption('--until <time>', 'when it ends, likewise', instant)
    .option('--evidence <file>', 'scan of the signed paper: its SHA-256 is kept, the file is not sent')
    .action((options: AddOptions) => atDesk(options, add));
}

async function add(desk: Desk, options: AddOptions): Promise<Outcome> {
  const { recipient, category: categories, for: purpose, from, until: validTo, evidence } = options;
  const { subject, area } = await subjectOf(desk, options);
  const validFrom = from ?? new Date().toISOString();
  if (validTo <= validFrom)
    throw fault('USAGE', 'The consent would end before it begins: mend --from or --until.');
  const evidenceSha256 = evidence === undefined ? null : await sha256(evidence);
  const consents = [{ subject, area, recipient, categories, purpose, validFrom, validTo, evidenceSha256 }];
  const mutation = `mutation ($consents: [ConsentInput!]!) { recordConsents(consents: $consents) { ${FIELDS} } }`;
  const { recordConsents } = await desk.change<{ recordConsents: ConsentRow[] }>(
    mutation,
    { consents },
    (data) => data.recordConsents.map(({ id }) => ({ act: 'CONSENT_OPENED', object: id })),
  );
  const [recorded] = recordConsents;
  return {
    json: { consent: recorded },
    text: recorded ? [`Recorded ${recorded.id}`, ...describeConsent(recorded)] : [],
  };
}

/** An enterprise consents for itself; whoever records for another says for whom. */
async function subjectOf(desk: Desk, options: AddOptions): Promise<{ subject: string; area: string }> {
  const { subject, area } = options;
  if (subject && area) return { subject, area };
  if (options.console || subject) throw fault('USAGE', 'Say whose data it is: --subject and --area.');
  const { me } = await desk.read<{ me: { tenant: string; uscc: string | null; area: string } }>(
    '{ me { tenant uscc area } }',
  );
  if (!me.uscc)
    throw fault('USAGE', `${me.tenant} is no enterprise; say whose data it is: --subject and --area.`);
  return { subject: me.uscc, area: area ?? me.area };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function list(desk: Desk, { subject, recipient, status }: ListOptions): Promise<Outcome> {
  const query = `query ($first: Int!, $after: String, $subject: ID, $recipient: ID, $status: String) {
    consents(first: $first, after: $after, subject: $subject, recipient: $recipient, status: $status) {
      nodes { ${FIELDS} } pageInfo { hasNextPage endCursor }
    }
  }`;
  const variables = { subject: subject ?? null, recipient: recipient ?? null, status: status ?? null };
  const consents = await everyNode<ConsentRow>(desk, 'consents', query, variables);
  return { json: { consents }, text: consentTable(consents) };
}

async function show(desk: Desk, id: string): Promise<Outcome> {
  const query = `query ($id: ID!) { consent(id: $id) { ${FIELDS} } }`;
  const { consent } = await desk.read<{ consent: ConsentRow | null }>(query, { id });
  if (consent) return { json: { consent }, text: describeConsent(consent) };
  const remedy = 'hub consent list shows those that are.';
  throw new Failure({ code: 'NOT_FOUND', message: `No consent ${id} is in your reach.`, remedy });
}

async function revoke(desk: Desk, id: string): Promise<Outcome> {
  const { revokeConsent } = await desk.change<{ revokeConsent: ConsentRow }>(
    `mutation ($id: ID!) { revokeConsent(id: $id) { ${FIELDS} } }`,
    { id },
    () => [{ act: 'CONSENT_REVOKED', object: id }],
  );
  return { json: { consent: revokeConsent }, text: [`Revoked ${id}`, ...describeConsent(revokeConsent)] };
}
