import { outside } from './outside.js';
import type { World, WorldOptions } from './running.js';

export type { World, WorldOptions };

/** See {@link World}. The hub's code is loaded once for all files that a worker of Jest runs. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const running = await outside<typeof import('./running.js')>('test/world/running.js');
  return running.openWorld(options);
}
