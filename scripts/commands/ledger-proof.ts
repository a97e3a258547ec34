import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { Consistency, Inclusion } from '../../gateway/ledger/proofs.js';
import type { SignedCheckpoint } from '../../gateway/ledger/signed.js';
import { addConnectionOptions, type ConnectionOptions, openConnection } from '../client/connection.js';
import { fault } from '../client/failure.js';
import { HubClient } from '../client/hub-client.js';
import { addOutputOptions, type Outcome, type OutputOptions, report } from '../client/output.js';
import { asCheckpointFile, asConsistencyFile, asInclusionFile, verifyProof } from '../ledger/proof-file.js';

interface WireOptions extends ConnectionOptions, OutputOptions {
  out?: string;
}

interface ProofOptions extends WireOptions {
  size?: number;
  from?: number;
  to?: number;
}

const SIGNED = 'size root time body signature';
const CHECKPOINT = `{ ledgerCheckpoint { ${SIGNED} } }`;
const INCLUSION = `query ($sequence: SafeInt!, $size: SafeInt) {
  ledgerProof(sequence: $sequence, size: $size) { sequence leaf path size root checkpoint { ${SIGNED} } }
}`;
const CONSISTENCY = `query ($from: SafeInt!, $to: SafeInt!) {
  ledgerConsistency(from: $from, to: $to) { from to fromRoot toRoot path checkpoint { ${SIGNED} } }
}`;

/** `hub ledger checkpoint` and `hub ledger proof`: asked of a hub over the wire, verified before they are kept. */
export function addProofs(parent: Command): void {
  wire(parent.command('checkpoint'))
    .description('fetch where the ledger stands now, signed by the hub')
    .action((options: WireOptions) => report(options, () => kept(options, (hub) => checkpoint(hub))));
  wire(parent.command('proof [sequence]'))
    .description(
      'fetch the proof that an entry is in the ledger, or, with --from, that it goes on from when it had so many entries',
    )
    .option('--size <entries>', 'under the root of so many entries, e.g. the size in a receipt', entries)
    .option('--from <entries>', 'the earlier size', entries)
    .option('--to <entries>', 'the later size; that of a new checkpoint when left out', entries)
    .action((sequence: string | undefined, options: ProofOptions) =>
      report(options, () => kept(options, (hub) => proof(hub, sequence, options))),
    );
}

function wire(command: Command): Command {
  return addOutputOptions(addConnectionOptions(command)).option('--out <file>', 'keep it in this file');
}

async function checkpoint(hub: HubClient): Promise<object> {
  return asCheckpointFile(await newest(hub));
}

async function newest(hub: HubClient): Promise<SignedCheckpoint> {
  return (await hub.ask<{ ledgerCheckpoint: SignedCheckpoint }>(CHECKPOINT)).ledgerCheckpoint;
}

async function proof(hub: HubClient, text: string | undefined, options: ProofOptions): Promise<object> {
  const { size, from } = options;
  if (text !== undefined && from === undefined && options.to === undefined) {
    const sequence = entries(text);
    const { ledgerProof } = await hub.ask<{ ledgerProof: Inclusion }>(INCLUSION, { sequence, size });
    return asInclusionFile(ledgerProof);
  }
  if (text !== undefined || size !== undefined || from === undefined) {
    throw fault('USAGE', 'Name an entry by its number, or an earlier size with --from.');
  }
  const to = options.to ?? (await newest(hub)).size;
  const { ledgerConsistency } = await hub.ask<{ ledgerConsistency: Consistency }>(CONSISTENCY, { from, to });
  return asConsistencyFile(ledgerConsistency);
}

/** A root that only a receipt was signed for cannot be judged here: that is for the verification, beside the receipt. */
async function kept(options: WireOptions, ask: (hub: HubClient) => Promise<object>): Promise<Outcome> {
  const connection = await openConnection(options);
  const hub = new HubClient(connection);
  try {
    const content = await ask(hub);
    const { ca } = connection;
    const finding = await verifyProof(content, { ca, given: unsignedRoot(content) });
    if (!finding?.holds) throw fault('SIGNATURE_INVALID', finding?.says ?? 'The answer is no proof.');
    const file = `${JSON.stringify(content, null, 2)}\n`;
    if (options.out !== undefined) await writeFile(options.out, file);
    return {
      json: content,
      text: options.out === undefined ? [file.trimEnd()] : [finding.says, `Kept in ${options.out}`],
    };
  } finally {
    await hub.close();
  }
}

function unsignedRoot(content: object): { size: number; root: string }[] {
  const { checkpoint, size, root, to, toRoot } = content as Partial<Inclusion & Consistency>;
  if (checkpoint !== null) return [];
  return [{ size: size ?? to ?? 0, root: root ?? toRoot ?? '' }];
}

function entries(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('A whole number from 1.');
  return value;
}
