import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Caller } from '../../world/caller.js';
import type { World } from '../../world/world.js';

export interface Gateway {
  child: ChildProcess;
  url: string;
  operations: string;
  caller: Caller;
}

/** A gateway on a world's home and databases: a process of its own, from the build. */
export async function aGateway(
  world: World,
  tenant: string,
  settings: Record<string, string>,
): Promise<Gateway> {
  const child = spawn('node_modules/.bin/node', ['dist/scripts/hub.js', 'serve', 'gateway'], {
    env: {
      PATH: process.env['PATH'],
      HUB_HOME: world.home,
      HUB_PORT: '0',
      HUB_OPS_PORT: '0',
      HUB_LOG: 'silent',
      DATABASE_URL: world.ownerUrl,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  const { url, operations } = JSON.parse(said.toString('utf8')) as Pick<Gateway, 'url' | 'operations'>;
  return { child, url, operations, caller: Caller.of(url, join(world.home, 'certs'), tenant) };
}

export async function ended({ child, caller }: Gateway): Promise<void> {
  await caller.close();
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
