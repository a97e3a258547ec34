import { Command, InvalidArgumentError } from 'commander';
import type { RecordedFacts } from '../../gateway/ledger/entry.js';
import type { Act } from '../../subgraphs/runtime/acts.js';
import { type Entry, recentEntries } from '../../gateway/ledger/reader.js';
import { addStageOptions, type LedgerContext, type StageOptions, withLedger } from '../ledger/context.js';
import { addExport } from './ledger-export.js';
import { addProofs } from './ledger-proof.js';
import { addVerify } from './ledger-verify.js';

/** `hub ledger show | verify | export` at the machine or on files, `checkpoint | proof` over the wire. */
export function ledgerCommand(context: LedgerContext): Command {
  const command = new Command('ledger').description(
    'read, prove and verify the log of decisions and releases',
  );
  addStageOptions(command.command('show'))
    .description('print the newest entries, oldest first')
    .option('--last <count>', 'how many, up to 10000', count, 20)
    .action((options: StageOptions & { last: number }) => show(context, options));
  addVerify(command, context);
  addExport(command, context);
  addProofs(command);
  return command;
}

async function show(context: LedgerContext, options: StageOptions & { last: number }): Promise<void> {
  const entries = await withLedger(context, options, ({ pool }) => recentEntries(pool, options.last));
  const output = context.output ?? process.stdout;
  if (options.json) output.write(`${JSON.stringify(entries, null, 2)}\n`);
  else for (const entry of entries) output.write(`${line(entry)}\n`);
}

function line({ sequence, facts }: Entry): string {
  return [sequence, facts.at, facts.event, ...words(facts)].join('  ');
}

function words(facts: RecordedFacts): string[] {
  if (facts.event === 'ADMIN') return [facts.actor, facts.act, facts.object];
  if (facts.event === 'CERTIFICATE_REFUSED')
    return [facts.tenant ?? '-', facts.code, facts.fingerprint ?? '-', `${facts.count} since ${facts.since}`];
  if (facts.event === 'DEMAND_REFUSED')
    return [facts.tenant, facts.code, `${facts.count} since ${facts.since}`];
  const who = [facts.tenant ?? '-', facts.purpose ?? '-', `request=${facts.request}`];
  if (facts.event === 'RELEASE') return [...who, disclosed(facts)];
  if (facts.event === 'ACT') return [...who, ...facts.acts.map(done)];
  if (facts.event === 'DISCLOSURE')
    return [...who, `told of ${facts.count}`, facts.object ?? facts.operation];
  const { operation, allowed, refusals } = facts;
  const asked = `${operation.kind} ${operation.name ?? '-'}`;
  const refused = refusals.map(({ permission, code }) => (permission ? `${permission}=${code}` : code));
  const outcome = allowed ? 'allowed' : 'refused';
  return [...who, asked, outcome, ...refused, ...(facts.event === 'DECISION' ? [] : [disclosed(facts)])];
}

function disclosed({ release }: Extract<RecordedFacts, { release: unknown }>): string {
  return [release.kind, release.object, `sha256=${release.sha256}`].filter((word) => word !== null).join(' ');
}

function done({ act, type, object, sha256 }: Act): string {
  return `${act} ${type} ${object ?? '-'} sha256=${sha256}`;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000) {
    throw new InvalidArgumentError('A whole number from 1 to 10000.');
  }
  return value;
}
