import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Credentials } from '../../certs/issuing.js';
import { HubClient } from '../../scripts/client/hub-client.js';
import { openConnection } from '../../scripts/client/connection.js';
import { filePayload } from '../../scripts/client/payload.js';
import { byteProgress } from '../../scripts/client/progress.js';
import { sendReadings } from '../../scripts/client/send-readings.js';
import { bodyOf, type Door, homeWith, openDoor, refuse, sign, type TestHome } from './door.js';
import { runHub } from './hub-command.js';

const LINES = '{"meter":"m-1","date":"2026-11-01","interval":60,"values":[1,2,3]}\n'.repeat(1000);

const RECEIPT = {
  format: 'hub-receipt/1',
  batch: 'bat_1',
  tenant: 'district-310101',
  state: 'COMPLETE',
  lines: 1000,
  accepted: 1,
  unchanged: 0,
  corrected: 0,
  quarantined: 999,
  reasons: { DUPLICATE_LINE: 999 },
  readings: 3,
  bytes: 1,
  receivedAt: '2026-11-20T08:00:00Z',
  checkpoint: { size: 7, root: 'cd' },
  quarantine: '/upload/batches/bat_1/quarantine',
};

let home: TestHome;
let signer: Credentials;
let tenant: Credentials;

beforeAll(async () => {
  home = await homeWith('district-310101');
  signer = await home.authority.signingCredentials();
  tenant = await home.authority.issueClient({ name: 'eve', stage: 'FORMAL' });
});

afterAll(() => home[Symbol.asyncDispose]());

async function fileOf(name: string, contents: string | Buffer): Promise<string> {
  const path = join(home.path, name);
  await writeFile(path, contents);
  return path;
}

const as = (door: Pick<Door, 'url'>): string[] => [
  '--as',
  'district-310101',
  '--home',
  home.path,
  '--url',
  door.url,
];

interface Answer {
  by?: Credentials;
  /** Done to the receipt after it was signed. */
  change?: (text: string) => string;
  /** What the receipt says it is for, where that is not what was sent. */
  about?: Buffer;
}

async function answerReceipt(response: ServerResponse, sent: Buffer, answer: Answer = {}): Promise<void> {
  const sha256 = createHash('sha256')
    .update(answer.about ?? sent)
    .digest('hex');
  const body = JSON.stringify({ ...RECEIPT, sha256 });
  const signature = await sign(body, answer.by ?? signer);
  response.writeHead(200, { 'content-type': 'application/json', 'hub-signature': signature });
  response.end(answer.change?.(body) ?? body);
}

/** A door that keeps what it was sent and answers with a receipt. */
async function receivingDoor(): Promise<Door & { got: { headers: IncomingHttpHeaders; body: Buffer }[] }> {
  const got: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const door = await openDoor(home, async (request, response) => {
    const body = await bodyOf(request);
    got.push({ headers: request.headers, body });
    await answerReceipt(response, body);
  });
  return { ...door, got };
}

test('without a certificate named the command says how to name one', async () => {
  const file = await fileOf('a.ndjson', LINES);

  const { status, out, err } = await runHub(['upload', file, '--home', home.path]);

  expect(status).toBe(1);
  expect(out).toBe('');
  expect(err).toMatch(/^CERTIFICATE_MISSING: .*\n {2}Name a tenant with --as/);
  expect(err).not.toMatch(/\n\s+at /);
});

test('a tenant without certificate, a missing file and an empty file are told apart', async () => {
  const door = { url: 'https://localhost:1' };
  const file = await fileOf('a.ndjson', LINES);
  const empty = await fileOf('empty.ndjson', '');

  const nobody = await runHub(['upload', file, '--as', 'nobody', '--home', home.path]);
  const missing = await runHub(['upload', `${file}.not`, ...as(door)]);
  const hollow = await runHub(['upload', empty, ...as(door)]);

  expect([nobody.status, missing.status, hollow.status]).toEqual([1, 1, 1]);
  expect(nobody.err).toMatch(/CERTIFICATE_MISSING: .*nobody\.crt is not there/);
  expect(missing.err).toMatch(/FILE_UNUSABLE: no such file or directory/);
  expect(hollow.err).toMatch(/FILE_UNUSABLE: .*empty\.ndjson is empty/);
});

test('where nothing listens the command says so after its retries', async () => {
  const file = await fileOf('a.ndjson', LINES);

  const { status, out } = await runHub([
    'upload',
    file,
    ...as({ url: 'https://localhost:1' }),
    '--retries',
    '0',
    '--json',
  ]);

  expect(status).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ errors: [{ extensions: { code: 'HUB_UNREACHABLE' } }] });
});

test('a server of another authority gets no data, and a tenant of another authority is refused', async () => {
  await using other = await homeWith('district-310101');
  await using door = await receivingDoor();
  await using foreign = await openDoor(other, (_request, response) =>
    answerReceipt(response, Buffer.alloc(0)),
  );
  const file = await fileOf('a.ndjson', LINES);
  const stranger = join(other.path, 'certs', 'district-310101');

  const wrongServer = await runHub(['upload', file, ...as(foreign), '--retries', '0']);
  const wrongClient = await runHub([
    ...['upload', file, '--url', door.url, '--cert', `${stranger}.crt`, '--key', `${stranger}.key`],
    ...['--ca', join(home.path, 'certs', 'ca.crt'), '--retries', '0'],
  ]);

  expect(wrongServer.err).toMatch(/^SERVER_UNTRUSTED/);
  expect(wrongClient.err).toMatch(/^TLS_REFUSED|^CONNECTION_LOST/);
  expect([wrongServer.status, wrongClient.status, door.got.length]).toEqual([1, 1, 0]);
});

