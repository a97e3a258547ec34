import { Ledger } from '../../../gateway/ledger/ledger.js';
import { Checkpoints } from '../../../gateway/ledger/checkpoints.js';
import type { SignedCheckpoint } from '../../../gateway/ledger/signed.js';
import { type Progress, verifyLedger } from '../../../gateway/ledger/verify.js';
import { examiner } from '../../../scripts/ledger/anchors.js';
import { aHome, type LedgerDatabase, anAnswer, createLedgerDatabase, TEST_HOME } from './ledger-database.js';

/** More than two pages of the verification. */
const LAST = 4_500;

let database: LedgerDatabase;
let ledger: Ledger;
let home: Awaited<ReturnType<typeof aHome>>;

beforeAll(async () => {
  [database, home] = await Promise.all([createLedgerDatabase(), aHome()]);
  ledger = new Ledger(database.gateway, TEST_HOME);
  await Promise.all(Array.from({ length: LAST }, (_, n) => ledger.append(anAnswer(n + 1))));
});
afterAll(() => Promise.all([database.drop(), home.remove()]));

/** What a forger writes who knows how leaves and chains are computed. */
const FORGERY = `(select replace(facts, 'municipal', 'national') as f from ledger.entry where sequence = 7) as x`;
const LEAF = `sha256('\\x00'::bytea || convert_to(f, 'UTF8'))`;
const chainOf = (sequence: number) => `(select chain from ledger.entry where sequence = ${sequence})`;

const set = (sequence: number, change: string) =>
  `update ledger.entry set ${change} where sequence = ${sequence}`;
const forge = (sequence: number) =>
  `update ledger.entry set facts = f, leaf = ${LEAF} from ${FORGERY} where sequence = ${sequence}`;
const remove = (first: number, last: number) =>
  `delete from ledger.entry where sequence between ${first} and ${last}`;
const renumber = (from: number, by: number) =>
  `update ledger.entry set sequence = sequence + ${by} where sequence >= ${from}`;
const insertForged = (sequence: number, chain: string) =>
  `insert into ledger.entry
   select ${sequence}, (f::json ->> 'at')::timestamptz, f, ${LEAF}, ${chain}, '', sha256('') from ${FORGERY}`;
const insertCopy = (sequence: number, of: number) =>
  `insert into ledger.entry
   select ${sequence}, recorded_at, facts, leaf, chain, nodes, seal from ledger.entry where sequence = ${of}`;
const exchange = (one: number, other: number) =>
  `update ledger.entry set sequence = ${one + other} - sequence where sequence in (${one}, ${other})`;

test.each([
  ['facts changed', 2_500, 'changed', [set(2_500, `facts = replace(facts, 'municipal', 'national')`)]],
  ['facts no longer JSON', 2_500, 'changed', [set(2_500, `facts = 'x', leaf = sha256('\\x0078')`)]],
  ['facts and leaf changed together', 2_500, 'changed', [forge(2_500)]],
  ['facts and leaf of the last row changed together', LAST, 'changed', [forge(LAST)]],
  ['a time changed', 1, 'changed', [set(1, `recorded_at = recorded_at + interval '1 microsecond'`)]],
  ['a chain hash changed', 9, 'changed', [set(9, 'chain = leaf')]],
  ['the first row deleted', 1, 'deleted', [remove(1, 1)]],
  ['rows deleted across pages', 1_999, 'deleted', [remove(1_999, 2_002)]],
  ['a row deleted and the rest renumbered', 30, 'changed', [remove(30, 30), renumber(31, -1)]],
  ['a row inserted, chained to nothing', 2_001, 'inserted', [renumber(2_001, 1), insertForged(2_001, LEAF)]],
  [
    'a row inserted, rightly chained',
    2_001,
    'inserted',
    [renumber(2_001, 1), insertForged(2_001, `sha256(${chainOf(2_000)} || ${LEAF})`)],
  ],
  ['a copy of a row inserted', 40, 'inserted', [renumber(40, 1), insertCopy(40, 12)]],
  ['a row inserted before the first', 0, 'inserted', [insertForged(0, chainOf(1))]],
  ['a second row of the same number, at a page’s end', 2_000, 'inserted', [insertForged(2_000, chainOf(1))]],
  ['two neighbours exchanged', 50, 'reordered', [exchange(50, 51)]],
  ['two rows far apart exchanged', 50, 'reordered', [exchange(50, 3_000)]],
  ['nodes of the tree changed', 64, 'changed', [set(64, `nodes = overlay(nodes placing leaf from 33)`)]],
  ['nodes of the last row taken away', LAST, 'changed', [set(LAST, `nodes = ''`)]],
  ['a row moved to the end', 50, 'reordered', [set(50, `sequence = ${LAST + 1}`)]],
])('%s: row %i is named as %s', async (_, sequence, what, statements) => {
  const { problem } = await database.tampered(statements, (superuser) => verifyLedger(superuser));

  expect(problem).toMatchObject({ sequence, what });
});

