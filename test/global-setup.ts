import { registerHooks } from 'node:module';

// Jest loads this file outside its own module system, where `./x.js` is not found as `./x.ts`. Node runs the
// TypeScript itself; it only has to be told where the file is.
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (fault) {
      if (!/^\.{1,2}\/.*\.js$/.test(specifier)) throw fault;
      return next(specifier.replace(/\.js$/, '.ts'), context);
    }
  },
});

/** One PostgreSQL for all test files; each makes databases of its own in it. */
export default async function start(): Promise<void> {
  const { startTestCluster } = await import('../scripts/database/test-cluster.js');
  const cluster = await startTestCluster();
  process.env['HUB_TEST_DATABASE_URL'] = cluster.url;
  Reflect.set(globalThis, Symbol.for('hub.test.cluster'), cluster);
}
