import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { World } from './world.js';

/** A process of `hub serve …`. */
export interface Served {
  child: ChildProcess;
  url: string;
  /** Of a gateway. */
  operations?: string;
}

/** Starts a part of the hub on a world's home and databases, from the build, as a process of its own; with HUB_LOG its log is at `child.stderr`. */
export async function served(
  world: Pick<World, 'home' | 'ownerUrl'>,
  part: string,
  settings: Record<string, string> = {},
): Promise<Served> {
  const child = spawn('node_modules/.bin/node', ['dist/scripts/hub.js', 'serve', part], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      HUB_HOME: world.home,
      HUB_PORT: '0',
      HUB_OPS_PORT: '0',
      HUB_LOG: 'silent',
      DATABASE_URL: world.ownerUrl,
      ...settings,
    },
    stdio: ['ignore', 'pipe', settings['HUB_LOG'] ? 'pipe' : 'inherit'],
  });
  const died = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`${part} ended with ${String(code)}`)),
  );
  died.catch(() => undefined);
  const [said] = (await Promise.race([once(child.stdout!, 'data'), died])) as [Buffer];
  return { child, ...(JSON.parse(said.toString('utf8')) as { url: string; operations?: string }) };
}

/** Resolves when it is gone. */
export async function ended(
  { child }: Pick<Served, 'child'>,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exit) as [number | null];
  return code;
}
