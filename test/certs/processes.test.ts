import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAuthority } from '../../certs/authority.js';
import { underLock } from '../../certs/lock.js';
import { compile } from './compiled.js';
import { temporaryHome } from './handshakes.js';

async function run(folder: string, script: string): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}

test('three processes that start at once share one authority, and none loses the record of another', async () => {
  await using folder = await temporaryHome();
  await compile(folder.path, ['certs']);
  const home = join(folder.path, 'home');
  const script = (name: string) => `
    import { openAuthority } from './certs/authority.js';
    const authority = await openAuthority('home');
    for (let i = 0; i < 4; i++) await authority.issueClient({ name: '${name}', stage: 'FORMAL' });
    await authority.revoke('${name}', 'SUPERSEDED');`;

  await Promise.all(['one', 'two', 'three'].map((name) => run(folder.path, script(name))));

  const records = await (await openAuthority(home)).list();
  expect(records).toHaveLength(12);
  expect(records.every(({ revokedAt }) => revokedAt !== null)).toBe(true);
  expect(new Set(records.map(({ serial }) => serial)).size).toBe(12);
  expect(await readdir(home)).toEqual(expect.arrayContaining(['authority', 'certs']));
  expect(await readdir(home)).not.toContain('authority.lock');
});

describe('the lock', () => {
  let folder: Awaited<ReturnType<typeof temporaryHome>>;
  let path: string;

  beforeEach(async () => {
    folder = await temporaryHome();
    path = join(folder.path, 'lock');
  });

  afterEach(() => folder[Symbol.asyncDispose]());

  test('lets one in at a time, and the next one after a failure', async () => {
    let inside = 0;
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        underLock(path, async () => {
          inside += 1;
          expect(inside).toBe(1);
          await sleep(5);
          inside -= 1;
          if (index === 0) throw new Error('failed');
        }),
      ),
    );

    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });

  test('waits for a holder that lives', async () => {
    const living = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    await writeFile(path, JSON.stringify({ token: 'theirs', pid: living.pid, host: hostname() }));
    let isIn = false;
    const work = underLock(path, async () => {
      isIn = true;
    });

    await sleep(200);
    expect(isIn).toBe(false);

    living.kill();
    await once(living, 'exit');
    await work;
    expect(isIn).toBe(true);
  });

  test('is broken where a process of our number died before us, and by one of many waiters only', async () => {
    await writeFile(path, JSON.stringify({ token: 'of the last run', pid: process.pid, host: hostname() }));
    const order: string[] = [];
    const work = (name: string) =>
      underLock(path, async () => {
        order.push(`${name} in`);
        await sleep(10);
        order.push(`${name} out`);
      });

    await Promise.all(['a', 'b', 'c', 'd'].map(work));

    for (let i = 0; i < order.length; i += 2) {
      expect(order[i + 1]).toBe(order[i]!.replace('in', 'out'));
    }
    expect(order).toHaveLength(8);
  });

  test('is broken where its holder died while writing it', async () => {
    await writeFile(path, '');
    await utimes(path, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));

    await expect(underLock(path, async () => 'in')).resolves.toBe('in');
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    await rm(path, { force: true });
  });
});
