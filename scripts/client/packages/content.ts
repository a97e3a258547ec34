import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { fault } from '../failure.js';
import type { Manifest } from './manifest.js';
import type { PackageFolder } from './folder.js';

export interface Contents {
  blocks: number;
  /** Values that are not missing. */
  readings: number;
}

/**
 * Unpacks every part and counts what is in it against the manifest: blocks part by part, readings over all.
 *
 * @throws Failure PACKAGE_DAMAGED where a count differs or a line is not a day block of the manifest's date.
 */
export async function verifyContents(folder: PackageFolder, manifest: Manifest): Promise<Contents> {
  const total: Contents = { blocks: 0, readings: 0 };
  for (const part of manifest.parts) {
    const found = await countLines(folder.part(part.number), manifest.date);
    if (found.blocks !== part.blocks) {
      throw differs(manifest, `part ${part.number} holds ${found.blocks} blocks, not ${part.blocks}`);
    }
    total.blocks += found.blocks;
    total.readings += found.readings;
  }
  if (total.blocks !== manifest.blocks || total.readings !== manifest.readings) {
    const said = `${manifest.blocks} blocks with ${manifest.readings} readings`;
    throw differs(manifest, `it holds ${total.blocks} blocks with ${total.readings} readings, not ${said}`);
  }
  return total;
}

async function countLines(path: string, date: string): Promise<Contents> {
  const count: Contents = { blocks: 0, readings: 0 };
  // Errors reach the reader of the lines through the destroyed stream.
  const text = pipeline(createReadStream(path), createGunzip(), () => undefined);
  let failed: unknown;
  text.on('error', (error) => (failed = error));
  for await (const line of createInterface({ input: text, crlfDelay: Infinity })) {
    const values = valuesOf(line, date);
    if (values === undefined)
      throw fault('PACKAGE_DAMAGED', `${path}: line ${count.blocks + 1} is no day block of ${date}.`);
    count.blocks += 1;
    for (const value of values) if (value !== null) count.readings += 1;
  }
  if (failed) throw fault('PACKAGE_DAMAGED', `${path} cannot be unpacked.`, failed);
  return count;
}

function valuesOf(line: string, date: string): unknown[] | undefined {
  try {
    const block = JSON.parse(line) as { date?: unknown; values?: unknown };
    return block.date === date && Array.isArray(block.values) ? block.values : undefined;
  } catch {
    return undefined;
  }
}

function differs({ package: id }: Manifest, how: string): Error {
  return fault('PACKAGE_DAMAGED', `${id} is not what its manifest says: ${how}.`);
}
