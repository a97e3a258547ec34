import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { Outcome } from '../client/output.js';
import { addDeskOptions, atDesk, type Desk, type DeskOptions, everyNode } from '../console/desk.js';
import { instant, shown } from '../console/instants.js';
import { fields, table } from '../console/table.js';

interface NoticeOptions extends DeskOptions {
  subject?: string;
  recipient?: string;
  state?: string;
}

interface AcknowledgeOptions extends DeskOptions {
  erasedAt?: string;
  method: string;
  out?: string;
}

interface NoticeRow {
  id: string;
  consent: string;
  subject: string;
  recipient: string;
  cause: string;
  issuedAt: string;
  eraseBy: string;
  state: string;
  isOverdue: boolean;
}

interface Receipt {
  notice: string;
  acknowledgedAt: string;
  erasedAt: string;
  method: string;
  receipt: string;
  signature: string;
}

/** `hub consent notices|acknowledge`: what the recipient of an ended consent has to erase. */
export function addErasures(consent: Command): void {
  addDeskOptions(consent.command('notices'))
    .description('list notices of erasure: what recipients of ended consents have to erase, and by when')
    .option('--subject <code>', 'unified social credit code of the enterprise')
    .option('--recipient <tenant>', 'who has to erase')
    .addOption(new Option('--state <state>', 'only these').choices(['OPEN', 'OVERDUE', 'ACKNOWLEDGED']))
    .action((options: NoticeOptions) => atDesk(options, notices));
  addDeskOptions(consent.command('acknowledge'))
    .description('say, as the recipient, that what a notice names is erased; the hub signs a receipt')
    .argument('<notice>', 'its identifier, era_…')
    .requiredOption('--method <text>', 'what was erased, and how')
    .option('--erased-at <time>', 'when (default: now)', instant)
    .option('--out <file>', 'keep the receipt and its signature in this file')
    .action((id: string, options: AcknowledgeOptions) =>
      atDesk(options, (desk) => acknowledge(desk, id, options)),
    );
}

async function notices(desk: Desk, { subject, recipient, state }: NoticeOptions): Promise<Outcome> {
  const query = `query ($first: Int!, $after: String, $subject: ID, $recipient: ID, $state: String) {
    erasureNotices(first: $first, after: $after, subject: $subject, recipient: $recipient, state: $state) {
      nodes { id consent subject recipient cause issuedAt eraseBy state isOverdue notice signature }
      pageInfo { hasNextPage endCursor }
    }
  }`;
  const variables = { subject: subject ?? null, recipient: recipient ?? null, state: state ?? null };
  const rows = await everyNode<NoticeRow>(desk, 'erasureNotices', query, variables);
  const head = ['ID', 'CONSENT', 'SUBJECT', 'RECIPIENT', 'CAUSE', 'GIVEN', 'ERASE BY', 'STATE'];
  const lines = rows.map((row) => [
    ...[row.id, row.consent, row.subject, row.recipient, row.cause],
    ...[shown(row.issuedAt), shown(row.eraseBy), row.isOverdue ? 'OVERDUE' : row.state],
  ]);
  return { json: { notices: rows }, text: table(head, lines) };
}

async function acknowledge(
  desk: Desk,
  id: string,
  { method, erasedAt = new Date().toISOString(), out }: AcknowledgeOptions,
): Promise<Outcome> {
  const { acknowledgeErasure: receipt } = await desk.change<{ acknowledgeErasure: Receipt }>(
    `mutation ($id: ID!, $erasedAt: Instant!, $method: String!) {
      acknowledgeErasure(id: $id, erasedAt: $erasedAt, method: $method) {
        notice acknowledgedAt erasedAt method receipt signature } }`,
    { id, erasedAt, method },
    () => [{ act: 'ERASURE_ACKNOWLEDGED', object: id }],
  );
  if (out !== undefined) {
    const file = { receipt: receipt.receipt, signature: receipt.signature };
    await writeFile(out, `${JSON.stringify(file, null, 2)}\n`);
  }
  const text = fields([
    ['Notice', receipt.notice],
    ['Erased', shown(receipt.erasedAt)],
    ['How', receipt.method],
    ['Acknowledged', shown(receipt.acknowledgedAt)],
    ['Receipt', out === undefined ? 'signed; --out FILE keeps it' : `signed, in ${out}`],
  ]);
  return { json: { receipt }, text };
}
