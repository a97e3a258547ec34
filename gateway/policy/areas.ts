/**
 * Areas are GB/T 2260 codes and nest by prefix: 100000 (the nation) ⊃ 310000 ⊃ 310100 ⊃ 310101.
 * A prefix is the code without its trailing pairs of zeros; the nation's is empty.
 */
export function areaPrefix(code: string): string {
  if (code === '100000') return '';
  return code.replace(/(00){1,2}$/, '');
}

/** Whether `inner` lies in `outer` or is the same area. */
export function areaContains(outer: string, inner: string): boolean {
  return inner === outer || areaPrefix(inner).startsWith(areaPrefix(outer));
}

export function isAreaCode(code: string): boolean {
  return /^[1-9]\d{5}$/.test(code);
}
