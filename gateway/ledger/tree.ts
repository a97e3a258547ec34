import { EMPTY_ROOT, nodeHash } from './hash.js';

/** A complete subtree of 2^level leaves, the index-th of its size from the left; level 0 is a leaf. */
export interface Place {
  level: number;
  index: number;
}

/** The leaves from `start` to before `end`, counted from 0, as RFC 6962 writes D[start:end]. */
export interface Range {
  start: number;
  end: number;
}

/** The subtrees whose hashes are the audit path of a leaf (RFC 6962, 2.1.1), nearest first. `index` counts from 0. */
export function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  return ranges;
}

/** The subtrees whose hashes prove that the tree of `from` leaves begins the tree of `to` leaves (RFC 6962, 2.1.2). */
export function consistencyRanges(from: number, to: number): Range[] {
  const ranges: Range[] = [];
  if (from === 0) return ranges;
  let [start, end] = [0, to];
  while (from < end) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  // The old tree itself is known to whom the proof is for.
  if (start > 0) ranges.unshift({ start, end });
  return ranges;
}

/** The complete subtrees that make up a range, left to right. */
export function completeSubtrees({ start, end }: Range): Place[] {
  const places: Place[] = [];
  let from = start;
  while (from < end) {
    let [level, span] = [0, 1];
    while (span * 2 <= end - from) [level, span] = [level + 1, span * 2];
    places.push({ level, index: from / span });
    from += span;
  }
  return places;
}

/** The hash over adjacent subtrees, each larger than the next: RFC 6962 hangs the smaller to the right of the larger. */
export function foldSubtrees(hashes: readonly Buffer[]): Buffer {
  return (
    hashes.reduceRight((right: Buffer | null, left) => (right ? nodeHash(left, right) : left), null) ??
    EMPTY_ROOT
  );
}

/**
 * The root that an audit path leads to from a leaf; null when the path has not the length that the tree asks for.
 * `index` counts from 0.
 */
export function rootOfInclusion(
  { leaf, index, size }: { leaf: Buffer; index: number; size: number },
  path: readonly Buffer[],
): Buffer | null {
  if (index >= size) return null;
  const ranges = inclusionRanges(index, size);
  if (ranges.length !== path.length) return null;
  return ranges.reduce(
    (known, { start }, step) => (start > index ? nodeHash(known, path[step]!) : nodeHash(path[step]!, known)),
    leaf,
  );
}

/**
 * Both roots that a consistency path leads to, old and new; null when it has not the length that the sizes ask for.
 * `oldRoot` is the root that is known of the older tree: it stands in the path's place where that tree is complete.
 */
export function rootsOfConsistency(
  { from, to, oldRoot }: { from: number; to: number; oldRoot: Buffer },
  path: readonly Buffer[],
): { old: Buffer; new: Buffer } | null {
  if (from < 1 || from > to) return null;
  const ranges = consistencyRanges(from, to);
  if (ranges.length !== path.length) return null;
  const [first] = ranges;
  const isWhole = !first || first.start >= from;
  const seed = isWhole ? oldRoot : path[0]!;
  const rest = isWhole ? 0 : 1;
  let roots = { old: seed, new: seed };
  for (let step = rest; step < ranges.length; step += 1) {
    const [{ start }, hash] = [ranges[step]!, path[step]!];
    if (start >= from) roots = { old: roots.old, new: nodeHash(roots.new, hash) };
    else roots = { old: nodeHash(hash, roots.old), new: nodeHash(hash, roots.new) };
  }
  return roots;
}

/** The largest power of two below `length`: where RFC 6962 splits a tree. Sizes go beyond 32 bits. */
function splitOf(length: number): number {
  let split = 1;
  while (split * 2 < length) split *= 2;
  return split;
}

/** A tree that grows: of its nodes it keeps the complete subtrees of its right edge, a few dozen hashes at most. */
export class Frontier {
  readonly #edge: { span: number; hash: Buffer }[] = [];
  #size = 0;

  /** The tree of `size` leaves whose complete subtrees, left to right, have these hashes. */
  static of(size: number, hashes: readonly Buffer[]): Frontier {
    const frontier = new Frontier();
    frontier.#size = size;
    const places = completeSubtrees({ start: 0, end: size });
    frontier.#edge.push(...places.map(({ level }, place) => ({ span: 2 ** level, hash: hashes[place]! })));
    return frontier;
  }

  get size(): number {
    return this.#size;
  }

  /** Returns the hashes of the inner nodes that this leaf completes, from the lowest up. */
  append(leaf: Buffer): Buffer[] {
    const completed: Buffer[] = [];
    let node = { span: 1, hash: leaf };
    while (this.#edge.at(-1)?.span === node.span) {
      node = { span: node.span * 2, hash: nodeHash(this.#edge.pop()!.hash, node.hash) };
      completed.push(node.hash);
    }
    this.#edge.push(node);
    this.#size += 1;
    return completed;
  }

  root(): Buffer {
    return foldSubtrees(this.#edge.map(({ hash }) => hash));
  }
}
