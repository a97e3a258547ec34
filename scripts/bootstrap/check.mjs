import { existsSync } from 'node:fs';
import { build, typescript } from './build.mjs';
import { exclusively, inRoot, say } from './project.mjs';
import { runNode } from './run.mjs';

const STEPS = [
  ['types', () => (typescript(['--noEmit', '-p', inRoot('tsconfig.json')]) ? 0 : 1)],
  ['lint', () => runNode([inRoot('node_modules/oxlint/bin/oxlint'), inRoot()])],
  ['format', () => runNode([inRoot('node_modules/prettier/bin/prettier.cjs'), '--check', inRoot()])],
  ['schema and migration drift', drift],
  ['architecture', architecture],
];

/** Runs every step, so that one look shows all that is wrong; resolves to 1 when any failed. */
export async function check() {
  const results = [];
  for (const [name, step] of STEPS) {
    say(`\n── ${name}`);
    results.push([name, (await step()) === 0]);
  }
  say('\n── summary');
  for (const [name, passed] of results) say(`${passed ? 'ok    ' : 'FAILED'} ${name}`);
  return results.every(([, passed]) => passed) ? 0 : 1;
}

function drift() {
  const hub = inRoot('dist', 'scripts', 'hub.js');
  // A build that does not compile was reported by the first step; what it left may still be compared.
  return exclusively(build) || existsSync(hub) ? runNode([hub, 'check']) : 1;
}

function architecture() {
  const NODE_OPTIONS = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
  return runNode([inRoot('node_modules/jest/bin/jest.js'), 'test/architecture.test.ts'], { NODE_OPTIONS });
}
