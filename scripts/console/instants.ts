import { InvalidArgumentError } from 'commander';

/**
 * An instant as typed: a day (its start in China, where the hub's tenants are) or ISO 8601 with an offset. Returns
 * ISO 8601. Throws commander's error, which names the option.
 */
export function instant(text: string): string {
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+08:00` : text;
  const hasOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(full);
  const date = new Date(full);
  if (!hasOffset || Number.isNaN(date.getTime()) || !isRealDay(text.slice(0, 10))) {
    throw new InvalidArgumentError(
      'A day (2027-01-01) or an instant with its offset (2027-01-01T08:00:00+08:00).',
    );
  }
  return date.toISOString();
}

/** `new Date` would take 30 February for 2 March. */
function isRealDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** An instant for people, on the clock of China; null is open-ended. */
export function shown(time: string | null): string | null {
  if (time === null) return null;
  const date = new Date(new Date(time).getTime() + 8 * 3_600_000).toISOString();
  return date.slice(11, 19) === '00:00:00' ? date.slice(0, 10) : `${date.slice(0, 10)} ${date.slice(11, 16)}`;
}

/** Several values of one option, each comma-separated or apart: `a,b c`. */
export function listed(text: string, before: string[] = []): string[] {
  return [...new Set([...before, ...text.split(',').map((part) => part.trim())])].filter(Boolean);
}
