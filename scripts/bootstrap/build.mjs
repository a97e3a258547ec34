import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot, projectNode, readText, say } from './project.mjs';

const STAMP = inRoot('dist', '.built');

/**
 * Compiles into dist/ when a source has changed since the last build, and puts the data that rooms read (CSV)
 * beside the compiled files. True when dist/ is what the sources say; the compiler says what is wrong otherwise.
 */
export function build() {
  const sources = FOLDERS.flatMap((folder) => filesIn(folder));
  const wanted = fingerprint(sources);
  if (readText(STAMP) === wanted) return true;
  rmSync(STAMP, { force: true });
  const compiled = typescript(['-p', inRoot('tsconfig.json')]);
  const data = sources.filter((path) => !/\.(ts|mjs)$/.test(path));
  for (const path of data) copy(path);
  removeOthers([...sources.flatMap(compiledNames), ...data]);
  if (!compiled) {
    say('The sources do not compile; nothing was started.');
    return false;
  }
  writeFileSync(STAMP, wanted);
  return true;
}

/** Looks only: whether dist/ is what the sources say. */
export function isBuilt() {
  return readText(STAMP) === fingerprint(FOLDERS.flatMap((folder) => filesIn(folder)));
}

/** Runs the compiler with `args`; true when it has nothing to complain about. */
export function typescript(args) {
  const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc');
  return (
    spawnSync(projectNode(), [compiler, ...args], { cwd: inRoot(), stdio: ['ignore', 2, 2] }).status === 0
  );
}

const FOLDERS = JSON.parse(readText(inRoot('tsconfig.json'))).include;

/** Paths below the checkout. */
function filesIn(folder) {
  if (!existsSync(inRoot(folder))) return [];
  return readdirSync(inRoot(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** Changes when a file comes, goes or is written, or the compiler or its settings change. */
function fingerprint(sources) {
  const hash = createHash('sha256');
  for (const path of [...sources, 'tsconfig.json', 'package-lock.json'].sort()) {
    const { size, mtimeMs } = statSync(inRoot(path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function compiledNames(path) {
  if (!path.endsWith('.ts')) return [];
  const name = path.replace(/\.ts$/, '.js');
  return [name, `${name}.map`];
}

function copy(path) {
  mkdirSync(dirname(inRoot('dist', path)), { recursive: true });
  copyFileSync(inRoot(path), inRoot('dist', path));
}

/** What a deleted source left would still be found: an old migration would still be run. */
function removeOthers(wanted) {
  const keep = new Set(wanted);
  for (const path of FOLDERS.flatMap((folder) => filesIn(join('dist', folder))))
    if (!keep.has(path.slice('dist/'.length))) rmSync(inRoot(path));
}
