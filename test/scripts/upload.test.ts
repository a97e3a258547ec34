import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Credentials } from '../../certs/issuing.js';
import { bodyOf, type Door, homeWith, openDoor, refuse, type TestHome } from './door.js';
import { runHub } from './hub-command.js';
import { answerReceipt, asDistrict, fileIn, LINES, RECEIPT, receivingDoor } from './upload-door.js';

let home: TestHome;
let signer: Credentials;
let tenant: Credentials;
beforeAll(async () => {
  home = await homeWith('district-310101');
  signer = await home.authority.signingCredentials();
  tenant = await home.authority.issueClient({ name: 'eve', stage: 'FORMAL' });
});
afterAll(() => home[Symbol.asyncDispose]());

const fileOf = (name: string, contents: string | Buffer): Promise<string> => fileIn(home, name, contents);
const as = (door: Pick<Door, 'url'>): string[] => asDistrict(home, door);

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
  await using door = await receivingDoor(home);
  await using foreign = await openDoor(other, (_request, response) =>
    answerReceipt(response, Buffer.alloc(0), { by: signer }),
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
      answerReceipt(response, sent, {
        by: signer,
        change: (text) => text.replace('"accepted":1', '"accepted":2'),
      }),
    (response, sent) => answerReceipt(response, sent, { by: tenant }),
    (response, sent) => answerReceipt(response, sent, { by: foreign }),
    (response) => response.end(JSON.stringify(RECEIPT)),
    (response, sent) => answerReceipt(response, sent, { by: signer, about: sent.subarray(1) }),
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

test('the receipt is kept with its signature, and the summary names the reasons and how to see the lines', async () => {
  await using door = await receivingDoor(home);
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
