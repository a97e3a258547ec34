import { Command, Option } from 'commander';
import { addOutputOptions, type Outcome, type OutputOptions, report } from '../client/output.js';
import {
  publishDocuments,
  publishedDocuments,
  readDocuments,
  revokeDocuments,
} from '../console/documents.js';
import { shown } from '../console/instants.js';
import { table } from '../console/table.js';

interface HomeOptions extends OutputOptions {
  home: string;
}

interface ActOptions extends HomeOptions {
  operator: string;
}

/** `hub documents publish|list|revoke` */
export function documentsCommand(): Command {
  const command = new Command('documents')
    .summary('publish the GraphQL documents that clients may name by their hash')
    .description(
      'Trusted documents: clients send the SHA-256 of the text in documentId or as a persisted query. With ' +
        'HUB_TRUSTED_DOCUMENTS=only the hub takes no others. Running gateways know within a second or two.',
    )
    .addHelpText('after', EXAMPLES);
  addActOptions(command.command('publish'))
    .description('publish documents, all or none; each is held against the schema first')
    .argument('<files...>', 'GraphQL documents; the hash is of the exact text')
    .action((files: string[], options: ActOptions) => report(options, () => publish(files, options)));
  addHomeOptions(command.command('list'))
    .description('list what was published, what was revoked too')
    .action((options: HomeOptions) => report(options, () => list(options)));
  addActOptions(command.command('revoke'))
    .description('take published documents back, all or none')
    .argument('<hashes...>', 'as hub documents list shows them')
    .action((hashes: string[], options: ActOptions) => report(options, () => revoke(hashes, options)));
  return command;
}

const EXAMPLES = `
At the machine of the hub, whether it runs or not:
  $ hub documents publish queries/*.graphql --operator '…'
  $ hub documents list
  $ hub documents revoke 9f86d081… --operator '…'`;

function addHomeOptions(command: Command): Command {
  return addOutputOptions(command).addOption(
    new Option('--home <folder>', 'home of the hub').env('HUB_HOME').default('.hub'),
  );
}

function addActOptions(command: Command): Command {
  return addHomeOptions(command).requiredOption('--operator <name>', 'who does it, for the record');
}

async function publish(files: string[], { home, operator }: ActOptions): Promise<Outcome> {
  const documents = await readDocuments(files);
  await publishDocuments(home, documents, operator);
  const rows = documents.map(({ sha256, path, operations }) => [sha256, path, operations.join(', ')]);
  return {
    json: { documents: documents.map(({ sha256, path, operations }) => ({ sha256, path, operations })) },
    text: table(['SHA-256', 'FILE', 'OPERATIONS'], rows),
  };
}

async function list({ home }: HomeOptions): Promise<Outcome> {
  const documents = await publishedDocuments(home);
  const rows = documents.map(({ sha256, publishedBy, publishedAt, revokedBy, revokedAt, text }) => [
    sha256,
    publishedBy,
    shown(new Date(publishedAt).toISOString()),
    revokedAt === null ? '' : `${revokedBy} ${shown(new Date(revokedAt).toISOString())}`,
    text.trim().split('\n')[0]!.slice(0, 60),
  ]);
  return { json: { documents }, text: table(['SHA-256', 'BY', 'AT', 'REVOKED', 'BEGINS'], rows) };
}

async function revoke(hashes: string[], { home, operator }: ActOptions): Promise<Outcome> {
  await revokeDocuments(home, hashes, operator);
  return { json: { revoked: hashes }, text: hashes.map((sha256) => `Revoked ${sha256}`) };
}
