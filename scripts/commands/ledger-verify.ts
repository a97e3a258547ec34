import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readExportHeader, verifyExport } from '../../gateway/ledger/export.js';
import type { Checkpoint } from '../../gateway/ledger/ledger.js';
import { type Verification, verifyLedger } from '../../gateway/ledger/verify.js';
import { readAuthorities } from '../client/connection.js';
import { fault } from '../client/failure.js';
import { examiner, jsonOf, keptCheckpoint, openCheckpoint } from '../ledger/anchors.js';
import {
  addStageOptions,
  type LedgerContext,
  say,
  type StageOptions,
  stageOf,
  withLedger,
  withProgress,
} from '../ledger/context.js';
import { linesOf } from '../ledger/lines.js';
import { verifyProof } from '../ledger/proof-file.js';

interface VerifyOptions extends StageOptions {
  database?: boolean;
  checkpoint: string[];
  ca?: string;
}

/** `hub ledger verify`: ends with status 1 when what it looked at does not hold. */
export function addVerify(parent: Command, context: LedgerContext): void {
  addStageOptions(parent.command('verify [file]'))
    .description(
      'verify an export or a proof with ca.crt alone, asking nobody; or, with --database, the ledger of this ' +
        'machine’s hub. Names the first row that was touched',
    )
    .option('--database', 'recompute the ledger in the database, and compare it with its signed checkpoints')
    .option(
      '--checkpoint <which>',
      'also compare with this: SIZE:ROOT, or a file with a signed checkpoint, receipt or manifest (repeatable)',
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option('--ca <file>', "the hub's ca.crt (default: $HUB_HOME/certs/ca.crt)")
    .action(async (file: string | undefined, options: VerifyOptions) => {
      if ((file === undefined) === (options.database !== true)) {
        throw fault('USAGE', 'Name an export or a proof to verify, or say --database.');
      }
      const ca = (): Promise<string> => readAuthorities(options);
      const given: Checkpoint[] = [];
      for (const named of options.checkpoint) given.push(await keptCheckpoint(named, ca));
      if (file === undefined) await verifyDatabase(context, options, await ca(), given);
      else await verifyFile(context, options, file, { ca: await ca(), given });
    });
}

interface Trusted {
  ca: string;
  given: Checkpoint[];
}

async function verifyDatabase(
  context: LedgerContext,
  options: VerifyOptions,
  ca: string,
  given: Checkpoint[],
): Promise<void> {
  const examine = examiner(ca, stageOf(options));
  const verification = await withLedger(context, options, async ({ pool, home }) => {
    const known = await home();
    return withProgress((onProgress) => verifyLedger(pool, { onProgress, given, examine, ...known }));
  });
  tell(context, options, verification, 'ledger');
}

async function verifyFile(
  context: LedgerContext,
  options: VerifyOptions,
  file: string,
  trusted: Trusted,
): Promise<void> {
  const batches = linesOf(file);
  const { value: lines } = await batches.next();
  const header = lines?.[0] ? readExportHeader(lines[0]) : null;
  if (!lines || !header) {
    await batches.return(undefined);
    return verifyProofFile(context, options, file, trusted);
  }
  const signed = await openCheckpoint(header, trusted.ca);
  async function* entries(): AsyncGenerator<Buffer[]> {
    yield lines.slice(1);
    yield* batches;
  }
  const verification = await withProgress((onProgress) =>
    verifyExport(entries(), signed, { given: trusted.given, onProgress }),
  );
  tell(context, options, { ...verification, signed }, 'export');
}

async function verifyProofFile(
  context: LedgerContext,
  options: VerifyOptions,
  file: string,
  trusted: Trusted,
): Promise<void> {
  const finding = await verifyProof(jsonOf(await readFile(file)), trusted);
  if (!finding) throw fault('FILE_UNUSABLE', `${file} is neither an export nor a proof of a ledger.`);
  say(
    context,
    options.json,
    finding,
    finding.holds ? finding.says : `The proof does NOT hold. ${finding.says}`,
  );
  if (!finding.holds) process.exitCode = 1;
}

function tell(
  context: LedgerContext,
  { json }: VerifyOptions,
  verification: Verification & { signed?: { time: string } },
  what: 'ledger' | 'export',
): void {
  say(context, json, verification, sentence(verification, what));
  if (verification.problem) process.exitCode = 1;
}

function sentence(
  { entries, head, checkpoints, signed, problem }: Verification & { signed?: { time: string } },
  what: string,
): string {
  if (problem)
    return `The ${what} does NOT hold. Row ${problem.sequence} (${problem.what}): ${problem.detail}`;
  const signature = signed ? `, signed ${signed.time}` : '';
  const agreeing = `${checkpoints} checkpoint${checkpoints === 1 ? ' agrees' : 's agree'}`;
  return `The ${what} holds: ${entries} entries${signature}; ${agreeing}; checkpoint ${head.size}:${head.root}`;
}
