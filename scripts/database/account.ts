import { execFile, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The OS user that PostgreSQL runs as when the hub runs as root: PostgreSQL refuses root. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

const OWN_USER = 'energy-hub-db';

/** Each distribution has one of these; busybox (Alpine) the last. */
const WAYS_TO_ADD_A_USER: [command: string, ...args: string[]][] = [
  ['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', OWN_USER],
  ['adduser', '--system', '--group', '--no-create-home', '--home', '/nonexistent', OWN_USER],
  ['adduser', '-S', '-D', '-H', OWN_USER],
];

/**
 * The user PostgreSQL runs as. Undefined means ourselves, whenever we are not root. As root: the owner of the
 * data when there is some, so that data made earlier stays readable; else `postgres`, else a system user of our
 * own, else `nobody`.
 */
export async function serverAccount(dataDir: string | undefined): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = dataDir === undefined ? undefined : await stat(dataDir).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0)
    return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const found = (await account(OWN_USER)) ?? (await account('postgres')) ?? (await addAccount());
  const chosen = found ?? (await account('nobody'));
  if (chosen === undefined)
    throw new Error(
      'PostgreSQL does not run as root, and this system has no user "postgres" or "nobody" and none could be ' +
        'added. Start the hub as an ordinary user, or set DATABASE_URL to a PostgreSQL server of yours.',
    );
  return chosen;
}

async function addAccount(): Promise<Account | undefined> {
  for (const [command, ...args] of WAYS_TO_ADD_A_USER) {
    const added = await run(command, args).then(
      () => true,
      () => false,
    );
    if (added) return account(OWN_USER);
  }
  return undefined;
}

/** `id` asks every user database of the system, /etc/passwd would be only one of them. */
async function account(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
    );
    return uid ? { name, uid, gid: gid ?? uid } : undefined;
  } catch {
    return undefined;
  }
}

/** What a child process needs to run as `account`; nothing of PG* or locale in our environment reaches it. */
export function asAccount(owner: Account | undefined) {
  return {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...(owner && { uid: owner.uid, gid: owner.gid }),
  };
}

/** Whether `account` can run a program to a good end. Trying is the only honest test: modes are not all of it. */
export async function runs(owner: Account | undefined, program: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...asAccount(owner), stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** Whether `account` can enter a folder, all its parents included. */
export async function canEnter(owner: Account, folder: string): Promise<boolean> {
  return runs(owner, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]);
}
