import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FrameCutter } from '../collectors/frames.js';

/** A collector that is read for two things alone: what it has to prove, and how much of it was acknowledged. */
export class BenchPeer {
  readonly #socket: Socket;
  readonly #cutter = new FrameCutter({ kind: 'plain' }, 65_536);
  readonly #building: string;
  #acknowledged = 0;
  #next: (packet: string) => void = () => undefined;
  #isDone: { packets: number; resolve: () => void } | undefined;

  private constructor(socket: Socket, building: string) {
    this.#socket = socket;
    this.#building = building;
    socket.on('data', (bytes) => {
      for (const body of this.#cutter.push(bytes)) this.#received(body.toString());
    });
  }

  static async validated(port: number, building: string, key: string): Promise<BenchPeer> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const peer = new BenchPeer(socket, building);
    const asked = await peer.#answer(peer.#packet('id_validate', 'request', ''));
    const sequence = /<sequence>(\w+)</.exec(asked)?.[1] ?? '';
    const md5 = createHash('md5')
      .update(sequence + key)
      .digest('hex');
    const result = await peer.#answer(peer.#packet('id_validate', 'md5', `<md5>${md5}</md5>`));
    if (!result.includes('pass')) throw new Error(`the listener refused ${building}`);
    return peer;
  }

  /** Sends reports; resolves when so many are acknowledged. */
  report(packets: { sequence: string; time: string; values: string[] }[]): Promise<void> {
    const done = new Promise<void>((resolve) => (this.#isDone = { packets: packets.length, resolve }));
    for (const { sequence, time, values } of packets) {
      const functions = values.map(
        (value, at) => `<function id="${at}" coding="01000" error="0">${value}</function>`,
      );
      const inside = `<sequence>${sequence}</sequence><parser>yes</parser><time>${time}</time><meter id="1">${functions.join('')}</meter>`;
      this.#socket.write(this.#packet('data', 'report', inside));
    }
    return done;
  }

  end(): void {
    this.#socket.destroy();
  }

  #packet(name: string, operation: string, inside: string): string {
    return `<root><common><building_id>${this.#building}</building_id><gateway_id>01</gateway_id><type>${operation}</type></common><${name} operation="${operation}">${inside}</${name}></root>`;
  }

  #answer(packet: string): Promise<string> {
    const answer = new Promise<string>((resolve) => (this.#next = resolve));
    this.#socket.write(packet);
    return answer;
  }

  #received(packet: string): void {
    if (!packet.includes('continuous_ack')) return this.#next(packet);
    this.#acknowledged++;
    if (this.#acknowledged === this.#isDone?.packets) this.#isDone.resolve();
  }
}
