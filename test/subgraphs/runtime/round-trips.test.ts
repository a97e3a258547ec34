import { Pool, type PoolClient } from 'pg';
import { comesAgain, sparing } from '../../../subgraphs/runtime/round-trips.js';
import { testServer } from '../metering/readings/readings-world.js';

let pool: Pool;
let watching: Pool;
let client: PoolClient;
let backend: number;
beforeAll(async () => {
  pool = new Pool({ connectionString: testServer(), max: 1 });
  pool.on('connect', sparing);
  watching = new Pool({ connectionString: testServer(), max: 1 });
  client = await pool.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  backend = rows[0]!.pid;
});
afterAll(async () => {
  client?.release();
  await pool?.end();
  await watching?.end();
});

/** What the server got last on the connection, and whether it is in a transaction. */
async function last(): Promise<{ query: string; state: string }> {
  const sql = 'select query, state from pg_stat_activity where pid = $1';
  const { rows } = await watching.query<{ query: string; state: string }>(sql, [backend]);
  return rows[0]!;
}

const GRANT = `select set_config('hub.grant', 'somebody', true)`;

test('a grant that cannot be set begins no transaction that others could work in', async () => {
  await client.query('start transaction read only');

  await expect(client.query(`select set_config('no such', null)`)).rejects.toMatchObject({ code: '42883' });
  await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });

  await client.query('rollback');
  expect((await last()).state).toBe('idle');
});

test('a statement with parameters that follows a beginning is in its transaction', async () => {
  await client.query('begin');
  await client.query(`select set_config('hub.grant', $1, true)`, ['somebody']);

  expect((await last()).state).toBe('idle in transaction');

  await client.query('rollback');
});

test('a transaction that ends before anything was done leaves none open', async () => {
  await client.query('begin');
  await client.query('commit');

  expect(await last()).toEqual({ query: 'begin; commit', state: 'idle' });
});

test('a transaction begins in one message with its grant', async () => {
  await client.query('start transaction read only');
  await client.query(GRANT);

  expect(await last()).toEqual({
    query: `start transaction read only; ${GRANT}`,
    state: 'idle in transaction',
  });
  await expect(client.query('create table wrong ()')).rejects.toMatchObject({ code: '25006' });

  await client.query('rollback');
});

test('what comes once is not kept, and what comes again is planned once, whatever its parameters', async () => {
  const [once, again] = ['select $1::int as once', 'select $1::int + 1 as next'];
  for (const sql of [once, again, again, again]) comesAgain(sql);

  const answers = [await client.query(again, [1]), await client.query(again, [2])];
  await client.query(once, [1]);

  const { rows } = await client.query('select statement from pg_prepared_statements');
  expect(answers.map((answer) => answer.rows)).toEqual([[{ next: 2 }], [{ next: 3 }]]);
  expect(rows).toEqual([{ statement: again }]);
});

test('only so many are kept', async () => {
  const many = Array.from({ length: 80 }, (_, index) => `select $1::int + ${index} as kept`);
  for (const sql of many) for (let time = 0; time < 3; time += 1) comesAgain(sql);

  for (const sql of many) await client.query(sql, [1]);

  const { rows } = await client.query('select from pg_prepared_statements');
  expect(rows).toHaveLength(64);
});
