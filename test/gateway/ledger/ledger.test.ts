import { createHash } from 'node:crypto';
import { type Appended, Ledger, LedgerFault } from '../../../gateway/ledger/ledger.js';
import { verifyLedger } from '../../../gateway/ledger/verify.js';
import {
  type LedgerDatabase,
  anAnswer,
  createLedgerDatabase,
  LEAST_FACTS,
  TEST_HOME,
} from './ledger-database.js';

let database: LedgerDatabase;

beforeEach(async () => {
  database = await createLedgerDatabase();
});
afterEach(() => database.drop());

test('facts without a canonical form are rejected alone; what was appended beside them stands', async () => {
  const ledger = new Ledger(database.gateway, TEST_HOME);
  const poison = { ...anAnswer(2), request: 'nul \0' };
  const huge = { ...anAnswer(3), request: 'x'.repeat(20_000) };

  const outcomes = await Promise.allSettled(
    [anAnswer(1), poison, huge, anAnswer(4)].map((facts) => ledger.append(facts)),
  );

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect((await verifyLedger(database.gateway)).entries).toBe(2);
});

test('a full queue rejects the entry that found it full, and no other', async () => {
  const ledger = new Ledger(database.gateway, TEST_HOME, { queue: 2, batch: 1 });

  const outcomes = await Promise.allSettled([1, 2, 3].map((n) => ledger.append(anAnswer(n))));

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(outcomes[2]).toMatchObject({ reason: { name: 'LedgerFault', code: 'INTERNAL' } });
});

test('a connection that breaks rejects those who wait on it, and the ledger goes on afterwards', async () => {
  const ledger = new Ledger(database.anotherGateway({ max: 1 }), TEST_HOME, { batch: 2 });
  await ledger.append(anAnswer(1));
  const locker = await holdTurn();
  const waiting = [2, 3, 4].map((n) => ledger.append(anAnswer(n)));
  await cutWaiter();
  await locker.release();

  const outcomes = await Promise.allSettled(waiting);

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(outcomes[0]).toMatchObject({ reason: expect.any(LedgerFault) as unknown });
  expect(await ledger.append(anAnswer(5))).toMatchObject({ sequence: 3 });
  expect(await verifyLedger(database.gateway)).toMatchObject({ entries: 3, head: ledger.checkpoint() });
});

test('a number that is given again is a fault, and who comes after it goes on', async () => {
  const ledger = new Ledger(database.gateway, TEST_HOME);
  await Promise.all([1, 2, 3].map((n) => ledger.append(anAnswer(n))));
  await database.superuser.query(
    `alter table ledger.entry disable trigger refuse_change; delete from ledger.entry where sequence = 3`,
  );

  const outcome = await ledger.append(anAnswer(4)).catch((error: LedgerFault) => error);

  expect(outcome).toBeInstanceOf(LedgerFault);
  expect((outcome as LedgerFault).cause).toMatchObject({
    message: expect.stringContaining('given again') as unknown,
  });
  expect(await ledger.append(anAnswer(5))).toMatchObject({ sequence: 4 });
  expect(ledger.checkpoint()).toEqual((await verifyLedger(database.gateway)).head);
});

test('a batch that takes too long is rejected, not waited for', async () => {
  const ledger = new Ledger(database.gateway, TEST_HOME, { timeout: 200 });
  const locker = await holdTurn();

  await expect(ledger.append(anAnswer(1))).rejects.toThrow(LedgerFault);

  await locker.release();
});

test('every entry has a salt of its own, so equal facts have leaves that nobody can tell from each other', async () => {
  const ledger = new Ledger(database.gateway, TEST_HOME);
  await Promise.all(Array.from({ length: 50 }, () => ledger.append(anAnswer(1))));

  const { rows } = await database.gateway.query<{ facts: string }>('select facts from ledger.entry');

  const salts = rows.map(({ facts }) => (JSON.parse(facts) as { salt: string }).salt);
  expect(salts.every((salt) => /^[0-9a-f]{32}$/.test(salt))).toBe(true);
  expect(new Set(salts).size).toBe(50);
});

