import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { Checkpoints } from '../../gateway/ledger/checkpoints.js';
import { exportLedger } from '../../gateway/ledger/export.js';
import type { SignedCheckpoint } from '../../gateway/ledger/signed.js';
import type { Progress } from '../../gateway/ledger/verify.js';
import {
  addStageOptions,
  type LedgerContext,
  type OpenLedger,
  say,
  type StageOptions,
  stageOf,
  withLedger,
  withProgress,
} from '../ledger/context.js';

interface ExportOptions extends StageOptions {
  out?: string;
}

/** `hub ledger export`: every entry and a checkpoint signed over them, for whoever has ca.crt to verify. */
export function addExport(parent: Command, context: LedgerContext): void {
  addStageOptions(parent.command('export'))
    .description('write every entry as NDJSON under a newly signed checkpoint, for hub ledger verify')
    .option('--out <file>', 'where to; standard output when left out')
    .action((options: ExportOptions) =>
      withLedger(context, options, (ledger) => exported(context, options, ledger)),
    );
}

async function exported(
  context: LedgerContext,
  options: ExportOptions,
  { pool, sign }: OpenLedger,
): Promise<void> {
  const signed = await new Checkpoints({ pool, stage: stageOf(options), sign }).sign();
  const { out } = options;
  await withProgress(async (onProgress) => {
    const texts = Readable.from(textsOf(exportLedger(pool, signed), onProgress));
    if (out !== undefined) return pipeline(texts, createWriteStream(out));
    // Standard output is not ours to end.
    texts.pipe(context.output ?? process.stdout, { end: false });
    return finished(texts);
  });
  if (out !== undefined) tell(context, options, signed, out);
}

async function* textsOf(
  pieces: ReturnType<typeof exportLedger>,
  onProgress: (progress: Progress) => void,
): AsyncGenerator<string> {
  for await (const { text, progress } of pieces) {
    onProgress(progress);
    yield text;
  }
}

function tell(context: LedgerContext, { json }: ExportOptions, signed: SignedCheckpoint, out: string): void {
  const { size, root, time } = signed;
  const text = `${size} entries in ${out}, signed ${time}, checkpoint ${size}:${root}`;
  say(context, json, { file: out, entries: size, checkpoint: signed }, text);
}
