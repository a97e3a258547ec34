import { commit, type Told } from '../../../gateway/ledger/commitments.js';
import { Ledger } from '../../../gateway/ledger/ledger.js';
import { createLedgerDatabase, type LedgerDatabase, TEST_HOME } from './ledger-database.js';
import { nextBatch } from '../../../gateway/ledger/writing.js';

let database: LedgerDatabase;
beforeAll(async () => {
  database = await createLedgerDatabase();
});
afterAll(() => database.drop());

const answer = (number: number) =>
  ({
    request: `request-${number}`,
    recipient: 'service-co',
    purpose: 'ENERGY_SERVICE',
    operation: 'QUERY',
    object: null,
  }) as const;
const told = (subject: string, values = 1): Told => ({
  ...{ subject, area: '310101', category: 'meters', values, consents: ['con_1', 'con_2'] },
});

const stored = async () => {
  const { rows } = await database.gateway.query<{
    request: string;
    place: number;
    subject: string;
    consents: string[];
  }>(
    `select facts::json ->> 'request' as request, place, subject, consents
     from ledger.entry left join ledger.disclosure using (sequence) order by sequence, place`,
  );
  return rows.map(({ request, place, subject, consents }) => [request, place, subject, consents?.length]);
};

test('entries and what they commit to are recorded in one statement, each with its own', async () => {
  const ledger = await new Ledger(database.gateway, TEST_HOME).open();
  const statements: string[] = [];
  const query = database.gateway.query.bind(database.gateway) as (...args: unknown[]) => unknown;
  const observed = (...args: unknown[]): unknown => {
    statements.push((args[0] as { text: string }).text);
    return query(...args);
  };
  database.gateway.query = observed as typeof database.gateway.query;
  try {
    const [one, none, two] = [
      commit(answer(1), [told('a'), told('b')]),
      commit(answer(2), []),
      commit(answer(3), [told('c')]),
    ];
    await Promise.all([one, none, two].map(({ facts, commitments }) => ledger.append(facts, commitments)));
  } finally {
    database.gateway.query = query as typeof database.gateway.query;
  }

  expect(statements.filter((text) => text.includes('insert'))).toHaveLength(1);
  expect(await stored()).toEqual([
    ['request-1', 0, 'a', 2],
    ['request-1', 1, 'b', 2],
    ['request-2', null, null, undefined],
    ['request-3', 0, 'c', 2],
  ]);
  await ledger.close();
});

test('an entry whose commitments cannot be kept is not there either', async () => {
  const ledger = await new Ledger(database.gateway, TEST_HOME).open();
  const before = await stored();
  const { facts, commitments } = commit(answer(4), [told('d')]);
  const impossible = commitments.map((one) => ({ ...one, values: -1 }));

  await expect(ledger.append(facts, impossible)).rejects.toThrow('could not record');
  expect(await stored()).toEqual(before);
  await ledger.close();
});

test('what was told is append-only, for the owner too', async () => {
  for (const change of [
    'update ledger.disclosure set amount = 0',
    'delete from ledger.disclosure',
    'truncate ledger.disclosure',
  ]) {
    await expect(database.owner.query(change)).rejects.toThrow(/append-only|permission denied/);
    await expect(database.gateway.query(change)).rejects.toThrow(/append-only|permission denied/);
  }
});

test('a large answer does not make others wait for it in one statement: it goes alone', () => {
  const writing = (facts: string, commitments: number) => ({
    facts,
    seal: Buffer.alloc(32),
    commitments: commit(
      answer(0),
      Array.from({ length: commitments }, (_, place) => told(`s${place}`)),
    ).commitments,
  });
  const queue = [
    writing('1', 10),
    writing('2', 9_000),
    writing('3', 9_000),
    writing('4', 0),
    writing('5', 12_000),
    writing('6', 1),
  ];

  const batches: string[][] = [];
  while (queue.length > 0) batches.push(nextBatch(queue, 3).map(({ facts }) => facts));
  expect(batches).toEqual([['1', '2'], ['3', '4'], ['5'], ['6']]);
});
