import { pick, type Random, wholeBetween } from '../../../scripts/demo/randomness.js';
import type { Period } from '../model.js';

export const OVER: Period & { to: number } = { from: -30, to: -1 };
export const TO_COME: Period & { to: number } = { from: 1, to: 30 };

/** Worlds side by side in one hub differ in their provinces, 11 to 98; two each. */
export const PROVINCE_PAIRS = 44;
/** Few purposes in a world, so that scopes, consents and questions meet. */
export const PURPOSES = ['DATA_REPORTING', 'SUPERVISION', 'ENERGY_SERVICE', 'OWN_MANAGEMENT', 'STATISTICS'];

/** What everything in one world has in common: its chance, its places, its few purposes. */
export class Setting {
  readonly number: number;
  readonly areas: { nation: string; provinces: string[]; cities: string[]; districts: string[] };
  readonly purposes: string[];
  readonly #random: Random;

  constructor(random: Random, number: number) {
    this.#random = random;
    this.number = number;
    const first = 11 + 2 * (number % PROVINCE_PAIRS);
    const [home, away] = [String(first), String(first + 1)];
    this.areas = {
      nation: '100000',
      provinces: [`${home}0000`, `${away}0000`],
      cities: [`${home}0100`, `${away}0200`],
      districts: [`${home}0101`, `${home}0101`, `${home}0102`, `${away}0101`],
    };
    this.purposes = this.some(PURPOSES, 2, 3);
  }

  /** Mostly now, some over, some not begun. */
  period(): Period {
    if (this.chance(0.85)) return { from: -30, to: this.chance(0.5) ? null : 30 };
    return this.pick([OVER, TO_COME]);
  }

  id(kind: string, index: number): string {
    return `w${this.number}-${kind}${index + 1}`;
  }

  /** An id as the hub gives them, for what `node(id)` tells by its id. */
  nodeId(prefix: string, index: number): string {
    return `${prefix}_${`w${this.number}x${index + 1}`.padStart(26, '0')}`;
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  pick<T>(items: readonly T[]): T {
    return pick(this.#random, items);
  }

  /** Both ends included. */
  between(low: number, high: number): number {
    return wholeBetween(this.#random, low, high);
  }

  times<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: wholeBetween(this.#random, least, most) }, (_, index) => make(index));
  }

  /** Some of the items, each once, in their order. */
  some<T>(items: readonly T[], least: number, most: number): T[] {
    const count = Math.min(items.length, wholeBetween(this.#random, least, most));
    const left = items.map((item, index) => ({ item, index }));
    const chosen = Array.from(
      { length: count },
      () => left.splice(Math.floor(this.#random() * left.length), 1)[0]!,
    );
    return chosen.toSorted((one, other) => one.index - other.index).map(({ item }) => item);
  }
}
