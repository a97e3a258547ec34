import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type Config, ConfigurationError, SETTINGS } from './config.js';
import type { Following } from './followed.js';

type Limits = Config['limits'];

/** Settings that may change while the hub runs: nothing is made from them when it starts. */
const CHANGEABLE = {
  HUB_QUERY_DEPTH: 'depth',
  HUB_QUERY_FIELDS: 'fields',
  HUB_QUERY_ALIASES: 'aliases',
  HUB_QUERY_ROOT_FIELDS: 'rootFields',
  HUB_QUERY_DIRECTIVES: 'directives',
  HUB_QUERY_OBJECTS: 'objects',
} as const satisfies Partial<Record<keyof typeof SETTINGS, keyof Limits>>;

const FILE = 'limits.env';

/**
 * Limits that an operator changes under load: those of the environment, and in their place what `limits.env` in the
 * home says, in the same words. A file that cannot be used changes nothing and is told to the log.
 */
export class FollowedLimits {
  /** Always the same object: whoever looks at it for each request goes by what holds now. */
  readonly current: Limits;
  readonly #started: Limits;
  readonly #path: string;
  readonly #options: Pick<Following, 'log' | 'fault'>;
  #text = '';

  constructor(config: Config, options: Pick<Following, 'log' | 'fault'>) {
    this.#started = config.limits;
    this.current = { ...config.limits };
    this.#path = join(config.home, FILE);
    this.#options = options;
  }

  static async open(
    { config, ...options }: Pick<Following, 'log' | 'fault'> & { config: Config },
    closing: (() => unknown)[],
  ): Promise<FollowedLimits> {
    const followed = new FollowedLimits(config, options);
    await followed.look();
    const timer = setInterval(() => void followed.look(), config.housekeepingMs);
    timer.unref();
    closing.push(() => clearInterval(timer));
    return followed;
  }

  async look(): Promise<void> {
    const { log, fault } = this.#options;
    try {
      const text = await readIfThere(this.#path);
      if (text === this.#text) return;
      this.#text = text;
      const changed = limitsIn(text);
      Object.assign(this.current, this.#started, changed);
      log.info({ event: 'limits taken up', ...changed });
    } catch (error) {
      fault(error, FILE);
    }
  }
}

/** @throws ConfigurationError naming every fault */
export function limitsIn(text: string): Partial<Limits> {
  const faults: string[] = [];
  const limits: Partial<Record<keyof Limits, number>> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (!isChangeable(name)) {
      faults.push(`  ${name}: cannot be changed while the hub runs`);
      continue;
    }
    const read = SETTINGS[name].safeParse(value);
    if (read.success) limits[CHANGEABLE[name]] = read.data;
    else faults.push(...read.error.issues.map(({ message }) => `  ${name}: ${message}`));
  }
  if (faults.length === 0) return limits;
  throw new ConfigurationError(`${FILE} has ${faults.length} fault(s):\n${faults.join('\n')}`);
}

function isChangeable(name: string): name is keyof typeof CHANGEABLE {
  return Object.hasOwn(CHANGEABLE, name);
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}
