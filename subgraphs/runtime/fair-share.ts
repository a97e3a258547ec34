import { Refusal } from '../../gateway/errors.js';

interface Line {
  lent: number;
  waiting: Set<() => void>;
}

/**
 * Who has one of so many connections when more are asked for: one tenant after the other, and none more of them than it
 * leaves free. So there is one for who comes next, whatever a tenant's own work waits for.
 */
export class FairShare {
  readonly #patienceMs: number;
  readonly #lines = new Map<string, Line>();
  #free: number;

  constructor(size: number, patienceMs: number) {
    this.#free = size;
    this.#patienceMs = patienceMs;
  }

  /**
   * Does work that takes one connection.
   *
   * @param leaving aborted when nobody waits for the work any more
   * @throws Refusal ROOM_UNAVAILABLE; the reason of `leaving` when that is aborted before the work begins
   */
  async lend<T>(tenant: string, work: () => Promise<T>, leaving?: AbortSignal): Promise<T> {
    const line = this.#line(tenant);
    if (this.#mayHave(line)) this.#begin(line);
    else await this.#wait(tenant, line, leaving);
    try {
      return await work();
    } finally {
      line.lent -= 1;
      this.#free += 1;
      this.#tidy(tenant, line);
      this.#next();
    }
  }

  #line(tenant: string): Line {
    const line = this.#lines.get(tenant) ?? { lent: 0, waiting: new Set() };
    this.#lines.set(tenant, line);
    return line;
  }

  #mayHave({ lent }: Line): boolean {
    return lent < this.#free;
  }

  #begin(line: Line): void {
    line.lent += 1;
    this.#free -= 1;
  }

  #wait(tenant: string, line: Line, leaving?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        line.waiting.delete(begin);
        clearTimeout(timer);
        leaving?.removeEventListener('abort', leave);
      };
      const begin = (): void => {
        done();
        this.#begin(line);
        resolve();
      };
      const giveUp = (reason: unknown): void => {
        done();
        this.#tidy(tenant, line);
        reject(reason as Error);
      };
      const leave = (): void => giveUp(leaving?.reason);
      const timer = setTimeout(() => giveUp(noneFree()), this.#patienceMs).unref();
      leaving?.addEventListener('abort', leave);
      line.waiting.add(begin);
    });
  }

  /** Who gets one goes to the end of the lines, and is looked at again there. */
  #next(): void {
    for (const [tenant, line] of this.#lines) {
      const [begin] = line.waiting;
      if (!begin || !this.#mayHave(line)) continue;
      this.#lines.delete(tenant);
      this.#lines.set(tenant, line);
      begin();
    }
  }

  #tidy(tenant: string, line: Line): void {
    if (line.lent + line.waiting.size === 0) this.#lines.delete(tenant);
  }
}

function noneFree(): Refusal {
  return new Refusal('ROOM_UNAVAILABLE', {
    message: 'No connection to the database came free for the tenant in time.',
    remedy: 'Send fewer at once, or try again shortly.',
  });
}
