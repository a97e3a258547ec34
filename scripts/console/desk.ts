import { type Command, Option } from 'commander';
import type { AdminAct } from '../../gateway/ledger/entry.js';
import { addConnectionOptions, type ConnectionOptions, openConnection } from '../client/connection.js';
import { fault } from '../client/failure.js';
import { HubClient } from '../client/hub-client.js';
import { addOutputOptions, type Outcome, type OutputOptions, report } from '../client/output.js';

/** What the ledger keeps of an act done at the machine itself. */
export interface AdminRecord {
  act: AdminAct;
  /** Id of the tenant, scope or consent, or fingerprint of the certificate. */
  object: string;
}

/**
 * Where tenants, certificates, scopes and consents are administered: over the wire under the policy, or at the
 * machine itself. Both take the same GraphQL operations and throw Failure with the first error of the answer.
 */
export interface Desk {
  read<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>;
  /** `recorded` names what the console writes into the ledger; over the wire the gateway records the operation. */
  change<Data>(
    mutation: string,
    variables: Record<string, unknown>,
    recorded: (data: Data) => AdminRecord[],
  ): Promise<Data>;
  close(): Promise<void>;
}

export interface DeskOptions extends ConnectionOptions, OutputOptions {
  console?: boolean;
  stage?: 'test' | 'formal';
}

/** The options of every command of administration. */
export function addDeskOptions(command: Command): Command {
  return addOutputOptions(addConnectionOptions(command))
    .option('--console', 'work on the database of this machine’s hub, without a certificate')
    .addOption(
      new Option('--stage <stage>', 'which database, with --console (default: formal)').choices([
        'formal',
        'test',
      ]),
    );
}

/** Opens the desk that the options name, does the work, and prints what came of it. */
export function atDesk<Options extends DeskOptions>(
  options: Options,
  work: (desk: Desk, options: Options) => Promise<Outcome>,
): Promise<void> {
  return report(options, async () => {
    const desk = await openDesk(options);
    try {
      return await work(desk, options);
    } catch (error) {
      throw options.console ? await inPlainWords(error) : error;
    } finally {
      await desk.close();
    }
  });
}

async function inPlainWords(error: unknown): Promise<unknown> {
  const words = await import('../serving/plain-words.js');
  return words.inPlainWords(error) ?? error;
}

async function openDesk(options: DeskOptions): Promise<Desk> {
  if (!options.console) {
    if (options.stage)
      throw fault('USAGE', '--stage goes with --console; over the wire the certificate decides it.');
    const client = new HubClient(await openConnection(options));
    const ask: Desk['read'] = (text, variables) => client.ask(text, variables);
    return { read: ask, change: ask, close: () => client.close() };
  }
  const { as, cert, key, ca, url, purpose } = options;
  if ([as, cert, key, ca, url, purpose].some((option) => option !== undefined)) {
    throw fault('USAGE', '--console calls nobody: leave out --as, --cert, --key, --ca, --url and --purpose.');
  }
  // Loaded only here: the console brings the rooms and the database along, which a client does without.
  const { openConsoleDesk } = await import('./console-desk.js');
  return openConsoleDesk(options.home ?? '.hub', options.stage === 'test' ? 'TEST' : 'FORMAL');
}

const PAGE = 500;

/** Every node of a list, page by page; `query` takes `$first` and `$after` and answers with `name { nodes pageInfo }`. */
export async function everyNode<Node>(
  desk: Desk,
  name: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Node[]> {
  const nodes: Node[] = [];
  let after: string | null = null;
  do {
    const data: Record<
      string,
      { nodes: Node[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } | null
    > = await desk.read(query, { ...variables, first: PAGE, after });
    const page = data[name];
    nodes.push(...(page?.nodes ?? []));
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return nodes;
}
