import { writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { bodyOf, type Handler, homeWith, openDoor, type TestHome } from './door.js';
import { runHub } from './hub-command.js';

let home: TestHome;
beforeAll(async () => {
  home = await homeWith('district-310101');
});
afterAll(() => home[Symbol.asyncDispose]());

/** The headers that the door saw of one upload; its answer is of no matter here. */
async function headersOf(file: string, contents: string, ...options: string[]): Promise<IncomingHttpHeaders> {
  let seen: IncomingHttpHeaders = {};
  const handler: Handler = async (request, response) => {
    seen = request.headers;
    await bodyOf(request);
    response.writeHead(500).end();
  };
  await using door = await openDoor(home, handler);
  const path = join(home.path, file);
  await writeFile(path, contents);
  await runHub([
    'upload',
    path,
    '--as',
    'district-310101',
    '--home',
    home.path,
    '--url',
    door.url,
    ...options,
  ]);
  return seen;
}

test('a format travels as media type with its parameters, and the meters beside it', async () => {
  const headers = await headersOf(
    'a.data',
    '<feed/>',
    '--with',
    'unit=Wh',
    '--meter',
    'A/1=m1',
    '--meter',
    'B=m2',
  );

  expect(headers['content-type']).toBe('application/atom+xml; unit="Wh"');
  expect(headers['hub-meters']).toBe('A%2F1=m1&B=m2');
});

test('the same file read in another way is another upload', async () => {
  const plain = await headersOf('a.xml', '<feed/>');
  const again = await headersOf('b.xml', '<feed/>', '--format', 'espi');
  const other = await headersOf('a.xml', '<feed/>', '--meter', 'A=m1');

  expect(plain['idempotency-key']).toBe(again['idempotency-key']);
  expect(other['idempotency-key']).not.toBe(plain['idempotency-key']);
  expect(other['idempotency-key']).toMatch(/^[0-9a-f]{64}$/);
});
