import { mkdir } from 'node:fs/promises';
import { fault } from '../failure.js';
import type { HubClient } from '../hub-client.js';
import type { Progress } from '../progress.js';
import { type RetryPolicy, withRetries } from '../retry.js';
import { acknowledge, isAcknowledged } from './acknowledge.js';
import { verifyContents } from './content.js';
import { contentsOf, keep, type PackageFolder, revisionFolder } from './folder.js';
import { bytesOf, type Manifest, openManifest, readManifest, sha256Of } from './manifest.js';
import { downloadPart } from './part-download.js';

/** The hub's newest package of a day, as GraphQL tells it. */
export interface OfferedPackage {
  id: string;
  date: string;
  revision: number;
  manifestSha256: string;
}

export interface PullContext {
  client: HubClient;
  /** PEM bundle to verify signatures with. */
  ca: string;
  /** Id of the caller: the recipient that a manifest must name. */
  recipient: string;
  out: string;
  acknowledge: boolean;
  verifyContent: boolean;
  progress: Progress;
  retry: RetryPolicy;
}

export interface PulledDay {
  date: string;
  revision: number;
  package: string;
  folder: string;
  blocks: number;
  readings: number;
  bytes: number;
  /** Meters of which the day is missing. */
  missing: number;
  /** Parts that were fetched now; 0 where all were on disk. */
  fetched: number;
  /** `skipped`: an earlier run had finished and acknowledged this revision. */
  outcome: 'acknowledged' | 'downloaded' | 'skipped';
}

/** Asks for a day's package; the hub builds it when there is none, or when corrections made it out of date. */
export async function offeredPackage(context: PullContext, date: string): Promise<OfferedPackage> {
  const answer = await withRetries(context.retry, () =>
    context.client.ask<{ dailyPackage: OfferedPackage | null }>(
      'query ($date: LocalDate!) { dailyPackage(date: $date) { id date revision manifestSha256 } }',
      { date },
    ),
  );
  const { dailyPackage: offered } = answer;
  if (!offered) throw fault('ANSWER_UNEXPECTED', `The hub has no package of ${date}.`);
  if (offered.date !== date) throw wrong(offered, `was asked for ${date} and is of ${offered.date}`);
  return offered;
}

/** Downloads, verifies and acknowledges one package; does only what an earlier run has left undone. */
export async function pullDay(context: PullContext, offered: OfferedPackage): Promise<PulledDay> {
  const folder = revisionFolder(context.out, offered.date, offered.revision);
  await mkdir(folder.path, { recursive: true });
  const manifest =
    (await keptManifest(context, offered, folder)) ?? (await fetchManifest(context, offered, folder));
  if (await isAcknowledged(folder, manifest, context.ca)) return outcomeOf(manifest, folder, 0, 'skipped');
  const fetched = await fetchParts(context, manifest, folder);
  if (context.verifyContent) await verifyContents(folder, manifest);
  if (!context.acknowledge) return outcomeOf(manifest, folder, fetched, 'downloaded');
  await withRetries(context.retry, () => acknowledge(context, offered, manifest, folder));
  return outcomeOf(manifest, folder, fetched, 'acknowledged');
}

/** What an earlier run left, when it is what the hub offers now. */
async function keptManifest(
  { ca }: PullContext,
  { manifestSha256 }: OfferedPackage,
  folder: PackageFolder,
): Promise<Manifest | undefined> {
  const [body, jws] = await Promise.all([contentsOf(folder.manifest), contentsOf(folder.manifestSignature)]);
  if (!body || !jws || sha256Of(body) !== manifestSha256) return undefined;
  const { createdAt } = readManifest(body);
  return openManifest(body, jws.toString().trim(), ca, new Date(createdAt));
}

async function fetchManifest(
  { client, ca, recipient, retry }: PullContext,
  offered: OfferedPackage,
  folder: PackageFolder,
): Promise<Manifest> {
  const path = `/packages/${encodeURIComponent(offered.id)}/manifest`;
  const { headers, body } = await withRetries(retry, () => client.fetch({ method: 'GET', path }));
  const jws = headers['hub-signature'];
  const manifest = await openManifest(body, jws, ca);
  if (sha256Of(body) !== offered.manifestSha256) throw wrong(offered, 'has another hash than announced');
  if (manifest.package !== offered.id) throw wrong(offered, `is of ${manifest.package}`);
  if (manifest.date !== offered.date || manifest.revision !== offered.revision) {
    throw wrong(offered, `is of ${manifest.date}, revision ${manifest.revision}`);
  }
  if (manifest.recipient !== recipient) throw wrong(offered, `is made for ${manifest.recipient}`);
  await keep(folder.manifest, body);
  await keep(folder.manifestSignature, `${jws}\n`);
  return manifest;
}

async function fetchParts(context: PullContext, manifest: Manifest, folder: PackageFolder): Promise<number> {
  const { client, progress, retry } = context;
  progress.expect(bytesOf(manifest));
  let fetched = 0;
  for (const part of manifest.parts) {
    progress.label(`${manifest.date} part ${part.number} of ${manifest.parts.length}`);
    const path = folder.part(part.number);
    if (await downloadPart(client, { packageId: manifest.package, part, path, progress, retry }))
      fetched += 1;
  }
  return fetched;
}

function outcomeOf(
  manifest: Manifest,
  folder: PackageFolder,
  fetched: number,
  outcome: PulledDay['outcome'],
): PulledDay {
  const { date, revision, blocks, readings, missing } = manifest;
  const bytes = bytesOf(manifest);
  return {
    ...{ date, revision, package: manifest.package, folder: folder.path, blocks, readings, bytes },
    ...{ missing: missing.length, fetched, outcome },
  };
}

function wrong({ id }: OfferedPackage, how: string): Error {
  return fault('PACKAGE_DAMAGED', `The manifest of ${id} ${how}.`);
}
