import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startTestCluster } from '../../scripts/database/test-cluster.js';

/**
 * One PostgreSQL for a run of tests; each of them makes databases of its own in it. Names, too, the home and the
 * database that worlds are copied from: the first world of the run makes them (template.ts).
 *
 * @returns what removes all of it again; a server of DATABASE_URL is left alone.
 */
export async function beginRun(): Promise<{ end(): Promise<void> }> {
  const cluster = await startTestCluster();
  const home = await mkdtemp(join(tmpdir(), 'hub-template-'));
  const compiled = await mkdtemp(join(tmpdir(), 'hub-compiled-'));
  const template = `hub_template_${process.pid}_${Date.now().toString(36)}`;
  process.env['HUB_TEST_DATABASE_URL'] = cluster.url;
  process.env['HUB_TEST_HOME'] = home;
  process.env['HUB_TEST_TEMPLATE'] = template;
  // Commands run by the hundred, each in a process that would compile the same modules again.
  process.env['NODE_COMPILE_CACHE'] = compiled;
  return {
    end: async () => {
      for (const folder of [home, compiled])
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      await dropTemplate(template);
      await cluster.stop();
    },
  };
}

async function dropTemplate(template: string): Promise<void> {
  if (!process.env['DATABASE_URL']) return;
  const client = new Client({ connectionString: process.env['DATABASE_URL'] });
  await client.connect();
  for (const database of [template, `${template}_test`]) {
    await client.query(`drop database if exists ${database} with (force)`);
    for (const group of ['rooms', 'gateway']) await client.query(`drop role if exists ${database}_${group}`);
  }
  await client.end();
}
