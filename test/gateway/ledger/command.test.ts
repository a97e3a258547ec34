import { Writable } from 'node:stream';
import { Ledger } from '../../../gateway/ledger/ledger.js';
import type { Stage } from '../../../gateway/policy/grant.js';
import { benchLedger } from '../../../scripts/bench/ledger.js';
import { ledgerCommand } from '../../../scripts/commands/ledger.js';
import { type LedgerDatabase, anAnswer, createLedgerDatabase } from './ledger-database.js';

let database: LedgerDatabase;
let ledger: Ledger;
let opened: [stage: Stage, home: string][];

beforeEach(async () => {
  opened = [];
  database = await createLedgerDatabase();
  ledger = new Ledger(database.gateway);
  await Promise.all([1, 2, 3].map((n) => ledger.append(anAnswer(n))));
  await ledger.append({
    event: 'ADMIN',
    request: null,
    actor: 'console',
    act: 'SCOPE_ADDED',
    object: 'scope-1',
  });
});
afterEach(async () => {
  process.exitCode = undefined;
  await database.drop();
});

test.each([
  [['show', '--last', '0'], /whole number from 1/],
  [['show', '--last', 'many'], /whole number from 1/],
  [['verify', '--checkpoint', '4'], /64 hexadecimal digits/],
  [['verify', '--stage', 'production'], /Allowed choices are formal, test/],
])('%j is refused with what is allowed', async (line, message) => {
  await expect(run(...line)).rejects.toThrow(message);
  expect(opened).toEqual([]);
});

test('verify of a ledger that lost a row ends with status 1 and names the row', async () => {
  await database.superuser.query('alter table ledger.entry disable trigger refuse_change');
  await database.superuser.query('delete from ledger.entry where sequence = 2');

  expect(JSON.parse(await run('verify', '--json'))).toMatchObject({
    problem: { sequence: 2, what: 'deleted' },
  });
  expect(process.exitCode).toBe(1);
  expect(await run('verify')).toBe('The ledger does NOT hold. Row 2 (deleted): Row 2 is missing.\n');
});

test('verify against a checkpoint of more entries than there are ends with status 1', async () => {
  expect(await run('verify', '--checkpoint', `5:${'ab'.repeat(32)}`)).toMatch(/Row 5 \(deleted\)/);
  expect(process.exitCode).toBe(1);
});

test('verify of a sound ledger prints its checkpoint, which the next verify takes', async () => {
  const { size, root } = ledger.checkpoint();

  const text = await run('verify');

  expect(text).toBe(`The ledger holds: 4 entries, checkpoint ${size}:${root}\n`);
  expect(await run('verify', '--checkpoint', `${size}:${root}`)).toBe(text);
  expect(process.exitCode).toBeUndefined();
});

test('show prints the newest entries, oldest first, for people and as JSON', async () => {
  const lines = (await run('show', '--last', '2')).trimEnd().split('\n');

  expect(lines[0]).toMatch(
    /^3 {2}\S+Z {2}DECISION_AND_RELEASE {2}municipal {2}SUPERVISION {2}request=request-3 {2}QUERY 楼宇 {2}allowed {2}audits:read=SCOPE_MISSING {2}ANSWER sha256=(ef){32}$/,
  );
  expect(lines[1]).toMatch(/^4 {2}\S+Z {2}ADMIN {2}console {2}SCOPE_ADDED {2}scope-1$/);
  expect(JSON.parse(await run('show', '--json'))).toMatchObject([
    { sequence: 1, facts: anAnswer(1) },
    { sequence: 2 },
    { sequence: 3 },
    { sequence: 4, leaf: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
  ]);
});

test('the stage and the home decide which ledger is opened', async () => {
  await run('show');
  await run('verify', '--stage', 'test', '--home', '/elsewhere');

  expect(opened).toEqual([
    ['FORMAL', process.env['HUB_HOME'] ?? '.hub'],
    ['TEST', '/elsewhere'],
  ]);
});

test('the measuring verifies what it timed', async () => {
  expect(await benchLedger(database.gateway, 500, 8)).toMatchObject({ name: 'ledger', entries: 500 });

  await database.superuser.query('alter table ledger.entry disable trigger refuse_change');
  await database.superuser.query('delete from ledger.entry where sequence = 2');
  await expect(benchLedger(database.gateway, 500, 8)).rejects.toThrow('Row 2 is missing');
});

async function run(...line: string[]): Promise<string> {
  const chunks: string[] = [];
  const output = new Writable({
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk.toString());
      done();
    },
  });
  const openLedgerPool = async (stage: Stage, { home }: { home: string }) => {
    opened.push([stage, home]);
    const pool = database.anotherGateway();
    return { pool, close: async () => undefined };
  };
  const command = ledgerCommand({ openLedgerPool, output });
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  await command.parseAsync(line, { from: 'user' });
  return chunks.join('');
}
