// Jest loads this file outside its own module system, where what it imports is not found.
import './run-sources.mjs';

/** One PostgreSQL for all test files; each makes databases of its own in it. */
export default async function start(): Promise<void> {
  const { startTestCluster } = await import('../scripts/database/test-cluster.js');
  const cluster = await startTestCluster();
  process.env['HUB_TEST_DATABASE_URL'] = cluster.url;
  Reflect.set(globalThis, Symbol.for('hub.test.cluster'), cluster);
}
