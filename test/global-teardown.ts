import { rm } from 'node:fs/promises';
import { Client } from 'pg';

/** Removes what worlds were copied from and stops what global-setup started; a server of DATABASE_URL is left alone. */
export default async function stop(): Promise<void> {
  const home = process.env['HUB_TEST_HOME'];
  if (home) await rm(home, { recursive: true, force: true });
  await dropTemplate();
  const cluster: { stop(): Promise<void> } | undefined = Reflect.get(
    globalThis,
    Symbol.for('hub.test.cluster'),
  );
  await cluster?.stop();
}

async function dropTemplate(): Promise<void> {
  const template = process.env['HUB_TEST_TEMPLATE'];
  if (!process.env['DATABASE_URL'] || !template) return;
  const client = new Client({ connectionString: process.env['DATABASE_URL'] });
  await client.connect();
  for (const database of [template, `${template}_test`]) {
    await client.query(`drop database if exists ${database} with (force)`);
    for (const group of ['rooms', 'gateway']) await client.query(`drop role if exists ${database}_${group}`);
  }
  await client.end();
}
