import type { Credentials } from '../certs/authority.js';
import type { Log } from './log.js';

export interface Following {
  /** For the log: `server`, `gateway`. */
  name: string;
  /** The one on disk while it is good, else a new one. */
  issue: () => Promise<Credentials>;
  everyMs: number;
  log: Log;
  fault: (error: unknown, where: string) => string;
}

/**
 * A certificate of the hub's own in a process that may run for years: it is looked at again and again, renewed before
 * it ends, and whoever uses it is told, so that nothing has to be started anew.
 */
export class Followed {
  readonly #options: Following;
  readonly #listeners: ((credentials: Credentials) => void)[] = [];
  readonly #timer: NodeJS.Timeout;
  #current: Credentials;

  constructor(options: Following, current: Credentials) {
    this.#options = options;
    this.#current = current;
    this.#timer = setInterval(() => void this.look(), options.everyMs);
    this.#timer.unref();
  }

  static async open(options: Following, closing: (() => unknown)[]): Promise<Followed> {
    const followed = new Followed(options, await options.issue());
    closing.push(() => followed.close());
    return followed;
  }

  get current(): Credentials {
    return this.#current;
  }

  onRenewed(listener: (credentials: Credentials) => void): void {
    this.#listeners.push(listener);
  }

  async look(): Promise<void> {
    const { name, issue, log, fault } = this.#options;
    try {
      const found = await issue();
      if (found.fingerprint === this.#current.fingerprint) return;
      this.#current = found;
      for (const listener of this.#listeners) listener(found);
      const { fingerprint, notAfter } = found;
      log.info({ event: 'certificate taken up', which: name, fingerprint, notAfter });
    } catch (error) {
      // The one in use goes on; the next look may find the authority again.
      fault(error, `certificate of the ${name}`);
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
