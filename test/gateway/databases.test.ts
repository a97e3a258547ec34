import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { prepareDatabases } from '../../gateway/databases.js';
import { dropDatabases, onTestServer, testServer } from '../world/template.js';

describe('preparing the databases', () => {
  const name = `prepare_${randomBytes(5).toString('hex')}`;
  afterAll(() => dropDatabases(name));

  test('eight processes that start at once prepare the same two databases, and each can work with them', async () => {
    await onTestServer((client) => client.query(`create database ${name}`));
    const passwords = { rooms: 'for rooms', gateway: 'for gateway' };

    const prepared = await Promise.all(
      Array.from({ length: 8 }, () => prepareDatabases(testServer(name), passwords)),
    );

    for (const { FORMAL, TEST } of prepared)
      expect([FORMAL, TEST]).toEqual([prepared[0]?.FORMAL, prepared[0]?.TEST]);
    for (const url of [prepared[0]?.FORMAL.rooms, prepared[0]?.TEST.gateway]) {
      const client = new Client({ connectionString: url });
      await client.connect();
      expect(
        (await client.query('select current_setting($1) as stage', ['server_version_num'])).rows,
      ).toHaveLength(1);
      await client.end();
    }
    const steps = await onTestServer(async () => {
      const client = new Client({ connectionString: testServer(name) });
      await client.connect();
      const { rows } = await client.query<{ steps: number; names: number }>(
        `select count(*)::int as steps, count(distinct room || name)::int as names from migrations.applied`,
      );
      await client.end();
      return rows[0];
    });
    expect(steps?.steps).toBe(steps?.names);
    expect(steps?.steps).toBeGreaterThan(7);
  });
});
