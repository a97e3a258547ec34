#!/usr/bin/env node
// The commands of package.json. Plain JavaScript for any Node from 18 on: it runs before anything is installed,
// installs and builds what is missing, and hands over to the Node 24 that the project brings.
import { check } from './bootstrap/check.mjs';
import { prepare, prepareInstallation } from './bootstrap/prepare.mjs';
import { fail, inRoot, requireNode } from './bootstrap/project.mjs';
import { runHub, runNode } from './bootstrap/run.mjs';

const COMMANDS = {
  start: (args) => prepare() && runHub(['start', ...args]),
  bench: (args) => prepare() && runHub(['bench', ...args]),
  build: () => (prepare() ? 0 : 1),
  test: (args) => prepare() && runTests(args),
  worlds: (args) => prepare() && runNode([inRoot('dist/test/worlds/main.js'), ...args]),
  plans: (args) => prepare() && runNode([inRoot('dist/test/gateway/plan/differential/main.js'), ...args]),
  check: () => prepareInstallation() && check(),
};

/** Jest needs the flag for ES modules; the warning that comes with it says nothing to the reader of the results. */
function runTests(args) {
  const flags = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
  const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} ${flags}`.trim();
  return runNode([inRoot('node_modules/jest/bin/jest.js'), ...args], { NODE_OPTIONS });
}

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(COMMANDS, name ?? '')) {
  fail(`Usage: node scripts/bootstrap.mjs ${Object.keys(COMMANDS).join('|')} [arguments]`);
}
requireNode();
const outcome = await COMMANDS[name](args);
process.exitCode = outcome === false ? 1 : Number(outcome);
