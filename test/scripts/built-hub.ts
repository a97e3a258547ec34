import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { World } from '../world/world.js';
import type { Finished } from './hub-command.js';

/** Runs `hub …` of the build as a process of its own, in the home of a world and on its databases. */
export function builtHub(
  world: World,
  args: string[],
  settings: Record<string, string> = {},
): Promise<Finished> {
  const env = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    HUB_HOME: world.home,
    HUB_PORT: new URL(world.hub.url).port,
    DATABASE_URL: world.ownerUrl,
    ...settings,
  };
  return new Promise((resolve) => {
    execFile(
      join('node_modules', '.bin', 'node'),
      ['dist/scripts/hub.js', ...args],
      { env },
      (error, out, err) => {
        resolve({ status: error === null ? 0 : Number(error.code), out, err });
      },
    );
  });
}

/** What the command prints with --json, of one that must not fail. */
export async function jsonOf<Data>(world: World, args: string[]): Promise<Data> {
  const { status, out, err } = await builtHub(world, [...args, '--json']);
  if (status !== 0) throw new Error(`hub ${args.join(' ')}: ${out}${err}`);
  return JSON.parse(out) as Data;
}
