/** What was estimated beside a sum of measured values. */
export interface EstimatedPart {
  unit: string | null;
  /** Exact sum of the estimated values. */
  total: string;
  /** Of the total measured, what was measured where an estimate stands in. */
  replacedTotal: string;
  values: number;
  /** A question of its own, asked only when wanted. */
  isComplete: () => Promise<boolean>;
}
