import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Finished {
  status: number | null;
  out: string;
  err: string;
}

const ROOT = join(import.meta.dirname, '..', '..');

/** Starts `hub …` of the build as a process of its own; it is not a terminal. */
export function startHub(args: string[]): ChildProcess {
  return spawn(process.execPath, [join(ROOT, 'dist', 'scripts', 'hub.js'), ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Runs `hub …` to its end. */
export async function runHub(args: string[], input = ''): Promise<Finished> {
  const child = startHub(args);
  child.stdin?.on('error', () => undefined).end(input);
  let out = '';
  let err = '';
  child.stdout?.on('data', (text) => (out += text));
  child.stderr?.on('data', (text) => (err += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, err };
}