test('rows cut off the end are found against a checkpoint, and only so', async () => {
  const cutOff = [remove(LAST - 1, LAST)];
  const [alone, against] = await database.tampered(cutOff, async (superuser) => [
    await verifyLedger(superuser),
    await verifyLedger(superuser, { given: [ledger.checkpoint()] }),
  ]);

  expect(alone).not.toHaveProperty('problem');
  expect(against).toMatchObject({ entries: LAST - 2, problem: { sequence: LAST - 1, what: 'deleted' } });
});

test('a ledger that is not the one a checkpoint was taken of is found against it', async () => {
  const checkpoint = { size: 17, root: 'ab'.repeat(32) };

  const { problem } = await verifyLedger(database.gateway, { given: [checkpoint] });

  expect(problem).toMatchObject({ sequence: 1, what: 'rewritten' });
});

test('a sound ledger verifies to its head, by pages, and tells how far it is', async () => {
  const steps: Progress[] = [];

  const verification = await verifyLedger(database.gateway, {
    onProgress: (progress) => steps.push(progress),
    given: [ledger.checkpoint()],
  });

  expect(verification).toEqual({ entries: LAST, head: ledger.checkpoint(), checkpoints: 1 });
  expect(steps).toEqual([2_000, 4_000, LAST].map((done) => ({ done, total: LAST })));
});

describe('a tail that was written anew, hashes, chain, nodes and all', () => {
  const signed: SignedCheckpoint[] = [];
  /** What the triggers write again from the row on, the first with other facts: sound in itself. */
  const rewrittenFrom = (sequence: number) => [
    `create temporary table tail as select * from ledger.entry where sequence >= ${sequence}`,
    remove(sequence, LAST + 9),
    `update tail set facts = replace(facts, 'municipal', 'national') where sequence = ${sequence}`,
    'alter table ledger.entry enable trigger link',
    `insert into ledger.entry (facts, seal) select facts, seal from tail order by sequence`,
    'drop table tail',
  ];
  const dropCheckpoints = 'delete from ledger.checkpoint';

  beforeAll(async () => {
    const other = new Ledger(database.gateway, TEST_HOME);
    const checkpoints = new Checkpoints({ pool: database.gateway, stage: 'FORMAL', sign: home.sign });
    for (let n = 0; n < 3; n += 1) {
      signed.push(await checkpoints.sign());
      for (let more = 1; more <= 3; more += 1) await other.append(anAnswer(LAST + 3 * n + more));
    }
  });

  test('is found against the stored checkpoints, between the last that agrees and the first that does not', async () => {
    const { problem } = await database.tampered(rewrittenFrom(LAST + 2), (superuser) =>
      verifyLedger(superuser),
    );

    const detail = `Of rows ${LAST + 1} to ${LAST + 3} at least one is another than when the checkpoint of ${LAST + 3} rows was taken.`;
    expect(problem).toEqual({ sequence: LAST + 1, what: 'rewritten', detail });
  });

  test('is found against one that somebody kept when those in the database were taken away', async () => {
    const [, { size, root }] = signed as [SignedCheckpoint, SignedCheckpoint];
    const statements = [...rewrittenFrom(LAST + 2), dropCheckpoints];
    const [alone, against] = await database.tampered(statements, async (superuser) => [
      await verifyLedger(superuser),
      await verifyLedger(superuser, { given: [{ size, root }] }),
    ]);

    expect(alone).not.toHaveProperty('problem');
    expect(against).toMatchObject({ problem: { sequence: 1, what: 'rewritten' } });
  });

  test.each([
    [
      'its columns were changed to fit',
      `set root = sha256('x')`,
      'it says something else than its signed text.',
    ],
    [
      'it was signed for something else',
      `set body = replace(body, '"size":', '"size":1')`,
      'not of these bytes',
    ],
    ['its signature is not one', `set signature = 'x..y'`, 'names no certificate'],
  ])('a stored checkpoint is found when %s', async (_, change, detail) => {
    const statements = [`update ledger.checkpoint ${change} where size = ${LAST + 3}`];
    const examine = examiner(home.ca, 'FORMAL');
    const { problem } = await database.tampered(statements, (superuser) =>
      verifyLedger(superuser, { examine }),
    );

    expect(problem).toMatchObject({ sequence: LAST + 3, what: 'forged' });
    expect(problem?.detail).toContain(detail);
  });

  test('all that are the hub’s own agree with a sound ledger', async () => {
    const { problem, checkpoints } = await verifyLedger(database.gateway, {
      examine: examiner(home.ca, 'FORMAL'),
    });

    expect([problem, checkpoints]).toEqual([undefined, 3]);
  });
});
