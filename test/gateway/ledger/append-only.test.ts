import type { Pool } from 'pg';
import { Ledger } from '../../../gateway/ledger/ledger.js';
import { ledgerMigrations } from '../../../gateway/ledger/migrations.js';
import { verifyLedger } from '../../../gateway/ledger/verify.js';
import {
  type LedgerDatabase,
  anAnswer,
  createLedgerDatabase,
  LEAST_FACTS,
  TEST_HOME,
} from './ledger-database.js';

let database: LedgerDatabase;

beforeAll(async () => {
  database = await createLedgerDatabase();
  const ledger = new Ledger(database.gateway, TEST_HOME);
  await Promise.all([1, 2, 3].map((n) => ledger.append(anAnswer(n))));
});
afterAll(() => database.drop());

const CHANGES = [
  "update ledger.entry set facts = '{}'",
  'delete from ledger.entry',
  'truncate ledger.entry',
  "update ledger.checkpoint set body = ''",
  'delete from ledger.checkpoint',
  'truncate ledger.checkpoint',
];

test.each(CHANGES)('the gateway may not %s', async (statement) => {
  await expect(database.gateway.query(statement)).rejects.toThrow(/permission denied/);
});

test.each(CHANGES)('the owner may not %s', async (statement) => {
  await expect(database.owner.query(statement)).rejects.toThrow(
    /append-only: (update|delete|truncate) is refused/,
  );
});

test.each(CHANGES)('a superuser may not %s, even in replica mode', async (statement) => {
  const script = `set session_replication_role = replica; ${statement}`;

  await expect(database.superuser.query(script)).rejects.toThrow(/append-only/);
});

test('the gateway gives facts only: number, time and hashes are the database’s', async () => {
  const script = `insert into ledger.entry (sequence, facts) values (99, '${LEAST_FACTS}')`;

  await expect(database.gateway.query(script)).rejects.toThrow(/permission denied/);
});

test.each(['chain', 'nodes'])(
  'a row with %s that do not follow is refused, from a superuser too',
  async (column) => {
    const script = `insert into ledger.entry (facts, seal, ${column}) values ('${LEAST_FACTS}', sha256(''), $1)`;

    await expect(database.superuser.query(script, [Buffer.alloc(32)])).rejects.toThrow(
      /entry 4 does not follow entry 3/,
    );
  },
);

test('an entry without a salt is refused, and a salt in quotes inside a text is none', async () => {
  const facts = JSON.stringify({ at: '2026-01-01T00:00:00.000Z', actor: '"salt":"5a"' });

  await expect(
    database.gateway.query('insert into ledger.entry (facts) values ($1)', [facts]),
  ).rejects.toThrow(/an entry needs a salt/);
});

test.each(['select * from ledger.entry', "insert into ledger.entry (facts) values ('{}')"])(
  'a role outside hub_gateway may not %s',
  async (statement) => {
    const script = `begin; create role ledger_stranger; set local role ledger_stranger; ${statement}`;
    await refused(database.superuser, script, /permission denied for schema ledger/);
  },
);

test('the owner sees no rows and adds none: row security is forced', async () => {
  expect((await database.owner.query('select * from ledger.entry')).rows).toEqual([]);
  await expect(
    database.owner.query(`insert into ledger.entry (facts) values ('${LEAST_FACTS}')`),
  ).rejects.toThrow(/row-level security/);
});

test('a verification by a role that sees no rows fails, it does not pass', async () => {
  await expect(verifyLedger(database.owner)).rejects.toThrow(/cannot see the ledger/);
});

test('the migrations run in a second database of the same server, where the role exists already', async () => {
  const second = await createLedgerDatabase();

  expect(await verifyLedger(second.gateway)).toEqual({
    entries: 0,
    head: { size: 0, root: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    checkpoints: 0,
  });
  expect(ledgerMigrations.map(({ name }) => name)).toEqual(['001-entry', '002-checkpoint', '003-disclosure']);
  await second.drop();
});

/** On one connection, rolled back: the role that the script makes must not outlive it. */
async function refused(pool: Pool, script: string, message: RegExp): Promise<void> {
  const client = await pool.connect();
  try {
    await expect(client.query(script)).rejects.toThrow(message);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
