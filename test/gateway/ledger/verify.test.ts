import { Ledger } from '../../../gateway/ledger/ledger.js';
import { type Progress, verifyLedger } from '../../../gateway/ledger/verify.js';
import { type LedgerDatabase, anAnswer, createLedgerDatabase } from './ledger-database.js';

/** More than two pages of the verification. */
const LAST = 4_500;

let database: LedgerDatabase;
let ledger: Ledger;

beforeAll(async () => {
  database = await createLedgerDatabase();
  ledger = new Ledger(database.gateway);
  await Promise.all(Array.from({ length: LAST }, (_, n) => ledger.append(anAnswer(n + 1))));
});
afterAll(() => database.drop());

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
   select ${sequence}, (f::json ->> 'at')::timestamptz, f, ${LEAF}, ${chain}, '' from ${FORGERY}`;
const insertCopy = (sequence: number, of: number) =>
  `insert into ledger.entry
   select ${sequence}, recorded_at, facts, leaf, chain, nodes from ledger.entry where sequence = ${of}`;
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
