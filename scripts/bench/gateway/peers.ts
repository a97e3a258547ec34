import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Other gateways, each set up as its documentation says; none of them is part of the product. */
export const PEERS = {
  'Apollo gateway': 'apollo.mjs',
  'Hive gateway': 'hive.mjs',
  'Mercurius gateway': 'mercurius.mjs',
} as const;

export type Peer = keyof typeof PEERS;

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const SOURCE = join(ROOT, 'scripts', 'bench', 'gateway', 'peers');
/** Beside what is built: in no commit, and nothing of the product looks there. */
const PLACE = join(ROOT, 'dist', 'peers');
const STAMP = join(PLACE, '.installed');

/** Installs them from npm on first use, and again when their versions were changed. @returns their folder */
export async function installPeers(say: (text: string) => void): Promise<string> {
  await mkdir(PLACE, { recursive: true });
  for (const file of await readdir(SOURCE)) await copyFile(join(SOURCE, file), join(PLACE, file));
  const wanted = await readFile(join(PLACE, 'package-lock.json'), 'utf8');
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === wanted) return PLACE;
  say('  installing the other gateways from npm, this once …');
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: PLACE });
  await writeFile(STAMP, wanted);
  return PLACE;
}
