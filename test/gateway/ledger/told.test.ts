import { commit, type Told } from '../../../gateway/ledger/commitments.js';
import { Ledger } from '../../../gateway/ledger/ledger.js';
import { verifyLedger } from '../../../gateway/ledger/verify.js';
import { anAnswer, createLedgerDatabase, type LedgerDatabase, TEST_HOME } from './ledger-database.js';

let database: LedgerDatabase;

const told = (subject: string, values: number): Told => ({
  subject,
  area: '310101',
  category: 'readings',
  values,
  consents: ['con_1', 'con_2'],
});

/** Entries 2, 4 and 6 tell something of two subjects, of one, and of more than a page of them. */
beforeAll(async () => {
  database = await createLedgerDatabase();
  const ledger = new Ledger(database.gateway, TEST_HOME);
  const answers = [
    [told('A', 96), told('B', 4)],
    [told('A', 0)],
    Array.from({ length: 6_000 }, (_, n) => told(`S${n}`, n)),
  ];
  for (const [n, subjects] of answers.entries()) {
    await ledger.append(anAnswer(n));
    const answered = {
      recipient: 'service-co',
      purpose: 'ENERGY_SERVICE',
      operation: 'QUERY',
      object: null,
    } as const;
    const { facts, commitments } = commit({ request: `request-${n}`, ...answered }, subjects);
    await ledger.append(facts, commitments);
  }
  await ledger.append(anAnswer(9));
});
afterAll(() => database.drop());

const at = (sequence: number, place: number) => `where sequence = ${sequence} and place = ${place}`;
const copy = (sequence: number, place: number, of: string) =>
  `insert into ledger.disclosure select ${sequence}, ${place}, subject, area, category, amount, consents, salt, commitment
   from ledger.disclosure ${of}`;

test.each([
  ['an amount', `update ledger.disclosure set amount = 5 ${at(2, 1)}`, 2, 'changed'],
  ['a subject', `update ledger.disclosure set subject = 'C' ${at(6, 5_500)}`, 6, 'changed'],
  ['the consents', `update ledger.disclosure set consents = '{con_1}' ${at(4, 0)}`, 4, 'changed'],
  [
    'everything of one, hashes too',
    `update ledger.disclosure as d set salt = o.salt, subject = o.subject, amount = o.amount, commitment = o.commitment
     from ledger.disclosure as o where d.sequence = 2 and d.place = 0 and o.sequence = 2 and o.place = 1`,
    2,
    'changed',
  ],
  [
    'which is first of two',
    `update ledger.disclosure set place = 1 - place where sequence = 2`,
    2,
    'changed',
  ],
  ['at which place it stands', `update ledger.disclosure set place = 7 ${at(2, 1)}`, 2, 'deleted'],
  ['that there was one', `delete from ledger.disclosure ${at(2, 1)}`, 2, 'deleted'],
  ['that there was the first', `delete from ledger.disclosure ${at(2, 0)}`, 2, 'deleted'],
  ['that there were any', 'delete from ledger.disclosure where sequence = 4', 4, 'deleted'],
  ['how many there were', copy(2, 2, at(2, 1)), 2, 'inserted'],
  ['that an entry told something', copy(3, 0, at(2, 1)), 3, 'inserted'],
  ['that its entry was there', 'delete from ledger.entry where sequence >= 6', 6, 'deleted'],
  ['that something was told after the last entry', copy(99, 0, at(2, 1)), 99, 'deleted'],
  ['that something was told before the first entry', copy(-1, 0, at(2, 1)), -1, 'inserted'],
])('a hand in SQL that changes %s is found', async (_, statement, sequence, what) => {
  const drop = 'alter table ledger.disclosure drop constraint disclosure_pkey';

  const { problem } = await database.tampered([drop, statement], (superuser) => verifyLedger(superuser));

  expect(problem).toMatchObject({ sequence, what });
});

test('what is kept as it was told holds', async () => {
  expect(await verifyLedger(database.gateway)).toMatchObject({ entries: 7 });
  expect(await verifyLedger(database.gateway)).not.toHaveProperty('problem');
});
