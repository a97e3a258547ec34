import { setTimeout as pause } from 'node:timers/promises';
import { asFailure, Failure, fault } from './failure.js';

export interface RetryPolicy {
  /** How many times more after the first. */
  retries: number;
  /** Before the first repetition, in milliseconds; each further pause is three times as long. */
  firstPauseMs?: number;
  note?: (text: string) => void;
}

const FIRST_PAUSE_MS = 1000;
const GROWTH = 3;

/**
 * Repeats `attempt` while it fails for reasons that pass (a broken connection, a room that is out); `hasAdvanced`
 * says whether the attempt got further than any before, and then the count starts anew.
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  attempt: () => Promise<T>,
  hasAdvanced: () => boolean = () => false,
): Promise<T> {
  let failed = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const failure = asFailure(error);
      if (!failure.isPassing) throw failure;
      if (hasAdvanced()) failed = 0;
      if (failed >= policy.retries) throw givenUp(failure, failed + 1);
      const pace = (policy.firstPauseMs ?? FIRST_PAUSE_MS) * GROWTH ** failed;
      const wait = Math.max(pace, (failure.retryAfter ?? 0) * 1_000);
      failed += 1;
      policy.note?.(
        `${failure.message} Trying again in ${(wait / 1000).toFixed(0)} s (${failed} of ${policy.retries}).`,
      );
      await pause(wait);
    }
  }
}

function givenUp(failure: Failure, attempts: number): Failure {
  if (attempts === 1) return failure;
  const message = `${failure.message} Gave up after ${attempts} attempts.`;
  const { code, remedy, rule } = failure;
  return new Failure({ code, message, remedy, rule }, { cause: failure });
}

/** The number of an option such as --retries. */
export function wholeNumber(name: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least)
      throw fault('USAGE', `${name} must be a whole number from ${least}, was "${text}".`);
    return value;
  };
}
