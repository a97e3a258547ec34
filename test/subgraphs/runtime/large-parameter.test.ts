import { Pool, type PoolClient } from 'pg';
import { queryLarge } from '../../../subgraphs/runtime/large-parameter.js';
import { testServer } from '../metering/readings/readings-world.js';

const MEGABYTE = 1_048_576;
const ECHO = {
  name: 'echo',
  text: `select length($1::bytea) as length, sha256($1::bytea) as hash, $2::text as first, $3::text as second`,
};

let pool: Pool;
let client: PoolClient;
beforeAll(async () => {
  pool = new Pool({ connectionString: testServer(), max: 1 });
  client = await pool.connect();
});
afterAll(async () => {
  client?.release();
  await pool?.end();
});

test('bytes that the database refuses are its error, and the connection goes on', async () => {
  const statement = {
    name: 'number',
    text: 'select $1::int8 + length($2)',
    bytes: Buffer.alloc(3),
    texts: ['a'],
  };

  await expect(queryLarge(client, statement)).rejects.toMatchObject({ code: '08P01' });

  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect((await queryLarge(client, { ...statement, bytes: Buffer.alloc(8) })).rows).toHaveLength(1);
});

test('a statement that the database cannot read is its error', async () => {
  const statement = { name: 'nonsense', text: 'select from where $1', bytes: Buffer.alloc(1), texts: [] };

  await expect(queryLarge(client, statement)).rejects.toMatchObject({ code: '42601' });
});

test('megabytes arrive as they stand, each time the statement is sent', async () => {
  for (const size of [0, 1, 5 * MEGABYTE]) {
    const bytes = Buffer.alloc(size, 'day block');

    const { rows } = await queryLarge<{ length: number; hash: Buffer; first: string; second: string }>(
      client,
      {
        ...ECHO,
        bytes,
        texts: ['一', ''],
      },
    );

    const [{ hash, ...rest }] = rows as [(typeof rows)[number]];
    const { rows: expected } = await client.query<{ hash: Buffer }>('select sha256($1::bytea) as hash', [
      bytes,
    ]);
    expect(rest).toEqual({ length: size, first: '一', second: '' });
    expect(hash.equals(expected[0]!.hash)).toBe(true);
  }
});
