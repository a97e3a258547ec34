import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { startHub } from '../scripts/hub-command.js';
import type { World } from '../world/world.js';

export interface Served {
  child: ChildProcess;
  port: number;
}

/** `hub serve collectors` as a process of its own, which uploads to the hub of a world; answers where it listens. */
export async function serveCollectors(world: World, config: string): Promise<Served> {
  const as = ['--as', 'district-310101', '--home', world.home, '--url', world.hub.url];
  const child = startHub(['serve', 'collectors', '--config', config, ...as]);
  child.stderr?.resume();
  for await (const line of createInterface({ input: child.stdout! })) {
    const { listening } = JSON.parse(line) as { listening: string[] };
    return { child, port: Number(listening[0]?.split(':')[1]) };
  }
  throw new Error('the listener did not start');
}
