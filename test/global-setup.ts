// Jest loads this file outside its own module system, where what it imports is not found.
import './run-sources.mjs';

const RUN = Symbol.for('hub.test.run');

export default async function start(): Promise<void> {
  const { beginRun } = await import('./world/run.js');
  Reflect.set(globalThis, RUN, await beginRun());
}
