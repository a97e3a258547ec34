import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Checkpoints } from '../../../gateway/ledger/checkpoints.js';
import { Ledger } from '../../../gateway/ledger/ledger.js';
import type { Head } from '../../../gateway/ledger/witness.js';
import type { Stage } from '../../../gateway/policy/grant.js';
import { benchLedger } from '../../../scripts/bench/ledger.js';
import { ledgerCommand } from '../../../scripts/commands/ledger.js';
import { aHome, type LedgerDatabase, anAnswer, createLedgerDatabase, TEST_HOME } from './ledger-database.js';

let database: LedgerDatabase;
let ledger: Ledger;
let home: Awaited<ReturnType<typeof aHome>>;
let heads: Head[];
let opened: [stage: Stage, home: string][];

beforeAll(async () => {
  home = await aHome();
});
afterAll(() => home.remove());
beforeEach(async () => {
  opened = [];
  heads = [];
  database = await createLedgerDatabase();
  ledger = new Ledger(database.gateway, TEST_HOME);
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
  [['verify'], /Name an export or a proof to verify, or say --database/],
  [['verify', 'some.ndjson', '--database'], /Name an export or a proof to verify, or say --database/],
  [['verify', '--database', '--checkpoint', '4'], /neither SIZE:ROOT \(64 hexadecimal digits\) nor a file/],
  [['verify', '--database', '--stage', 'production'], /Allowed choices are formal, test/],
  [['verify', '--database', '--ca', 'nowhere.crt'], /nowhere.crt is not there/],
])('%j is refused with what is allowed', async (line, message) => {
  await expect(run(...line)).rejects.toThrow(message);
  expect(opened).toEqual([]);
});

test('verify names an entry that somebody put in by hand, every trigger on, and one that was copied', async () => {
  const forged = `replace(facts, 'municipal', 'national')`;
  await putIn(forged, `sha256('')`);
  expect(await run('verify', '--database')).toMatch(/^The ledger does NOT hold. Row 5 \(inserted\): .* seal/);

  await database.superuser.query('alter table ledger.entry disable trigger refuse_change');
  await database.superuser.query('delete from ledger.entry where sequence = 5');
  expect(await run('verify', '--database')).toMatch(/^The ledger holds/);
  await putIn('facts', 'seal');
  expect(await run('verify', '--database')).toMatch(/Row 5 \(inserted\): Row 5 repeats/);
});

test('verify names the first row that is missing after what the machine noted', async () => {
  heads = [{ sequence: 4, chain: await chainOf(4) }];
  expect(await run('verify', '--database')).toMatch(/^The ledger holds/);
  await database.superuser.query('alter table ledger.entry disable trigger refuse_change');
  await database.superuser.query('delete from ledger.entry where sequence = 4');

  expect(await run('verify', '--database')).toMatch(/Row 4 \(deleted\): This machine noted 4 rows/);
  await new Ledger(database.gateway, TEST_HOME).append(anAnswer(9));
  expect(await run('verify', '--database')).toMatch(/Row 1 \(rewritten\): .* this machine noted 4 rows/);
});

test('verify of a ledger that lost a row ends with status 1 and names the row', async () => {
  await database.superuser.query('alter table ledger.entry disable trigger refuse_change');
  await database.superuser.query('delete from ledger.entry where sequence = 2');

  expect(JSON.parse(await run('verify', '--database', '--json'))).toMatchObject({
    problem: { sequence: 2, what: 'deleted' },
  });
  expect(process.exitCode).toBe(1);
  expect(await run('verify', '--database')).toBe(
    'The ledger does NOT hold. Row 2 (deleted): Row 2 is missing.\n',
  );
});

test('verify against a checkpoint of more entries than there are ends with status 1', async () => {
  expect(await run('verify', '--database', '--checkpoint', `5:${'ab'.repeat(32)}`)).toMatch(
    /Row 5 \(deleted\)/,
  );
  expect(process.exitCode).toBe(1);
});

test('verify of a stored checkpoint that the hub did not sign ends with status 1', async () => {
  const checkpoints = new Checkpoints({ pool: database.gateway, stage: 'TEST', sign: home.sign });
  const { size } = await checkpoints.sign();

  expect(await run('verify', '--database')).toBe(
    `The ledger does NOT hold. Row ${size} (forged): The stored checkpoint of 4 rows: it is one of the ledger of TEST.\n`,
  );
  expect(process.exitCode).toBe(1);
  expect(await run('verify', '--database', '--stage', 'test')).toMatch(
    /^The ledger holds: 4 entries; 1 checkpoint agrees/,
  );
});

