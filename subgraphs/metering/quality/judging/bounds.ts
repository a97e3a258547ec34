import type { IngestSettings } from './settings.js';

/** What a meter is known to be able to use, decimals of its unit an hour; null where nobody knows. */
export interface MeterLimits {
  ratedPerHour: string | null;
  usualPerHour: string | null;
}

/** What a value is compared with, as integers at the scale of its block: beyond one is beyond the exact bound. */
export interface Bounds {
  lowest: number;
  physical: number;
  usual: number;
  /** Values alike, one after the other. */
  stuck: number;
  zeros: number;
}

const NONE = Number.MAX_SAFE_INTEGER;

/**
 * The bounds of a meter's blocks. A value is an integer, so it lies beyond a bound when it lies beyond the whole number
 * below the bound: nothing is rounded in the comparison, and none is made with fractions.
 */
export class MeterBounds {
  readonly #limits: MeterLimits;
  readonly #settings: IngestSettings;
  readonly #known = new Map<number, Bounds>();

  constructor(limits: MeterLimits, settings: IngestSettings) {
    this.#limits = limits;
    this.#settings = settings;
  }

  at(interval: number, scale: number): Bounds {
    const key = interval * 8 + scale;
    let bounds = this.#known.get(key);
    if (!bounds) {
      bounds = this.#computed(interval, scale);
      this.#known.set(key, bounds);
    }
    return bounds;
  }

  #computed(interval: number, scale: number): Bounds {
    const { negativeLimit, physicalShare, jumpTimes, stuckCount, zeroMinutes } = this.#settings;
    const { ratedPerHour, usualPerHour } = this.#limits;
    const inHour = (perHour: string | null, times: string): number =>
      perHour === null ? NONE : wholeBelow([perHour, times], scale, interval, 60);
    return {
      lowest: 0 - wholeBelow([negativeLimit.replace(/^-/, '')], scale, 1, 1),
      physical: inHour(ratedPerHour, physicalShare),
      usual: inHour(usualPerHour, jumpTimes),
      stuck: stuckCount,
      zeros: Math.max(1, Math.ceil(zeroMinutes / interval)),
    };
  }
}

/** The whole part of a product of decimals, none negative, × 10^scale × numerator / denominator. */
function wholeBelow(decimals: string[], scale: number, numerator: number, denominator: number): number {
  let product = 10n ** BigInt(scale) * BigInt(numerator);
  let divisor = BigInt(denominator);
  for (const decimal of decimals) {
    const [whole = '', fraction = ''] = decimal.split('.');
    product *= BigInt(whole + fraction);
    divisor *= 10n ** BigInt(fraction.length);
  }
  const bound = product / divisor;
  return bound > BigInt(NONE) ? NONE : Number(bound);
}
