/** A source of numbers in [0, 1) that always gives the same sequence for the same seed. */
export type Random = () => number;

/** FNV-1a over the parts, well mixed: neighbouring names get unlike seeds. */
function seedOf(parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join('\u001f')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Random numbers named by what they are for, so that adding a building or a meter changes no other's values.
 * A Weyl sequence through a 32-bit mixer: plenty for synthetic readings, nothing for keys.
 */
export function randomFor(...parts: (string | number)[]): Random {
  let state = seedOf(parts);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

/** Both ends included. */
export function wholeBetween(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

export function pick<T>(random: Random, list: readonly T[]): T {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new RangeError('nothing to pick from');
  return chosen;
}

/** `hundredths` / 100 as a decimal string with two places, exact. */
export function decimal(hundredths: number): string {
  return (hundredths / 100).toFixed(2);
}
