import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** An absolute path from one below the checkout. */
export function inRoot(...pieces) {
  return join(ROOT, ...pieces);
}

/** The Node that npm installed with the project. The link in node_modules/.bin is a script on Windows, this is not. */
export function projectNode() {
  return inRoot('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Standard output belongs to the command that is run; what the preparation says goes to the error stream. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

export function fail(line) {
  say(line);
  process.exit(1);
}

export function requireNode() {
  if (Number(process.versions.node.split('.')[0]) >= 18) return;
  fail(
    `Node.js ${process.versions.node} is too old to install this project; any version from 18 on will do.`,
  );
}

export function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The environment without node_modules/.bin in the path: what installs the project must not run out of it. */
export function outerEnvironment() {
  const path = (process.env.PATH ?? '').split(delimiter);
  return { ...process.env, PATH: path.filter((folder) => !folder.startsWith(ROOT)).join(delimiter) };
}

/**
 * Runs `work` while no other process installs or builds this checkout; two at once would read each other's
 * half-written files. A lock whose process has ended is taken over.
 */
export function exclusively(work) {
  const file = inRoot('dist', '.preparing');
  mkdirSync(inRoot('dist'), { recursive: true });
  for (let told = false; !take(file); told = true) {
    if (!told) say('Waiting for another process that prepares this checkout …');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (fault) {
    if (fault.code !== 'EEXIST') throw fault;
    if (!isAlive(Number(readText(file)))) rmSync(file, { force: true });
    return false;
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return fault.code === 'EPERM';
  }
}
