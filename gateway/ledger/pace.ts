import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds from batch to batch of a gateway that is busy. */
const PACE_MS = 12;
/** The part of its time that a gateway works, above which it is busy: requests wait for their turn all the same. */
const BUSY = 0.8;

/**
 * When the next batch goes. A batch costs a gateway and PostgreSQL as much as some twenty entries more would, so a
 * gateway that is busy lets them gather for a moment: nobody waits longer for it, as it answers more of them in that
 * time. One that has time to spare writes at once.
 */
export class Pace {
  readonly #hurry = new AbortController();
  #before: EventLoopUtilization = performance.eventLoopUtilization();
  #started = performance.now();

  /** Resolves when a batch may go. */
  async turn(): Promise<void> {
    // The calls of this tick share the batch.
    await Promise.resolve();
    const left = this.#started + PACE_MS - performance.now();
    const { signal } = this.#hurry;
    if (left > 0 && this.#isBusy()) await sleep(left, undefined, { signal }).catch(() => undefined);
    this.#started = performance.now();
    this.#before = performance.eventLoopUtilization();
  }

  /** From now on every batch goes at once. */
  hurry(): void {
    this.#hurry.abort();
  }

  #isBusy(): boolean {
    return performance.eventLoopUtilization(this.#before).utilization > BUSY;
  }
}
