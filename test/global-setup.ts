// Jest loads this file outside its own module system, where what it imports is not found.
import { execFileSync } from 'node:child_process';
import './run-sources.mjs';

const RUN = Symbol.for('hub.test.run');

export default async function start(): Promise<void> {
  // Worlds run what is built: it must be what the sources say, however Jest was started.
  const build = `import { build } from './scripts/bootstrap/build.mjs'; process.exitCode = build() ? 0 : 1;`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', build], { stdio: 'inherit' });
  const { beginRun } = await import('./world/run.js');
  Reflect.set(globalThis, RUN, await beginRun());
}
