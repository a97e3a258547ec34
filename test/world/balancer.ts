import { once } from 'node:events';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';

/** A plain TCP balancer: each connection goes to the next of the ports in use that takes it. */
export class Balancer {
  readonly url: string;
  readonly #server: Server;
  readonly #ports: number[];
  readonly #open = new Map<number, Set<Socket>>();
  #turn = 0;

  constructor(server: Server, ports: number[]) {
    this.#server = server;
    this.#ports = ports;
    this.url = `https://localhost:${(server.address() as AddressInfo).port}`;
    server.on('connection', (client: Socket) => this.#lead(client, this.#ports.length));
  }

  static async before(urls: readonly string[]): Promise<Balancer> {
    const server = net.createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Balancer(
      server,
      urls.map((url) => Number(new URL(url).port)),
    );
  }

  /** Sends no new connection there any more; those that are open go on. */
  leave(url: string): void {
    this.#ports.splice(this.#ports.indexOf(Number(new URL(url).port)), 1);
  }

  use(url: string): void {
    this.#ports.push(Number(new URL(url).port));
  }

  connectionsTo(url: string): number {
    return this.#open.get(Number(new URL(url).port))?.size ?? 0;
  }

  async close(): Promise<void> {
    for (const sockets of this.#open.values()) for (const socket of sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #lead(client: Socket, tries: number): void {
    client.on('error', () => undefined);
    const port = this.#ports[this.#turn++ % this.#ports.length];
    if (port === undefined || tries === 0) return void client.destroy();
    const gateway = net.connect({ port, host: '127.0.0.1', noDelay: true });
    const refused = (): void => this.#lead(client, tries - 1);
    gateway.once('error', refused);
    gateway.once('connect', () => {
      gateway.off('error', refused);
      gateway.on('error', () => undefined);
      const open = this.#open.get(port) ?? new Set();
      this.#open.set(port, open.add(client));
      client.pipe(gateway).pipe(client);
      client.once('close', () => {
        open.delete(client);
        gateway.destroy();
      });
      gateway.once('close', () => client.destroy());
    });
  }
}
