import fc from 'fast-check';
import { leafHash, nodeHash } from '../../../gateway/ledger/hash.js';
import {
  completeSubtrees,
  consistencyRanges,
  foldSubtrees,
  Frontier,
  inclusionRanges,
  type Range,
  rootOfInclusion,
  rootsOfConsistency,
} from '../../../gateway/ledger/tree.js';

const hex = (hash: Buffer): string => hash.toString('hex');
const bytes = (text: string): Buffer => Buffer.from(text, 'hex');

/** The eight leaves, roots and paths of the reference implementation of RFC 6962 (certificate-transparency). */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const [LEAF_0, LEAF_4] = [ROOTS[0]!, 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'];
const LEAF_1 = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const NODE_23 = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const NODE_45 = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';
const NODE_67 = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const NODE_4567 = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';

describe('the published vectors', () => {
  test('the tree without leaves has the hash of nothing', () => {
    expect(hex(new Frontier().root())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  test('the roots of the trees of 1 to 8 leaves', () => {
    const tree = new Frontier();
    const roots = LEAVES.map((leaf) => {
      tree.append(leafHash(bytes(leaf)));
      return hex(tree.root());
    });
    expect(roots).toEqual(ROOTS);
  });

  test.each([
    [1, 1, []],
    [1, 8, [LEAF_1, NODE_23, NODE_4567]],
    [6, 8, [LEAF_4, NODE_67, ROOTS[3]]],
    [3, 3, [ROOTS[1]]],
    [2, 5, [LEAF_0, NODE_23, LEAF_4]],
  ])('the audit path of leaf %i of %i', (number, size, path) => {
    expect(inclusionRanges(number - 1, size).map(hashOf(LEAVES.map(bytes)))).toEqual(path);
  });

  test.each([
    [1, 1, []],
    [1, 8, [LEAF_1, NODE_23, NODE_4567]],
    [6, 8, [NODE_45, NODE_67, ROOTS[3]]],
    [2, 5, [NODE_23, LEAF_4]],
  ])('the consistency path from %i to %i leaves', (from, to, path) => {
    expect(consistencyRanges(from, to).map(hashOf(LEAVES.map(bytes)))).toEqual(path);
  });
});

describe('every tree of 1 to 65 leaves', () => {
  const leaves = Array.from({ length: 65 }, (_, index) => Buffer.from(`entry ${index}`));
  const sizes = leaves.map((_, index) => index + 1);
  const roots = sizes.map((size) => definition(leaves.slice(0, size)));
  const rootOf = (size: number): Buffer => roots[size - 1]!;
  const known = new Map<string, Buffer>();
  const hashOfRange = ({ start, end }: Range): Buffer => {
    const key = `${start}-${end}`;
    const hash = known.get(key) ?? definition(leaves.slice(start, end));
    known.set(key, hash);
    return hash;
  };
  const pathOf = (ranges: Range[]): Buffer[] => ranges.map(hashOfRange);

  test('grown leaf by leaf has the root of the definition, and so have its complete subtrees', () => {
    const tree = new Frontier();
    for (const size of sizes) {
      tree.append(leafHash(leaves[size - 1]!));
      const subtrees = completeSubtrees({ start: 0, end: size }).map(hashAt(leaves));
      expect([tree.root(), foldSubtrees(subtrees), Frontier.of(size, subtrees).root()]).toEqual(
        Array(3).fill(rootOf(size)),
      );
    }
  });

  test('taken up again from its right edge grows on as if it had never stopped', () => {
    for (const size of sizes) {
      const tree = Frontier.of(size, completeSubtrees({ start: 0, end: size }).map(hashAt(leaves)));
      for (const leaf of leaves.slice(size)) tree.append(leafHash(leaf));
      expect([tree.size, tree.root()]).toEqual([65, rootOf(65)]);
    }
  });

  test('proves each of its leaves, and nothing with a flipped bit, another place or another length', () => {
    const hashes = leaves.map(leafHash);
    const wrong: string[] = [];
    for (const size of sizes) {
      for (let index = 0; index < size; index += 1) {
        const [leaf, path] = [hashes[index]!, pathOf(inclusionRanges(index, size))];
        const reaches = (place: object, other = path): boolean | null =>
          rootOfInclusion({ leaf, index, size, ...place }, other)?.equals(rootOf(size)) ?? null;
        const outcomes = {
          right: reaches({}) === true,
          'flipped leaf': reaches({ leaf: flipped(leaf, size + index) }) === false,
          'another place': size === 1 || reaches({ index: (index + 1) % size }) !== true,
          'beyond the end': reaches({ index: size }) === null,
          'too long': reaches({}, [...path, leaf]) === null,
          'flipped path': path.every(
            (hash, step) => reaches({}, path.with(step, flipped(hash, size))) === false,
          ),
          'too short': path.every((_, step) => reaches({}, path.toSpliced(step, 1)) === null),
        };
        for (const [name, isSo] of Object.entries(outcomes))
          if (!isSo) wrong.push(`${name}: ${index} of ${size}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('is proved to go on from each before it, and from no other', () => {
    const wrong: string[] = [];
    for (const to of sizes) {
      for (let from = 1; from <= to; from += 1) {
        const path = pathOf(consistencyRanges(from, to));
        const reaches = (oldRoot: Buffer, other = path): boolean | null => {
          const roots = rootsOfConsistency({ from, to, oldRoot }, other);
          return roots && roots.old.equals(oldRoot) && roots.new.equals(rootOf(to));
        };
        const old = rootOf(from);
        const outcomes = {
          right: reaches(old) === true,
          // A tree that was written anew has another root, and no path leads from it.
          'flipped root': reaches(flipped(old, to)) === false,
          'too long': reaches(old, [...path, old]) === null,
          'flipped path': path.every(
            (hash, step) => reaches(old, path.with(step, flipped(hash, to))) === false,
          ),
          'too short': path.every((_, step) => reaches(old, path.toSpliced(step, 1)) === null),
        };
        for (const [name, isSo] of Object.entries(outcomes))
          if (!isSo) wrong.push(`${name}: ${from} to ${to}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('has no path from none, or from more than there are', () => {
    for (const from of [0, -1, 66])
      expect(rootsOfConsistency({ from, to: 65, oldRoot: rootOf(1) }, [])).toBeNull();
  });
});

test('sizes beyond 32 bits split where the definition says, and paths grow by the logarithm', () => {
  const size = fc.integer({ min: 2, max: 2 ** 52 });
  const place = size.chain((of) => fc.tuple(fc.integer({ min: 0, max: of - 1 }), fc.constant(of)));
  fc.assert(
    fc.property(place, ([index, of]) => {
      const ranges = inclusionRanges(index, of);
      const covered = ranges.reduce((sum, { start, end }) => sum + (end - start), 1);
      expect(covered).toBe(of);
      expect(ranges.length).toBeLessThanOrEqual(53);
      for (const { level, index: at } of ranges.flatMap(completeSubtrees)) {
        expect(Number.isSafeInteger((at + 1) * 2 ** level)).toBe(true);
      }
    }),
  );
});

/** MTH of RFC 6962, 2.1, word for word. */
function definition(entries: readonly Buffer[]): Buffer {
  if (entries.length === 1) return leafHash(entries[0]!);
  let k = 1;
  while (k * 2 < entries.length) k *= 2;
  return nodeHash(definition(entries.slice(0, k)), definition(entries.slice(k)));
}

function hashOf(entries: readonly Buffer[]): (range: Range) => string {
  return ({ start, end }) => hex(definition(entries.slice(start, end)));
}

function hashAt(entries: readonly Buffer[]): (place: { level: number; index: number }) => Buffer {
  return ({ level, index }) => definition(entries.slice(index * 2 ** level, (index + 1) * 2 ** level));
}

function flipped(hash: Buffer, bit: number): Buffer {
  const other = Buffer.from(hash);
  other[(bit >> 3) % other.length]! ^= 1 << (bit & 7);
  return other;
}
