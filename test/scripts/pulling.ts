import type { TestHome } from './door.js';
import type { PackageHub } from './package-hub.js';

/** The day that is pulled, unless said otherwise. */
export const DAY = '2026-11-19';

/** `hub pull` as the national platform of a home, into a folder. */
export function pulling(home: TestHome, out: string, { url }: PackageHub, ...more: string[]): string[] {
  const days = more.some((word) => /^--(date|from|to|month)$/.test(word)) ? [] : ['--date', DAY];
  return ['pull', '--as', 'national', '--home', home.path, '--url', url, '--out', out, ...days, ...more];
}
