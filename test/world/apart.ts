import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { rooms } from '../../subgraphs/index.js';

/** Starts every room as a real process of its own from the build; returns the HUB_ROOMS that finds them. */
export async function serveRoomsApart(
  environment: Record<string, string>,
  closing: (() => Promise<unknown>)[],
): Promise<string> {
  const names = rooms.map(({ name }) => name);
  const ports = await freePorts(names.length);
  const addresses = names.map((name, index) => `${name}=https://localhost:${ports[index]}`).join(',');
  const children = names.map((name, index) =>
    spawn('node_modules/.bin/node', ['dist/scripts/hub.js', 'serve', name], {
      env: {
        ...process.env,
        ...environment,
        NODE_OPTIONS: '',
        HUB_ROOMS: addresses,
        HUB_ROOM_PORT: String(ports[index]),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  closing.push(() => Promise.all(children.map(ended)));
  await Promise.all(children.map(ready));
  return addresses;
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

async function freePorts(count: number): Promise<number[]> {
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
