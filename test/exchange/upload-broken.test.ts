import type tls from 'node:tls';
import { connect, exchange, pairOf } from '../gateway/raw-connection.js';
import { refusalOf } from '../gateway/refusals.js';
import { openWorld, type World } from '../world/world.js';
import { day, meters, until, upload, type Receipt } from './sample.js';

const DAYS = Array.from({ length: 28 }, (_, n) => `2026-02-${String(n + 1).padStart(2, '0')}`);
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

interface StoredBatch {
  id: string;
  state: string;
  lines: string;
  accepted: string;
  interruption: string | null;
}

describe.each(['together', 'apart'] as const)('rooms %s', (rooms) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ rooms });
    await meters(world);
  }, 120_000);
  afterAll(() => world.close());

  const batch = (key: string, state: string): Promise<StoredBatch> =>
    until(async () => {
      const query =
        'select id, state, lines, accepted, interruption from exchange.batch where idempotency_key = $1 and state = $2';
      return (await world.sql<StoredBatch>(query, [key, state]))[0];
    });

  /** Begins an upload and sends the first pieces of its body; returns once the hub has begun the batch. */
  async function begin(key: string, ...pieces: string[]): Promise<tls.TLSSocket> {
    const socket = await connect(world, pairOf(world, 'district-310101'));
    socket.on('error', () => undefined);
    socket.write(
      `POST /upload/readings HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n` +
        `content-type: application/x-ndjson\r\nidempotency-key: ${key}\r\n\r\n${pieces.map(chunk).join('')}`,
    );
    await batch(key, 'RECEIVING');
    return socket;
  }

  test('a line that breaks half-way loses nothing whole, and the repeat under its key completes it', async () => {
    const lines = DAYS.map((date) => `${day('m1', date, '0.5')}\n`);
    const socket = await begin('broken', ...lines.slice(0, 10), lines[10]?.slice(0, 40) ?? '');

    socket.destroy();

    const broken = await batch('broken', 'INTERRUPTED');
    expect(broken).toMatchObject({
      lines: '10',
      accepted: '10',
      interruption: expect.stringContaining('broke off') as string,
    });
    const stored = await world.sql<{ meter: string }>(
      `select meter from metering.day_block where batch = $1`,
      [broken.id],
    );
    expect(stored).toHaveLength(10);

    const { status, receipt } = await upload(world, lines.join(''), { 'idempotency-key': 'broken' });
    expect([status, receipt]).toMatchObject([
      200,
      { state: 'COMPLETE', lines: 28, unchanged: 10, accepted: 18, quarantined: 0 },
    ]);
    expect(receipt.batch).not.toBe(broken.id);
  });

  test('a break after which the caller sends something else under the key is no reuse: nothing had been acknowledged', async () => {
    const socket = await begin('changed', `${day('m2', '2026-02-01', 1)}\n`);
    socket.destroy();
    await batch('changed', 'INTERRUPTED');

    const { status, receipt } = await upload(world, day('m2', '2026-02-01', 2), {
      'idempotency-key': 'changed',
    });

    expect([status, receipt]).toMatchObject([200, { corrected: 1 }]);
  });

  test('while an upload runs, its key is refused to another; when it has ended, the other gets its receipt', async () => {
    const body = `${day('m2', '2026-02-10')}\n`;
    const socket = await begin('busy', body.slice(0, 30));

    const headers = { 'idempotency-key': 'busy' };
    expect(refusalOf(await upload(world, body, headers))).toEqual([409, 'IDEMPOTENCY_IN_PROGRESS']);
    const first = await exchangeRest(socket, body.slice(30));
    const again = await upload(world, body, headers);

    expect(again.receipt).toEqual(first);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  async function exchangeRest(socket: tls.TLSSocket, rest: string): Promise<Receipt> {
    const { body } = await exchange(socket, `${chunk(rest)}0\r\n\r\n`);
    socket.destroy();
    return JSON.parse(body.toString('utf8')) as Receipt;
  }
});
