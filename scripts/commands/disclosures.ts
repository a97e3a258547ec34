import { readFile, writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import {
  addConnectionOptions,
  type ConnectionOptions,
  openConnection,
  readAuthorities,
} from '../client/connection.js';
import { fault } from '../client/failure.js';
import { HubClient } from '../client/hub-client.js';
import { addOutputOptions, type Outcome, type OutputOptions, report } from '../client/output.js';
import { instant, shown } from '../console/instants.js';
import { table } from '../console/table.js';
import { jsonOf } from '../ledger/anchors.js';
import {
  asDisclosureFile,
  type DisclosureRow,
  readDisclosures,
  verifyDisclosure,
} from '../ledger/disclosure-file.js';

interface ListOptions extends ConnectionOptions, OutputOptions {
  subject?: string;
  recipient?: string;
  from?: string;
  to?: string;
  out?: string;
}

interface VerifyOptions extends OutputOptions {
  ca?: string;
  home?: string;
}

/** `hub disclosures list|verify` */
export function disclosuresCommand(): Command {
  const command = new Command('disclosures')
    .summary('list who received an enterprise’s data, with proofs, and verify them offline')
    .description(
      'Disclosures: who received data of an enterprise, when, why, under which consent, how many values.',
    )
    .addHelpText('after', EXAMPLES);
  addOutputOptions(addConnectionOptions(command.command('list')))
    .description(
      'list disclosures, latest first; each is verified against the signed ledger before it is shown',
    )
    .option('--subject <code>', 'unified social credit code (default: all that you may see)')
    .option('--recipient <tenant>', 'only what this tenant received')
    .option('--from <time>', 'from this time on: the start of a day in China, or an instant', instant)
    .option('--to <time>', 'before this time, likewise', instant)
    .option('--out <file>', 'keep the list with its proofs in this file')
    .action((options: ListOptions) => report(options, () => list(options)));
  addOutputOptions(command.command('verify <file>'))
    .description('verify every disclosure of a kept list with ca.crt alone, asking nobody')
    .option('--ca <file>', "the hub's ca.crt (default: $HUB_HOME/certs/ca.crt)")
    .addOption(new Option('--home <folder>', 'home of the hub').env('HUB_HOME').default('.hub'))
    .action((file: string, options: VerifyOptions) => report(options, () => verify(file, options)));
  return command;
}

const EXAMPLES = `
  $ hub disclosures list --as enterprise-a
  $ hub disclosures list --as enterprise-a --from 2026-01-01 --recipient service-co --out told.json
  $ hub disclosures verify told.json --ca .hub/certs/ca.crt`;

const PAGE = 100;
const QUERY = `query ($subject: ID, $recipient: ID, $from: Instant, $to: Instant, $first: Int!, $after: String) {
  disclosuresOf(subject: $subject, recipient: $recipient, from: $from, to: $to, first: $first, after: $after) {
    nodes {
      sequence at recipient purpose subject area category values consents operation object request
      proof { details place count innerPath entry
        inclusion { sequence leaf path size root checkpoint { size root time body signature } } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Answer {
  disclosuresOf: { nodes: DisclosureRow[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

async function list(options: ListOptions): Promise<Outcome> {
  const connection = await openConnection(options);
  const hub = new HubClient(connection);
  try {
    const disclosures = await everyDisclosure(hub, options);
    const [wrong] = await doubtsOf(disclosures, connection.ca);
    if (wrong) throw fault('SIGNATURE_INVALID', `Entry ${wrong.sequence}: ${wrong.says}`);
    const file = asDisclosureFile(disclosures);
    if (options.out !== undefined) await writeFile(options.out, `${JSON.stringify(file, null, 2)}\n`);
    const kept = options.out === undefined ? [] : [`Kept with their proofs in ${options.out}`];
    return { json: file, text: [...tableOf(disclosures), ...kept] };
  } finally {
    await hub.close();
  }
}

async function everyDisclosure(
  hub: HubClient,
  { subject, recipient, from, to }: ListOptions,
): Promise<DisclosureRow[]> {
  const disclosures: DisclosureRow[] = [];
  let after: string | null = null;
  do {
    const { disclosuresOf }: Answer = await hub.ask(QUERY, {
      subject,
      recipient,
      from,
      to,
      first: PAGE,
      after,
    });
    disclosures.push(...disclosuresOf.nodes);
    after = disclosuresOf.pageInfo.hasNextPage ? disclosuresOf.pageInfo.endCursor : null;
  } while (after !== null);
  return disclosures;
}

async function verify(path: string, options: VerifyOptions): Promise<Outcome> {
  const disclosures = readDisclosures(jsonOf(await readFile(path)));
  if (!disclosures) throw fault('FILE_UNUSABLE', `${path} is no list of disclosures.`);
  const doubts = await doubtsOf(disclosures, await readAuthorities(options));
  const count = disclosures.length;
  const text =
    doubts.length === 0
      ? [`All ${count} hold: each stands in the ledger as it is listed.`]
      : doubts.map(({ sequence, says }) => `Entry ${sequence} does NOT hold. ${says}`);
  return {
    json: { holds: doubts.length === 0, disclosures: count, doubts },
    text,
    isFailure: doubts.length > 0,
  };
}

async function doubtsOf(
  disclosures: readonly DisclosureRow[],
  ca: string,
): Promise<{ sequence: number; says: string }[]> {
  const doubts: { sequence: number; says: string }[] = [];
  const met = new Set<string>();
  for (const disclosure of disclosures) {
    const { sequence, proof } = disclosure;
    const { holds, says } = await verifyDisclosure(disclosure, ca);
    if (!holds) doubts.push({ sequence, says });
    else if (met.has(`${sequence}/${proof.place}`))
      doubts.push({ sequence, says: 'It is listed more than once.' });
    met.add(`${sequence}/${proof.place}`);
  }
  return doubts;
}

function tableOf(disclosures: readonly DisclosureRow[]): string[] {
  const head = ['AT', 'RECIPIENT', 'FOR', 'CATEGORY', 'VALUES', 'SUBJECT', 'CONSENTS', 'WHAT', 'ENTRY'];
  const rows = disclosures.map((row) => [
    shown(row.at),
    row.recipient,
    row.purpose,
    row.category,
    String(row.values),
    row.subject,
    row.consents.join(',') || null,
    row.object ?? row.operation,
    String(row.sequence),
  ]);
  return table(head, rows);
}
