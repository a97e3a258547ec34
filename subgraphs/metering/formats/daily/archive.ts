import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { Unreadable } from '../unreadable.js';

const MOST_ENTRIES = 2;
const MOST_EXPANDED = 536_870_912;
/** XML of hours of nothing packs well; what packs better than this is made to exhaust. */
const LARGEST_EXPANSION = 400;
const EXPANSION_ALLOWANCE = 16_777_216;
const NAME = /^(\d{6})(\d{4})(\d{2})(\d{2})(Build|Energy)\.xml$/;
const REMEDY =
  'Send a zip that holds <centre><yyyyMMdd>Build.xml and <centre><yyyyMMdd>Energy.xml and nothing else.';

/** The zip of one day of a data centre. */
export interface DailyArchive {
  centre: string;
  /** YYYY-MM-DD, as its files are named; whether there is such a day is for the reader to say. */
  date: string;
  energy: () => Promise<Readable>;
  build: (() => Promise<Readable>) | undefined;
}

/**
 * Opens a daily zip: two entries of one name, plain names, no bombs. Each is read to its end once, so that a damaged
 * one gives nothing at all.
 *
 * @throws Unreadable naming the bound.
 */
export async function openArchive(bytes: Buffer): Promise<DailyArchive> {
  try {
    const zip = await fromBufferPromise(bytes, {
      lazyEntries: true,
      autoClose: false,
      strictFileNames: true,
    });
    return await archiveOf(zip);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Unreadable(`The zip cannot be read: ${why.slice(0, 200)}.`, REMEDY);
  }
}

async function archiveOf(zip: ZipFile): Promise<DailyArchive> {
  if (zip.entryCount > MOST_ENTRIES) refuse(`has ${zip.entryCount} entries; there may be ${MOST_ENTRIES}`);
  const found = new Map<string, { entry: Entry; name: string }>();
  for await (const entry of zip.eachEntry()) {
    const [, centre, year, month, day, kind = ''] = NAME.exec(entry.fileName) ?? [];
    if (!centre) refuse(`holds ${JSON.stringify(entry.fileName.slice(0, 60))}, which does not belong there`);
    if (found.has(kind)) refuse(`holds ${kind}.xml twice`);
    found.set(kind, { entry, name: `${centre} ${year}-${month}-${day}` });
    await verify(zip, entry);
  }
  const energy = found.get('Energy');
  const build = found.get('Build');
  if (!energy) return refuse('holds no Energy.xml');
  if (build && build.name !== energy.name) refuse('holds files of two names');
  const [centre = '', date = ''] = energy.name.split(' ');
  return {
    centre,
    date,
    energy: () => zip.openReadStreamPromise(energy.entry),
    build: build && (() => zip.openReadStreamPromise(build.entry)),
  };
}

async function verify(zip: ZipFile, entry: Entry): Promise<void> {
  const { compressedSize, uncompressedSize, fileName } = entry;
  if (entry.isEncrypted()) refuse(`holds ${fileName} encrypted; send it decrypted`);
  if (uncompressedSize > MOST_EXPANDED) refuse(`holds ${fileName} of more than ${MOST_EXPANDED} bytes`);
  if (uncompressedSize > EXPANSION_ALLOWANCE && uncompressedSize > compressedSize * LARGEST_EXPANSION)
    refuse(`holds ${fileName}, which expands more than ${LARGEST_EXPANSION} times`);
  let sum = 0;
  for await (const piece of await zip.openReadStreamPromise(entry)) sum = crc32(piece as Buffer, sum);
  if (sum !== entry.crc32) refuse(`holds ${fileName} damaged: its checksum is another`);
}

function refuse(what: string): never {
  throw new Unreadable(`The zip ${what}.`, REMEDY);
}