test('a closed ledger takes nothing more, and has recorded what it took', async () => {
  const ledger = new Ledger(database.gateway, TEST_HOME);
  const taken = Promise.all([1, 2, 3].map((n) => ledger.append(anAnswer(n))));

  await ledger.close();

  await expect(ledger.append(anAnswer(4))).rejects.toThrow('closed');
  expect((await database.gateway.query('select from ledger.entry')).rowCount).toBe(3);
  expect((await taken).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});

test('an entry is committed when append resolves: another connection sees it at once', async () => {
  const ledger = new Ledger(database.gateway, TEST_HOME);
  for (let n = 1; n <= 20; n += 1) {
    const { sequence, leaf } = await ledger.append(anAnswer(n));

    const { rows } = await database.superuser.query<{ facts: string; leaf: Buffer }>(
      'select facts, leaf from ledger.entry where sequence = $1',
      [sequence],
    );
    expect(JSON.parse(rows[0]!.facts)).toMatchObject(anAnswer(n));
    expect(rows[0]!.leaf.toString('hex')).toBe(leaf);
    expect(leaf).toBe(createHash('sha256').update(`\0${rows[0]!.facts}`).digest('hex'));
  }
});

test.each([
  ['synchronous_commit', 'off', 'on'],
  ['synchronous_commit', 'remote_apply', 'remote_apply'],
  ['lock_timeout', '0', '5s'],
  ['lock_timeout', '70ms', '70ms'],
])(
  'an entry that finds %s %s is written under %s: on disk at its commit, waiting with an end',
  async (name, found, used) => {
    const client = await database.gateway.connect();
    await client.query(`begin; set local ${name} = '${found}'`);
    await client.query(`insert into ledger.entry (facts, seal) values ('${LEAST_FACTS}', sha256(''))`);

    const { rows } = await client.query(`show ${name}`);

    await client.query('rollback');
    client.release();
    expect(rows).toEqual([{ [name]: used }]);
  },
);

test('5,000 entries from two gateways at once make one chain without a gap, each in its caller’s order', async () => {
  const ledgers = [new Ledger(database.gateway, TEST_HOME), new Ledger(database.anotherGateway(), TEST_HOME)];

  const appended = await Promise.all(
    Array.from({ length: 5_000 }, (_, n) => ledgers[n % 2]!.append(anAnswer(n))),
  );

  expect(appended.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 5_000 }, (_, n) => n + 1),
  );
  for (const own of [0, 1]) expect(isAscending(appended.filter((_, n) => n % 2 === own))).toBe(true);
  const { problem, head } = await verifyLedger(database.gateway);
  expect([problem, head.size]).toEqual([undefined, 5_000]);
  expect(ledgers.map((ledger) => ledger.checkpoint())).toContainEqual(head);
});

test('a ledger that opens knows where the last one stopped', async () => {
  const ledger = new Ledger(database.gateway, TEST_HOME);
  await Promise.all([1, 2, 3].map((n) => ledger.append(anAnswer(n))));

  const next = await new Ledger(database.anotherGateway(), TEST_HOME).open();

  expect(next.checkpoint()).toEqual(ledger.checkpoint());
  expect(next.checkpoint().size).toBe(3);
});

test('a copy of the ledger into an empty one gives the same chain and tree', async () => {
  const ledger = new Ledger(database.gateway, TEST_HOME);
  await Promise.all([1, 2, 3].map((n) => ledger.append(anAnswer(n))));
  const { rows } = await database.superuser.query<{
    facts: string;
    chain: Buffer;
    nodes: Buffer;
    seal: Buffer;
  }>('select facts, chain, nodes, seal from ledger.entry order by sequence');
  const other = await createLedgerDatabase();

  for (const { facts, chain, nodes, seal } of rows) {
    await other.superuser.query(
      'insert into ledger.entry (facts, chain, nodes, seal) values ($1, $2, $3, $4)',
      [facts, chain, nodes, seal],
    );
  }

  expect((await verifyLedger(other.gateway)).head).toEqual(ledger.checkpoint());
  await other.drop();
});

/** Holds the turn that gateways take, as one in the middle of a batch does. */
async function holdTurn(): Promise<{ release(): Promise<void> }> {
  const client = await database.superuser.connect();
  await client.query(`begin; select pg_advisory_xact_lock(hashtextextended('ledger.entry', 0))`);
  return {
    release: async () => {
      await client.query('rollback');
      client.release();
    },
  };
}

async function cutWaiter(): Promise<void> {
  for (;;) {
    const { rowCount } = await database.superuser.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event = 'advisory'`,
    );
    if (rowCount) return;
  }
}

function isAscending(appended: Appended[]): boolean {
  return appended.every(({ sequence }, place) => place === 0 || sequence > appended[place - 1]!.sequence);
}
