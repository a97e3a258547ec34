// Jest loads this file outside its own module system, where what it imports is not found.
import './run-sources.mjs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * One PostgreSQL for all test files; each makes databases of its own in it. Names, too, the home and the database that
 * worlds are copied from: the first world of the run makes them (test/world/template.ts).
 */
export default async function start(): Promise<void> {
  const { startTestCluster } = await import('../scripts/database/test-cluster.js');
  const cluster = await startTestCluster();
  process.env['HUB_TEST_DATABASE_URL'] = cluster.url;
  process.env['HUB_TEST_HOME'] = await mkdtemp(join(tmpdir(), 'hub-template-'));
  process.env['HUB_TEST_TEMPLATE'] = `hub_template_${process.pid}_${Date.now().toString(36)}`;
  Reflect.set(globalThis, Symbol.for('hub.test.cluster'), cluster);
}
