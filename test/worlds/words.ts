import type { GraphqlReply } from '../world/caller.js';

/** The words in which the hub's answers and the oracle's are compared. */

/** An amount with at most two decimal places, exactly. */
export function hundredths(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(2, '0'));
}

export function decimal(amount: bigint): string {
  const digits = amount.toString().padStart(3, '0');
  const fraction = digits.slice(-2).replace(/0+$/, '');
  return fraction ? `${digits.slice(0, -2)}.${fraction}` : digits.slice(0, -2);
}

export function dayText(meter: string, interval: number, values: (string | null)[], total: string): string {
  const plain = values.map((value) => (value === null ? '-' : decimal(hundredths(value))));
  return `${meter} every ${interval} min: ${plain.join(' ')} = ${decimal(hundredths(total))}`;
}

export function rowsText(ids: string[]): string {
  return `rows ${[...new Set(ids)].toSorted().join(', ')}`;
}

/** `refused CODE rule`, of the first error. */
export function refusalText({ errors }: Pick<GraphqlReply, 'errors'>): string {
  const { code, rule } = errors?.[0]?.extensions ?? {};
  if (!code) return 'nothing';
  return ['refused', code, rule].filter(Boolean).join(' ');
}

/** What is said of whether something is allowed. */
export interface Decision {
  allowed: boolean;
  rule: string;
  code: string | null;
}

export function decisionText({ allowed, rule, code }: Decision): string {
  return allowed ? `allowed ${rule}` : `refused ${code} ${rule}`;
}
