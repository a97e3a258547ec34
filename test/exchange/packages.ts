import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Caller, Reply } from '../world/caller.js';

export interface Package {
  id: string;
  date: string;
  revision: number;
  blocks: number;
  readings: number;
  parts: number;
  bytes: number;
  manifestSha256: string;
  manifestUrl: string;
  acknowledgedAt: string | null;
}

export interface Manifest {
  format: string;
  package: string;
  recipient: string;
  stage: string;
  purpose: string;
  date: string;
  revision: number;
  blocks: number;
  readings: number;
  parts: {
    number: number;
    sha256: string;
    bytes: number;
    blocks: number;
    contentType: string;
    contentEncoding: string;
  }[];
  missing: { meter: string; reason: string }[];
  snapshot: string;
  checkpoint: { size: number; root: string };
}

export interface Block {
  meter: string;
  date: string;
  interval: number;
  values: (string | number | null)[];
  total: string;
  version: number;
}

export async function daily(caller: Caller, date: string): Promise<Package> {
  const fields = 'id date revision blocks readings parts bytes manifestSha256 manifestUrl acknowledgedAt';
  const query = `query ($date: LocalDate!) { dailyPackage(date: $date) { ${fields} } }`;
  return (await caller.mustAsk<{ dailyPackage: Package }>(query, { date })).dailyPackage;
}

export async function manifestOf(
  caller: Caller,
  { manifestUrl }: Package,
): Promise<Reply & { manifest: Manifest }> {
  const reply = await caller.send('GET', manifestUrl);
  return { ...reply, manifest: JSON.parse(reply.body.toString('utf8')) as Manifest };
}

export function part(
  caller: Caller,
  id: string,
  number: number | string,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return caller.send('GET', `/packages/${id}/parts/${number}`, null, headers);
}

/** Every block of a package, each part checked against the hash that the manifest gives. */
export async function blocksOf(caller: Caller, { package: id, parts }: Manifest): Promise<Block[]> {
  const blocks: Block[] = [];
  for (const { number, sha256: expected } of parts) {
    const { body } = await part(caller, id, number);
    if (sha256(body) !== expected) throw new Error(`part ${number} is not what the manifest says`);
    const lines = gunzipSync(body).toString('utf8').trimEnd().split('\n');
    blocks.push(...lines.map((line) => JSON.parse(line) as Block));
  }
  return blocks;
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