test('a refusal of the hub is shown with its code, message and remedy, and not retried', async () => {
  let calls = 0;
  await using door = await openDoor(home, async (request, response) => {
    calls += 1;
    await bodyOf(request);
    refuse(response, 403, 'SCOPE_MISSING', 'No scope for readings.');
  });

  const { status, err } = await runHub(['upload', await fileOf('a.ndjson', LINES), ...as(door)]);

  expect({ status, err, calls }).toEqual({
    status: 1,
    err: 'SCOPE_MISSING: No scope for readings.\n  Remedy of SCOPE_MISSING.\n',
    calls: 1,
  });
});

test('a receipt altered, signed by a tenant or another hub, unsigned or for other bytes is refused', async () => {
  await using other = await homeWith();
  const foreign = await other.authority.signingCredentials();
  const answers: ((response: ServerResponse, sent: Buffer) => unknown)[] = [
    (response, sent) =>
      answerReceipt(response, sent, { change: (text) => text.replace('"accepted":1', '"accepted":2') }),
    (response, sent) => answerReceipt(response, sent, { by: tenant }),
    (response, sent) => answerReceipt(response, sent, { by: foreign }),
    (response) => response.end(JSON.stringify(RECEIPT)),
    (response, sent) => answerReceipt(response, sent, { about: sent.subarray(1) }),
  ];
  await using door = await openDoor(home, async (request, response) => {
    await answers.shift()?.(response, await bodyOf(request));
  });
  const file = await fileOf('a.ndjson', LINES);
  const kept = join(home.path, 'refused.json');
  const errors: string[] = [];

  while (answers.length > 0) {
    const { status, err } = await runHub(['upload', file, ...as(door), '--receipt', kept]);
    errors.push(`${status} ${err}`);
  }

  expect(errors[0]).toMatch(/^1 SIGNATURE_INVALID: .*not of these bytes/);
  expect(errors[1]).toMatch(/^1 SIGNATURE_INVALID: .*not issued by the root/);
  expect(errors[2]).toMatch(/^1 SIGNATURE_INVALID: .*not issued by the root/);
  expect(errors[3]).toMatch(/^1 SIGNATURE_INVALID: .*no detached signature/);
  expect(errors[4]).toMatch(/^1 ANSWER_UNEXPECTED: .*for other bytes than those sent/);
  await expect(readFile(kept)).rejects.toThrow('ENOENT');
});

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
    await answerReceipt(response, body);
  });

  const { status, err } = await runHub(['upload', await fileOf('a.ndjson', LINES), ...as(door)]);

  const key = createHash('sha256').update(LINES).digest('hex');
  expect(status).toBe(0);
  expect(err).toMatch(/Trying again in 1 s \(1 of 3\)/);
  expect(got.map((one) => one.key)).toEqual([key, key]);
  expect(got[1]?.body.toString()).toBe(LINES);
});

test('a file is sent as it is, its type and compression told by what it holds', async () => {
  await using door = await receivingDoor();
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

test('the receipt is kept with its signature, and the summary names the reasons and how to see the lines', async () => {
  await using door = await receivingDoor();
  const kept = join(home.path, 'receipt.json');
  const file = await fileOf('a.ndjson', LINES);

  const plain = await runHub(['upload', file, ...as(door), '--receipt', kept]);
  const json = await runHub(['upload', file, ...as(door), '--json']);
  const quiet = await runHub(['upload', file, ...as(door), '--quiet']);

  expect(plain.out).toContain('quarantined 999');
  expect(plain.out).toContain('DUPLICATE_LINE: 999');
  expect(plain.out).toContain('hub upload --rejected bat_1 --as district-310101');
  expect(plain.err).toBe('');
  expect(JSON.parse(await readFile(kept, 'utf8'))).toMatchObject(RECEIPT);
  expect(await readFile(`${kept}.jws`, 'utf8')).toMatch(/^[\w-]+\.\.[\w-]+\n$/);
  expect(JSON.parse(json.out)).toMatchObject({ batch: 'bat_1', replayed: false });
  expect(quiet).toEqual({ status: 0, out: '', err: '' });
});

test('rejected lines are fetched by the batch', async () => {
  const line = '{"line":2,"reason":"DUPLICATE_LINE","content":"…"}\n';
  await using door = await openDoor(home, (request, response) => {
    if (request.url !== '/upload/batches/bat_1/quarantine') return refuse(response, 404, 'NOT_FOUND', 'No.');
    return response.end(line);
  });
  const out = join(home.path, 'rejected.ndjson');

  const unknown = await runHub(['upload', '--rejected', 'bat_2', ...as(door)]);
  const printed = await runHub(['upload', '--rejected', 'bat_1', ...as(door)]);
  await runHub(['upload', '--rejected', 'bat_1', '--out', out, ...as(door)]);

  expect(unknown).toMatchObject({ status: 1, err: 'NOT_FOUND: No.\n  Remedy of NOT_FOUND.\n' });
  expect(printed.out).toBe(line);
  expect(await readFile(out, 'utf8')).toBe(line);
});
