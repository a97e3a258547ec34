/** An exact quotient of millionths; `by` is above zero. */
export interface Ratio {
  of: bigint;
  by: bigint;
}

export function whole(millionths: bigint): Ratio {
  return { of: millionths, by: 1n };
}

/** The nearest multiple of a step, halves away from zero. */
export function rounded({ of, by }: Ratio, step: bigint): bigint {
  const amount = of < 0n ? -of : of;
  const steps = (amount * 2n + by * step) / (by * step * 2n);
  return (of < 0n ? -steps : steps) * step;
}

/**
 * A total in proportion to weights, in multiples of a step that divides it: each share is rounded down, and what is left
 * goes to those that lost most, the earlier first, so that the shares meet the total exactly. A weight below zero counts
 * as none; without any weight all share alike.
 */
export function apportioned(total: bigint, weights: readonly Ratio[], step: bigint): bigint[] {
  const sign = total < 0n ? -1n : 1n;
  const steps = (total * sign) / step;
  const parts = overOneDenominator(weights);
  const sum = parts.reduce((one, other) => one + other, 0n);
  const ofAll = sum === 0n ? parts.map(() => 1n) : parts;
  const by = sum === 0n ? BigInt(parts.length) : sum;
  const shares = ofAll.map((part) => (steps * part) / by);
  let left = steps - shares.reduce((one, other) => one + other, 0n);
  const byLoss = ofAll
    .map((part, place) => ({ place, lost: (steps * part) % by }))
    .toSorted((one, other) =>
      one.lost === other.lost ? one.place - other.place : one.lost < other.lost ? 1 : -1,
    );
  for (const { place } of byLoss) {
    if (left === 0n) break;
    shares[place]! += 1n;
    left -= 1n;
  }
  return shares.map((share) => share * step * sign);
}

function overOneDenominator(weights: readonly Ratio[]): bigint[] {
  const by = weights.reduce((one, other) => (one / divisor(one, other.by)) * other.by, 1n);
  return weights.map((weight) => (weight.of > 0n ? weight.of * (by / weight.by) : 0n));
}

function divisor(one: bigint, other: bigint): bigint {
  return other === 0n ? one : divisor(other, one % other);
}
