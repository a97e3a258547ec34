import { FairShare } from '../../../subgraphs/runtime/fair-share.js';

/** Nobody who still waits when a test is over gives up during another one. */
const NEVER_MS = 2_147_483_647;

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that goes on until it is ended; what has begun stands in `begun`, in order. */
function working(share: FairShare) {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const work = (tenant: string, leaving?: AbortSignal): Promise<void> =>
    share.lend(
      tenant,
      () => {
        begun.push(tenant);
        return new Promise((resolve) => ends.push(resolve));
      },
      leaving,
    );
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await settled();
  };
  return { begun, work, end };
}

test('who waits longer than may be is refused', async () => {
  const { work } = working(new FairShare(2, 1));
  void work('a');

  await expect(work('a')).rejects.toMatchObject({ code: 'ROOM_UNAVAILABLE' });
});

test('who has left has no turn any more', async () => {
  const { begun, work, end } = working(new FairShare(2, NEVER_MS));
  void work('a');
  const leaving = new AbortController();
  const left = work('a', leaving.signal);
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');

  void work('a');
  await end();
  expect(begun).toEqual(['a', 'a']);
});

test('no tenant has more than it leaves free, so the next is served at once', () => {
  const { begun, work } = working(new FairShare(8, NEVER_MS));
  for (const tenant of ['a', 'b', 'c', 'd', 'e']) for (let n = 0; n < 20; n++) void work(tenant);

  expect(begun.join('')).toBe('aaaabbcd');
});

test('one connection alone is lent too, and tenants take turns at it', async () => {
  const { begun, work, end } = working(new FairShare(1, NEVER_MS));
  for (const tenant of ['a', 'a', 'a', 'b', 'b', 'c']) void work(tenant);
  for (let n = 0; n < 6; n++) await end();

  expect(begun.join('')).toBe('aabcab');
});

test('work that fails gives its connection back', async () => {
  const share = new FairShare(1, NEVER_MS);
  await expect(share.lend('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');

  await expect(share.lend('b', async () => 'done')).resolves.toBe('done');
});
