import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A line to a server that can be cut or made to hang: what a hub sees when its database is gone. */
export interface Line {
  port: number;
  /** Ends what is open and takes nothing new. */
  cut(): Promise<void>;
  /** Passes nothing on any more, and says nothing: a machine that has frozen. */
  hang(): void;
  /** As it was before; connections that hung go on. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function openLine(host: string, port: number): Promise<Line> {
  const pairs = new Set<[Socket, Socket]>();
  let hangs = false;
  const server = createServer((near) => {
    const far = connect(port, host);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('error', () => to.destroy());
      from.on('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
      from.on('data', (chunk) => to.write(chunk));
      if (hangs) from.pause();
    }
  });
  const listen = async (at: number): Promise<number> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const end = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    await closed;
  };
  const setHanging = (to: boolean): void => {
    hangs = to;
    for (const socket of [...pairs].flat()) {
      if (to) socket.pause();
      else socket.resume();
    }
  };
  const own = await listen(0);
  return {
    port: own,
    cut: end,
    hang: () => setHanging(true),
    mend: async () => {
      setHanging(false);
      if (!server.listening) await listen(own);
    },
    close: end,
  };
}
