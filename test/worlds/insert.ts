import type { Pool, PoolClient } from 'pg';

/** Writes as the database's owner, all or nothing. */
export async function inTransaction(
  database: Pool,
  work: (owner: PoolClient) => Promise<void>,
): Promise<void> {
  const owner = await database.connect();
  try {
    await owner.query('begin');
    await work(owner);
    await owner.query('commit');
    owner.release();
  } catch (error) {
    owner.release(true);
    throw error;
  }
}

/** Rows as JSON; `columns` names each with its type: `id text, area text`. */
export async function insert(
  owner: PoolClient,
  table: string,
  columns: string,
  rows: object[],
): Promise<void> {
  const names = columns.split(', ').map((column) => column.split(' ')[0]);
  await owner.query(
    `insert into ${table} (${names.join(', ')}) select ${names.join(', ')} from jsonb_to_recordset($1) as row (${columns})`,
    [JSON.stringify(rows)],
  );
}

/** Rows that nobody asked for come in past the triggers that ask who did. */
export async function without(
  owner: PoolClient,
  triggers: string | string[],
  table: string,
  work: () => Promise<void>,
): Promise<void> {
  const each = (what: string): string =>
    [triggers].flat().map((trigger) => `alter table ${table} ${what} trigger ${trigger};`).join('\n'); // prettier-ignore
  await owner.query(each('disable'));
  await work();
  await owner.query(each('enable'));
}
