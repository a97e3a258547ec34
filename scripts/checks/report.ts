/** One thing that is checked, in a sentence that holds when nothing is wrong. */
export interface Check {
  name: string;
  /** What mends it, where one command does. */
  remedy?: string;
  /** Every fault in a line for people; none when it holds. */
  run: () => Promise<string[]>;
}

export interface Result {
  name: string;
  passed: boolean;
  faults: string[];
  remedy?: string;
}

/** Runs every check, also after one failed; a check that cannot run has failed, and says why. */
export async function runChecks(
  checks: readonly Check[],
  onResult: (result: Result) => void,
): Promise<boolean> {
  let hasFailed = false;
  for (const { name, remedy, run } of checks) {
    const faults = await run().catch((fault: unknown) => [
      fault instanceof Error ? fault.message : String(fault),
    ]);
    hasFailed ||= faults.length > 0;
    onResult({ name, passed: faults.length === 0, faults, ...(faults.length > 0 && remedy && { remedy }) });
  }
  return !hasFailed;
}

/** `✓ name`, or `✗ name: first fault` with the rest below it. */
export function lineOf({ name, passed, faults: [first, ...others], remedy }: Result): string {
  if (passed) return `✓ ${name}`;
  const rest = [...others.map((fault) => `\n    ${fault}`), remedy ? `\n  ${remedy}` : ''];
  return `✗ ${name}: ${first}${rest.join('')}`;
}
