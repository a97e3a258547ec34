import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import type { Database } from '../../scripts/database/open.js';
import { openDatabase } from '../../scripts/database/open.js';
import { isAlive } from '../../scripts/database/process.js';
import { readRecord } from '../../scripts/database/record.js';

/** What a test made, undone in reverse order. */
const trash: (() => Promise<unknown>)[] = [];

/** A folder of the test's own that other OS users can enter. */
export async function newFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'hub-home-')));
  await chmod(folder, 0o755);
  later(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function later(discard: () => Promise<unknown>): void {
  trash.push(discard);
}

export async function cleanUp(): Promise<void> {
  for (const discard of trash.splice(0).toReversed()) await discard();
}

export async function open(home: string, log: (line: string) => void = ignore): Promise<Database> {
  later(() => discardOutside(home));
  const database = await openDatabase({ home, log });
  later(() => database.stop());
  return database;
}

/** Another process that opened the database of `home` and holds it. */
export async function hold(home: string): Promise<{ pid: number; url: string }> {
  const module = pathToFileURL(join(process.cwd(), 'scripts/database/open.ts')).href;
  const script = `
    const { openDatabase } = await import(${JSON.stringify(module)});
    const { url } = await openDatabase({ home: ${JSON.stringify(home)}, log: () => undefined });
    console.log(url);
    setInterval(() => undefined, 1000);`;
  const sources = pathToFileURL(join(process.cwd(), 'test/run-sources.mjs')).href;
  await mkdir(home, { recursive: true });
  const child = spawn(process.execPath, ['--import', sources, '--input-type=module', '-e', script]);
  later(async () => {
    // Its server ends a moment after it, and writes until then.
    const server = await serverOf(home).catch(() => child.pid!);
    child.kill('SIGKILL');
    for (const pid of [child.pid!, server]) await until(async () => !(await isAlive(pid)));
  });
  return { pid: child.pid!, url: await firstLine(child) };
}

async function firstLine(child: ChildProcess): Promise<string> {
  let said = '';
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('\n')) resolve(said.trim());
    });
    child.once('exit', () => reject(new Error(complaints)));
  });
}

export async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function serverOf(home: string): Promise<number> {
  const { dataDir } = (await readRecord(home))!;
  return Number((await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await holds()); await sleep(50))
    if (Date.now() > deadline) throw new Error('It did not come about within 20 seconds.');
}

/** What a start as root put outside the home. */
async function discardOutside(home: string): Promise<void> {
  const record = await readRecord(home);
  if (record !== undefined && !record.dataDir.startsWith(dirname(home)))
    await rm(dirname(record.dataDir), { recursive: true, force: true });
}

export function ignore(): void {}
