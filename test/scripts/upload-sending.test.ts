import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Credentials } from '../../certs/issuing.js';
import { HubClient } from '../../scripts/client/hub-client.js';
import { openConnection } from '../../scripts/client/connection.js';
import { filePayload } from '../../scripts/client/payload.js';
import { byteProgress } from '../../scripts/client/progress.js';
import { sendReadings } from '../../scripts/client/send-readings.js';
import { bodyOf, type Door, homeWith, openDoor, type TestHome } from './door.js';
import { runHub } from './hub-command.js';
import { answerReceipt, asDistrict, fileIn, LINES, receivingDoor } from './upload-door.js';

let home: TestHome;
let signer: Credentials;
beforeAll(async () => {
  home = await homeWith('district-310101');
  signer = await home.authority.signingCredentials();
});
afterAll(() => home[Symbol.asyncDispose]());

const fileOf = (name: string, contents: string | Buffer): Promise<string> => fileIn(home, name, contents);
const as = (door: Pick<Door, 'url'>): string[] => asDistrict(home, door);

test('standard input is sent once: a broken connection is not retried and the message says why', async () => {
  let calls = 0;
  await using door = await openDoor(home, (request) => {
    calls += 1;
    request.once('data', () => request.socket.destroy());
  });

  const { status, err } = await runHub(['upload', '-', ...as(door)], LINES);

  expect({ status, calls }).toEqual({ status: 1, calls: 1 });
  expect(err).toMatch(/^CONNECTION_LOST: .*Standard input passes only once/);
});

test('after as many retries as allowed the upload gives up', async () => {
  let calls = 0;
  await using door = await openDoor(home, (request) => {
    calls += 1;
    request.once('data', () => request.socket.destroy());
  });
  const connection = await openConnection({ as: 'district-310101', home: home.path, url: door.url });
  const client = new HubClient(connection);

  const sending = sendReadings(client, {
    path: '/upload/readings',
    payload: await filePayload(await fileOf('a.ndjson', LINES)),
    key: 'k',
    ca: home.ca,
    progress: byteProgress({ quiet: true }, ''),
    retry: { retries: 2, firstPauseMs: 1 },
  });

  await expect(sending).rejects.toThrow(/The connection to .* broke.*Gave up after 3 attempts/);
  await client.close();
  expect(calls).toBe(3);
});

test('a broken upload is sent again from its first byte under the same key', async () => {
  const got: { key: unknown; body: Buffer }[] = [];
  await using door = await openDoor(home, async (request, response) => {
    if (got.length === 0) {
      got.push({ key: request.headers['idempotency-key'], body: Buffer.alloc(0) });
      request.once('data', () => request.socket.destroy());
      return;
    }
    const body = await bodyOf(request);
    got.push({ key: request.headers['idempotency-key'], body });
    await answerReceipt(response, body, { by: signer });
  });

  const { status, err } = await runHub(['upload', await fileOf('a.ndjson', LINES), ...as(door)]);

  const key = createHash('sha256').update(LINES).digest('hex');
  expect(status).toBe(0);
  expect(err).toMatch(/Trying again in 1 s \(1 of 3\)/);
  expect(got.map((one) => one.key)).toEqual([key, key]);
  expect(got[1]?.body.toString()).toBe(LINES);
});

test('a file is sent as it is, its type and compression told by what it holds', async () => {
  await using door = await receivingDoor(home);
  const csv = 'meter,time,value\nm-1,2026-11-01T00:00:00+08:00,1.5\n';
  const inputs = [
    await fileOf('b.ndjson', LINES),
    await fileOf('b.csv', csv),
    await fileOf('gzipped-lines', gzipSync(LINES)),
    await fileOf('zstd-table', zstdCompressSync(csv)),
    await fileOf('wrong-name.csv.gz', gzipSync(csv)),
  ];

  for (const input of inputs) expect((await runHub(['upload', input, ...as(door)])).status).toBe(0);
  await runHub(['upload', '-', '--purpose', 'DATA_REPORTING', '--idempotency-key', 'mine', ...as(door)], csv);

  const seen = door.got.map(({ headers }) => [headers['content-type'], headers['content-encoding']]);
  expect(seen).toEqual([
    ['application/x-ndjson', undefined],
    ['text/csv', undefined],
    ['application/x-ndjson', 'gzip'],
    ['text/csv', 'zstd'],
    ['text/csv', 'gzip'],
    ['text/csv', undefined],
  ]);
  expect(door.got[2]?.body).toEqual(await readFile(inputs[2] as string));
  expect(door.got[5]?.headers).toMatchObject({
    'idempotency-key': 'mine',
    'x-hub-purpose': 'DATA_REPORTING',
  });
});
