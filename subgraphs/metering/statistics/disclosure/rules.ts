import type { DisclosureRules } from '../../../runtime/services.js';

export type { DisclosureRules };

export const WHY_WITHHELD = {
  TOO_FEW: '主体过少',
  DOMINATED: '个别主体占比过大',
  COMPLEMENTARY: '防止由合计推算',
} as const;

export type WhyWithheld = keyof typeof WHY_WITHHELD;

/**
 * Whether a sum may be told by itself: enough subjects, none of whom the second largest could estimate by taking its own
 * amount away (p %), and no two that are nearly all of it ((n,k) with n = 2). Null is yes; nobody in it is yes.
 *
 * @param amounts of each subject, none negative.
 */
export function unsafe(amounts: Iterable<bigint>, rules: DisclosureRules): WhyWithheld | null {
  const sorted = [...amounts].sort((one, other) => (one > other ? -1 : one < other ? 1 : 0));
  if (sorted.length === 0) return null;
  if (sorted.length < rules.fewestSubjects) return 'TOO_FEW';
  const total = sorted.reduce((sum, amount) => sum + amount, 0n);
  const [first = 0n, second = 0n] = sorted;
  const isEstimable = (total - first - second) * 100n < percentOf(first, rules.pPercent);
  const isShared = (first + second) * 100n > percentOf(total, rules.largestSharePercent);
  return isEstimable || isShared ? 'DOMINATED' : null;
}

/** Percents may have two decimals; the answer is a hundred times the share. */
export function percentOf(amount: bigint, percent: number): bigint {
  return (amount * BigInt(Math.round(percent * 100))) / 100n;
}