test('verify of a sound ledger prints its checkpoint, which the next verify takes', async () => {
  const { size, root } = ledger.checkpoint();

  const text = await run('verify', '--database');

  expect(text).toBe(`The ledger holds: 4 entries; 0 checkpoints agree; checkpoint ${size}:${root}\n`);
  expect(await run('verify', '--database', '--checkpoint', `${size}:${root}`)).toBe(
    text.replace('0 checkpoints agree', '1 checkpoint agrees'),
  );
  expect(process.exitCode).toBeUndefined();
});

test('an export verifies where there is no database, with the signed receipt of somebody beside it', async () => {
  const [file, receipt] = [join(home.home, 'export.ndjson'), join(home.home, 'receipt.json')];
  const text = JSON.stringify({ checkpoint: ledger.checkpoint(), receivedAt: new Date().toISOString() });
  await writeFile(receipt, text);
  await writeFile(`${receipt}.jws`, await home.sign(text));

  expect(JSON.parse(await run('export', '--out', file, '--json'))).toMatchObject({ file, entries: 4 });
  opened = [];
  heads = [];

  expect(await run('verify', file, '--checkpoint', receipt)).toMatch(
    /^The export holds: 4 entries, signed 20\S+; 2 checkpoints agree; checkpoint 4:[0-9a-f]{64}\n$/,
  );
  expect(opened).toEqual([]);
  await writeFile(`${receipt}.jws`, await home.sign(text.replace('4', '5')));
  await expect(run('verify', file, '--checkpoint', receipt)).rejects.toThrow(
    /signature is not of these bytes/,
  );
});

test('an export that was touched ends with status 1 and names the row; without --out it goes to standard output', async () => {
  const file = join(home.home, 'touched.ndjson');
  await writeFile(file, (await run('export')).replace('request-3', 'request-4'));

  expect(await run('verify', file)).toMatch(/^The export does NOT hold. Row 3 \(changed\)/);
  expect(process.exitCode).toBe(1);
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(6);
});

test('what is neither an export nor a proof is refused', async () => {
  const file = join(home.home, 'other.json');
  await writeFile(file, '{"format":"hub-receipt/1"}');

  await expect(run('verify', file)).rejects.toThrow(/neither an export nor a proof/);
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

test('show prints what was done to which objects, and a dash for one that is not named', async () => {
  const done = { sha256: 'ab'.repeat(32), salt: 'cd'.repeat(16) };
  await ledger.append({
    event: 'ACT',
    request: 'request-5',
    tenant: 'municipal',
    purpose: 'SUPERVISION',
    acts: [
      { act: 'approveCorrection', type: 'Correction', object: 'cor_1', ...done },
      { act: 'registerEnterprises', type: 'Enterprise', object: null, ...done },
    ],
  });

  expect(await run('show', '--last', '1')).toMatch(
    /^5 {2}\S+Z {2}ACT {2}municipal {2}SUPERVISION {2}request=request-5 {2}approveCorrection Correction cor_1 sha256=(ab){32} {2}registerEnterprises Enterprise - sha256=(ab){32}\n$/,
  );
});

test('the stage and the home decide which ledger is opened', async () => {
  await run('show');
  await run('show', '--stage', 'test', '--home', '/elsewhere');

  expect(opened).toEqual([
    ['FORMAL', process.env['HUB_HOME'] ?? '.hub'],
    ['TEST', '/elsewhere'],
  ]);
});

test('the measuring verifies what it timed', async () => {
  expect(await benchLedger(database.gateway, TEST_HOME.sealKey, 500, 8)).toMatchObject({
    name: 'ledger',
    entries: 500,
  });

  await database.superuser.query('alter table ledger.entry disable trigger refuse_change');
  await database.superuser.query('delete from ledger.entry where sequence = 2');
  await expect(benchLedger(database.gateway, TEST_HOME.sealKey, 500, 8)).rejects.toThrow('Row 2 is missing');
});

const putIn = (facts: string, seal: string) =>
  database.superuser.query(
    `insert into ledger.entry (facts, seal) select ${facts}, ${seal} from ledger.entry where sequence = 2`,
  );

async function chainOf(sequence: number): Promise<string> {
  const { rows } = await database.superuser.query<{ chain: Buffer }>(
    'select chain from ledger.entry where sequence = $1',
    [sequence],
  );
  return rows[0]!.chain.toString('hex');
}

async function run(...line: string[]): Promise<string> {
  const chunks: string[] = [];
  const output = new Writable({
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk.toString());
      done();
    },
  });
  const openLedger = async (stage: Stage, { home: place }: { home: string }) => {
    opened.push([stage, place]);
    return {
      pool: database.anotherGateway(),
      sign: home.sign,
      home: async () => ({ ...TEST_HOME, heads }),
      close: async () => undefined,
    };
  };
  const command = ledgerCommand({ openLedger, output });
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  const ca =
    line[0] === 'verify' && !line.includes('--ca') ? ['--ca', join(home.home, 'certs', 'ca.crt')] : [];
  await command.parseAsync([...line, ...ca], { from: 'user' });
  return chunks.join('');
}
