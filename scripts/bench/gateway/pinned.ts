import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** A process that is measured, or that measures: on one processor alone where the system can do that. */
export class Pinned {
  readonly #process: ChildProcess;
  readonly #died: Promise<never>;

  constructor(script: string, given: object, { processor, ...spawning }: Pinning) {
    const command = [process.execPath, script, JSON.stringify(given)];
    const [file = '', ...parts] = canPin ? ['taskset', '-c', String(processor), ...command] : command;
    this.#process = spawn(file, parts, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], ...spawning });
    this.#died = once(this.#process, 'exit').then(([code]) => {
      throw new Error(`${script} ended with ${String(code)}`);
    });
    this.#died.catch(() => undefined);
  }

  /** What the process says next, after it was told something. */
  async told<Answer>(message?: object | string): Promise<Answer> {
    const said = once(this.#process, 'message');
    if (message !== undefined) this.#process.send(message);
    const [answer] = (await Promise.race([said, this.#died])) as [Answer & { fault?: string }];
    if (answer.fault) throw new Error(answer.fault);
    return answer;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    if (this.#process.connected) this.#process.disconnect();
    await ended;
  }
}

interface Pinning {
  processor: number;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** Processors that this process may run on. */
const processors = allowed();
/** What is measured runs on the first; all that is around it on another. */
export const [MEASURED = 0, AROUND = 0] = [processors[0], processors[1]];
export const canPin = processors.length > 1 && spawnSync('taskset', ['-V']).status === 0;

/** From the likes of `0-3,8`; empty where the system does not tell. */
function allowed(): number[] {
  let status = '';
  try {
    status = readFileSync('/proc/self/status', 'utf8');
  } catch {
    return [];
  }
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
