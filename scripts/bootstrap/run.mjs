import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter } from 'node:path';
import { inRoot, projectNode, say } from './project.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A hub that has not ended this long after it was told to is ended hard by the next signal, milliseconds. */
const PATIENCE = 10_000;

/**
 * Runs the hub under the project's Node and resolves to its exit status. The hub is in a process group of its own:
 * Ctrl-C reaches this process from the terminal and once more from npm, and the hub gets exactly one signal. It
 * holds one end of a pipe to this process, so that it stops in order when this process is killed.
 */
export function runHub(args) {
  const stop = new AbortController();
  stopWithNpm(stop);
  const leash = inRoot('scripts', 'bootstrap', 'leash.mjs');
  const child = spawn(projectNode(), [leash, inRoot('dist', 'scripts', 'hub.js'), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: environment({}),
    detached: process.platform !== 'win32',
  });
  child.stdio[3]?.on('error', () => undefined);
  let told = 0;
  const forward = (signal) => {
    // A closed terminal is no reason to leave in disorder.
    if (told === 0) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    else if (Date.now() - told > PATIENCE) child.kill('SIGKILL');
    told ||= Date.now();
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  stop.signal.addEventListener('abort', () => forward('SIGTERM'));
  return ended(child);
}

/** Runs a tool of the project under its Node, in this terminal's process group, and resolves to its exit status. */
export function runNode(args, variables = {}) {
  const child = spawn(projectNode(), args, { cwd: inRoot(), stdio: 'inherit', env: environment(variables) });
  // The terminal has sent it to the child as well; one that is still there after a second was not in the group.
  process.on('SIGINT', () => setTimeout(() => child.kill('SIGINT'), 1_000).unref());
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return ended(child);
}

function ended(child) {
  return new Promise((resolve) => {
    child.once('error', (fault) => {
      say(`Could not start ${child.spawnfile}: ${fault.message}`);
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/** Whatever a child calls `node` is the project's. */
function environment(variables) {
  const path = `${inRoot('node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  return { ...process.env, PATH: path, ...variables };
}

/**
 * When `npm start` is killed hard, npm passes nothing on and its shell goes on waiting: look for npm itself. A
 * hub that nobody can reach by Ctrl-C any more would hold its port and its data.
 */
function stopWithNpm(stop) {
  const npm = process.platform === 'linux' && process.env.npm_lifecycle_event ? npmAbove(process.ppid, 4) : 0;
  if (!npm) return;
  const timer = setInterval(() => {
    if (commandOf(npm) !== undefined) return;
    clearInterval(timer);
    stop.abort();
  }, 250);
  timer.unref();
}

function npmAbove(pid, levels) {
  const command = commandOf(pid);
  if (levels === 0 || command === undefined) return 0;
  if (/^npm\b|npm-cli\.js|npx-cli\.js|bin\/npm\b/.test(command)) return pid;
  return npmAbove(Number(/^PPid:\s*(\d+)/m.exec(proc(pid, 'status') ?? '')?.[1] ?? 0), levels - 1);
}

/** Undefined for a process that has ended, a zombie included: its command line is empty. */
function commandOf(pid) {
  return proc(pid, 'cmdline') || undefined;
}

function proc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return undefined;
  }
}
