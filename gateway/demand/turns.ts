import { Refusal } from '../errors.js';
import type { DemandClass } from './allowance.js';

export interface TurnLimits {
  /** At once for one tenant. */
  each: number;
  /** At once for all tenants together. */
  all: number;
  /** Waiting for one tenant. */
  queue: number;
  /** The longest that one waits. */
  patienceMs: number;
}

/** Ends a turn; more than once is once. */
export type Done = () => void;

interface Waiting {
  begin: (done: Done) => void;
}

interface Line {
  running: number;
  waiting: Record<DemandClass, Set<Waiting>>;
}

/**
 * Who works when more is asked than is worked on at once: one tenant after the other, whatever each has waiting. What a
 * tenant says of a request moves it within its own line alone.
 */
export class Turns {
  readonly #limits: TurnLimits;
  readonly #lines = new Map<string, Line>();
  #running = 0;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** A turn at once, or none. */
  now(tenant: string): Done | undefined {
    const line = this.#line(tenant);
    if (this.#isFree(line)) return this.#begin(tenant, line);
    this.#tidy(tenant, line);
    return undefined;
  }

  /**
   * A turn when it comes.
   *
   * @param left aborted when the caller has gone
   * @throws Refusal TOO_MANY_AT_ONCE
   */
  async wait(tenant: string, of: DemandClass, left?: AbortSignal): Promise<Done> {
    const line = this.#line(tenant);
    if (this.#isFree(line)) return this.#begin(tenant, line);
    left?.throwIfAborted();
    if (waitingIn(line) >= this.#limits.queue) throw tooMany(this.#limits);
    return new Promise<Done>((resolve, reject) => {
      const waiting = line.waiting[of];
      const leave = (): void => {
        waiting.delete(one);
        clearTimeout(timer);
        left?.removeEventListener('abort', giveUp);
      };
      const giveUp = (): void => {
        leave();
        this.#tidy(tenant, line);
        reject(left?.aborted ? (left.reason as Error) : tooMany(this.#limits));
      };
      const one: Waiting = {
        begin: (done) => {
          leave();
          resolve(done);
        },
      };
      const timer = setTimeout(giveUp, this.#limits.patienceMs).unref();
      left?.addEventListener('abort', giveUp);
      waiting.add(one);
    });
  }

  #line(tenant: string): Line {
    const known = this.#lines.get(tenant);
    if (known) return known;
    const line: Line = { running: 0, waiting: { ATTENDED: new Set(), UNATTENDED: new Set() } };
    this.#lines.set(tenant, line);
    return line;
  }

  #isFree({ running }: Line): boolean {
    return running < this.#limits.each && this.#running < this.#limits.all;
  }

  #begin(tenant: string, line: Line): Done {
    line.running += 1;
    this.#running += 1;
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      line.running -= 1;
      this.#running -= 1;
      this.#tidy(tenant, line);
      this.#next();
    };
  }

  /** The first line that has somebody and is free goes to the end of the lines. */
  #next(): void {
    for (const [tenant, line] of this.#lines) {
      const first = firstOf(line.waiting.ATTENDED) ?? firstOf(line.waiting.UNATTENDED);
      if (!first || !this.#isFree(line)) continue;
      this.#lines.delete(tenant);
      this.#lines.set(tenant, line);
      first.begin(this.#begin(tenant, line));
      return;
    }
  }

  #tidy(tenant: string, line: Line): void {
    if (line.running + waitingIn(line) === 0) this.#lines.delete(tenant);
  }
}

function firstOf(waiting: ReadonlySet<Waiting>): Waiting | undefined {
  return waiting.values().next().value;
}

function waitingIn({ waiting: { ATTENDED, UNATTENDED } }: Line): number {
  return ATTENDED.size + UNATTENDED.size;
}

function tooMany({ each }: TurnLimits): Refusal {
  return new Refusal('TOO_MANY_AT_ONCE', {
    message: `The tenant has ${each} requests under way and others waiting.`,
    rule: 'demand/turns',
    retryAfter: 1,
  });
}
