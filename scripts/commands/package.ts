import { Command, Option } from 'commander';
import { readAuthorities } from '../client/connection.js';
import { fault } from '../client/failure.js';
import { addOutputOptions, type Outcome, type OutputOptions, report } from '../client/output.js';
import { contentsOf, type PackageFolder, packagesBelow } from '../client/packages/folder.js';
import { bytesOf, type Manifest, readManifest } from '../client/packages/manifest.js';
import { manifestOf, verifyPackage } from '../client/packages/verify-package.js';
import { mebibytes } from '../client/progress.js';
import { count } from '../client/receipt.js';

interface VerifyOptions extends OutputOptions {
  ca?: string;
  home?: string;
}

const MISSING_SHOWN = 20;

/** `hub package list|show|verify`: works on what was downloaded and calls nobody. */
export function packageCommand(): Command {
  const command = new Command('package')
    .summary('list, show and verify downloaded packages')
    .description('Looks at packages that hub pull downloaded. Calls no hub.');

  addOutputOptions(command.command('list [folder]'))
    .description('list the packages in a folder (default: packages)')
    .action((folder: string | undefined, options: OutputOptions) =>
      report(options, () => list(folder ?? 'packages')),
    );

  addOutputOptions(command.command('show <folder>'))
    .description('print what the manifest says, unverified')
    .action((folder: string, options: OutputOptions) => report(options, () => show(folder)));

  addOutputOptions(command.command('verify <folder>'))
    .description(
      'verify signature, hashes, counts and receipt of every package in a folder; needs only ca.crt',
    )
    .option('--ca <file>', "the hub's ca.crt (default: $HUB_HOME/certs/ca.crt)")
    .addOption(new Option('--home <folder>', 'home of the hub').env('HUB_HOME').default('.hub'))
    .action((folder: string, options: VerifyOptions) => report(options, () => verify(folder, options)));
  return command;
}

async function list(path: string): Promise<Outcome> {
  const rows = [];
  for (const folder of await packagesBelow(path)) {
    const { package: id, date, revision, recipient, blocks, parts } = readManifest(await manifestOf(folder));
    const acknowledged = (await contentsOf(folder.receipt)) !== undefined;
    rows.push({
      folder: folder.path,
      package: id,
      date,
      revision,
      recipient,
      blocks,
      parts: parts.length,
      acknowledged,
    });
  }
  const text = rows.map(
    (row) =>
      `${row.date} r${row.revision}  ${row.package}  ${count(row.blocks, 'block')} in ${count(row.parts, 'part')}  ` +
      `${row.acknowledged ? 'acknowledged' : 'not acknowledged'}  ${row.folder}`,
  );
  return { json: { packages: rows }, text: rows.length > 0 ? text : [`No packages in ${path}`] };
}

async function show(path: string): Promise<Outcome> {
  const manifests: Manifest[] = [];
  for (const folder of await foundIn(path)) manifests.push(readManifest(await manifestOf(folder)));
  return { json: { packages: manifests }, text: manifests.flatMap(describe) };
}

async function verify(path: string, options: VerifyOptions): Promise<Outcome> {
  const ca = await readAuthorities(options);
  const rows = [];
  for (const folder of await foundIn(path)) {
    const { manifest, manifestSha256, contents, acknowledgedAt } = await verifyPackage(folder, ca);
    const { package: id, date, revision } = manifest;
    rows.push({
      folder: folder.path,
      package: id,
      date,
      revision,
      manifestSha256,
      ...contents,
      acknowledgedAt,
    });
  }
  const text = rows.map(
    (row) =>
      `${row.date} r${row.revision}  ${row.package}: signature, hashes and counts hold; ${count(row.blocks, 'block')}, ` +
      `${count(row.readings, 'reading')}; ${row.acknowledgedAt === null ? 'not acknowledged' : 'receipt holds'}`,
  );
  return { json: { packages: rows }, text };
}

async function foundIn(path: string): Promise<PackageFolder[]> {
  const found = await packagesBelow(path);
  if (found.length === 0) throw fault('FILE_UNUSABLE', `No packages in ${path}.`);
  return found;
}

function describe(manifest: Manifest): string[] {
  const { checkpoint, missing } = manifest;
  const more = missing.length - MISSING_SHOWN;
  return [
    `${manifest.package}: ${manifest.date}, revision ${manifest.revision}, for ${manifest.recipient}`,
    `  ${manifest.stage}, purpose ${manifest.purpose}, made ${manifest.createdAt}`,
    `  ${count(manifest.blocks, 'block')}, ${count(manifest.readings, 'reading')}, ${mebibytes(bytesOf(manifest))} MiB`,
    ...manifest.parts.map(
      (part) => `  part ${part.number}: ${count(part.blocks, 'block')}, sha256 ${part.sha256}`,
    ),
    `  ledger checkpoint ${checkpoint.size}:${checkpoint.root}`,
    `  missing: ${missing.length === 0 ? 'nothing' : count(missing.length, 'meter')}`,
    ...missing.slice(0, MISSING_SHOWN).map(({ meter, reason }) => `    ${meter}: ${reason}`),
    ...(more > 0 ? [`    and ${more} more (--json shows all)`] : []),
  ];
}
