import { join } from 'node:path';
import { Caller } from '../../world/caller.js';
import { ended as gone, type Served, served } from '../../world/served.js';
import type { World } from '../../world/world.js';

export interface Gateway extends Served {
  caller: Caller;
}

/** A gateway in a process of its own, and a tenant that calls it. */
export async function aGateway(
  world: World,
  tenant: string,
  settings: Record<string, string>,
): Promise<Gateway> {
  const gateway = await served(world, 'gateway', settings);
  return { ...gateway, caller: Caller.of(gateway.url, join(world.home, 'certs'), tenant) };
}

export async function ended({ caller, ...gateway }: Gateway): Promise<void> {
  await caller.close();
  await gone(gateway);
}
