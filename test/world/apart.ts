import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { rooms } from '../../subgraphs/index.js';
import type { Done, Order } from './rooms-process.js';

type Closing = (() => Promise<unknown>)[];

/** Starts every room as a real process of its own from the build; returns the HUB_ROOMS that finds them. */
export async function serveRoomsEach(environment: Record<string, string>, closing: Closing): Promise<string> {
  const { addresses, environments } = await placed(environment);
  const children = environments.map(([name, env]) =>
    spawn('node_modules/.bin/node', ['dist/scripts/hub.js', 'serve', name], {
      env: { ...process.env, ...env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  closing.push(() => Promise.all(children.map(ended)));
  await Promise.all(children.map(ready));
  return addresses;
}

/**
 * Starts the rooms in one process beside the gateway's, each at an address of its own: they call each other, and the
 * gateway calls them, as if each had a process. That process serves one world after another and ends with this one.
 */
export async function serveRoomsApart(
  environment: Record<string, string>,
  closing: Closing,
): Promise<string> {
  const { addresses, environments } = await placed(environment);
  const number = (orders += 1);
  closing.push(() => ordered({ number, stop: true }));
  await ordered({ number, start: environments });
  return addresses;
}

let orders = 0;
let serving: ChildProcess | undefined;

async function ordered(order: Order): Promise<void> {
  const child = (serving ??= roomsProcess());
  const done = new Promise<Done>((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the rooms ended with ${code}`));
    const heard = (answer: Done): void => {
      if (answer.number !== order.number) return;
      child.off('message', heard).off('exit', ended);
      resolve(answer);
    };
    child.on('message', heard).once('exit', ended);
  });
  child.channel?.ref();
  child.send(order);
  const { fault } = await done.finally(() => child.channel?.unref());
  if (fault !== undefined) throw new Error(fault);
}

function roomsProcess(): ChildProcess {
  const child = fork('dist/test/world/rooms-process.js', {
    env: { ...process.env, NODE_OPTIONS: '' },
    execPath: 'node_modules/.bin/node',
    execArgv: [],
  });
  // It ends with the channel to it, and keeps nobody from ending.
  child.unref();
  child.channel?.unref();
  return child;
}

/** Where each room is to be, and what its process is told. */
async function placed(environment: Record<string, string>) {
  const names = rooms.map(({ name }) => name);
  const ports = await freePorts(names.length);
  const addresses = names.map((name, index) => `${name}=https://localhost:${ports[index]}`).join(',');
  const environments = names.map((name, index): [string, Record<string, string>] => [
    name,
    { ...environment, HUB_ROOMS: addresses, HUB_ROOM_PORT: String(ports[index]) },
  ]);
  return { addresses, environments };
}

async function ready(child: ChildProcess): Promise<void> {
  const said = once(child.stdout ?? child, 'data');
  const died = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`a room ended with ${String(code)}`)),
  );
  await Promise.race([said, died]);
  died.catch(() => undefined);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
