import { readConfig } from '../../gateway/config.js';
import { prepareDatabases } from '../../gateway/databases.js';
import { rolePasswords } from '../../gateway/keys.js';
import { openLog } from '../../gateway/log.js';
import { startRoom } from '../../gateway/room-process.js';

/** Rooms to start, each by its name with the environment of its process; their `number` stops them again. */
export type Order = { number: number } & ({ start: [string, NodeJS.ProcessEnv][] } | { stop: true });

export interface Done {
  number: number;
  fault?: string;
}

/** What a process does that runs the rooms of one world after another: {@link roomsProcess} starts it. */
const running = new Map<number, Promise<{ stop(): Promise<void> }[]>>();

async function follow(order: Order): Promise<void> {
  if ('start' in order) running.set(order.number, Promise.all(order.start.map(startOne)));
  const rooms = await running.get(order.number);
  if ('stop' in order) await Promise.all((rooms ?? []).map((room) => room.stop()));
}

/** As `hub serve ROOM` does. */
async function startOne([name, environment]: [string, NodeJS.ProcessEnv]): ReturnType<typeof startRoom> {
  const config = readConfig(environment);
  const databases = await prepareDatabases(config.databaseUrl ?? '', await rolePasswords(config.home));
  return startRoom({ name, config, databases, log: openLog(config.log) });
}

process.on('message', (order: Order) => {
  void follow(order).then(
    () => process.send?.({ number: order.number } satisfies Done),
    (error: unknown) => process.send?.({ number: order.number, fault: String(error) } satisfies Done),
  );
});
process.on('disconnect', () => process.exit());
