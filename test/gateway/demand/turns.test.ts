import { allowanceOf, classOf, hoursOf } from '../../../gateway/demand/allowance.js';
import { Demand } from '../../../gateway/demand/demand.js';
import { type Done, Turns } from '../../../gateway/demand/turns.js';
import type { Caller } from '../../../gateway/policy/grant.js';

/** Nobody who still waits when a test is over gives up during another one. */
const NEVER_MS = 2_147_483_647;
const LIMITS = { each: 2, all: 3, queue: 4, patienceMs: NEVER_MS };

/** Asks for a turn; who has one stands in `begun`, in order. */
function asking(turns: Turns): {
  begun: string[];
  ask: (tenant: string, what?: string, left?: AbortSignal) => Promise<Done>;
} {
  const begun: string[] = [];
  const ask = async (tenant: string, what = tenant, left?: AbortSignal): Promise<Done> => {
    const of = what.startsWith('person') ? 'ATTENDED' : 'UNATTENDED';
    const done = turns.now(tenant) ?? (await turns.wait(tenant, of, left));
    begun.push(what);
    return done;
  };
  return { begun, ask };
}

async function noting(ends: Done[], turn: Promise<Done>): Promise<void> {
  ends.push(await turn);
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a tenant with as many under way as it may have, and as many waiting, is refused', async () => {
  const { ask } = asking(new Turns(LIMITS));
  for (let n = 0; n < 6; n++) void ask('a');

  await expect(ask('a')).rejects.toMatchObject({ code: 'TOO_MANY_AT_ONCE', retryAfter: 1 });
  await expect(ask('b')).resolves.toBeDefined();
});

test('who waits longer than may be is refused, and its place is free', async () => {
  const turns = new Turns({ ...LIMITS, patienceMs: 1, queue: 1 });
  const { ask } = asking(turns);
  await Promise.all([ask('a'), ask('a')]);

  await expect(ask('a')).rejects.toMatchObject({ code: 'TOO_MANY_AT_ONCE' });
  await expect(ask('a')).rejects.toMatchObject({ message: expect.stringContaining('2') as string });
});

test('who has left does not keep a place', async () => {
  const { ask, begun } = asking(new Turns({ ...LIMITS, queue: 1 }));
  const [done] = await Promise.all([ask('a'), ask('a')]);
  const leaving = new AbortController();
  const left = ask('a', 'left', leaving.signal);
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  const next = ask('a', 'next');

  done?.();
  await next;
  expect(begun).toEqual(['a', 'a', 'next']);
});

test('a turn ended twice is one turn', async () => {
  const { ask, begun } = asking(new Turns(LIMITS));
  const [done] = await Promise.all([ask('a'), ask('a')]);
  void ask('a', 'third');
  void ask('a', 'fourth');
  done?.();
  done?.();
  await settled();

  expect(begun).toEqual(['a', 'a', 'third']);
});

test('tenants take turns, however many one has waiting', async () => {
  const { ask, begun } = asking(new Turns({ each: 1, all: 1, queue: 100, patienceMs: NEVER_MS }));
  const ends: Done[] = [];
  for (const tenant of ['flood', ...Array.from({ length: 50 }, () => 'flood'), 'b', 'b', 'c'])
    void noting(ends, ask(tenant));
  await settled();
  for (let n = 0; n < 7; n++) {
    ends.pop()?.();
    await settled();
  }

  expect(begun).toEqual(['flood', 'flood', 'b', 'c', 'flood', 'b', 'flood', 'flood']);
});

test('a person waits before the programs of its own tenant, and not before those of others', async () => {
  const { ask, begun } = asking(new Turns({ each: 1, all: 1, queue: 100, patienceMs: NEVER_MS }));
  const ends: Done[] = [];
  for (const [tenant, what] of [
    ['a', 'first'],
    ['b', 'b program'],
    ['a', 'a program'],
    ['a', 'person of a'],
  ] as const)
    void noting(ends, ask(tenant, what));
  await settled();
  for (let n = 0; n < 3; n++) {
    ends.pop()?.();
    await settled();
  }

  expect(begun).toEqual(['first', 'person of a', 'b program', 'a program']);
});

const NIGHT = { attended: 1, unattended: 2, night: 3, nightHours: { from: 22, to: 6 } };
test.each([
  ['2026-01-01T13:59:59Z', 2],
  ['2026-01-01T14:00:00Z', 3],
  ['2026-01-01T21:59:59Z', 3],
  ['2026-01-01T22:00:00Z', 2],
])('at %s bulk may ask for %i: the night is one of Shanghai', (at, allowed) => {
  expect(allowanceOf(NIGHT, 'UNATTENDED', Date.parse(at))).toBe(allowed);
  expect(allowanceOf(NIGHT, 'ATTENDED', Date.parse(at))).toBe(1);
});

test('hours are two hours of the day', () => {
  expect(['22-6', '0-0', '24-6', '6', '22-', 'x-y', '1-99'].map(hoursOf)).toEqual([
    { from: 22, to: 6 },
    { from: 0, to: 0 },
    ...[undefined, undefined, undefined, undefined, undefined],
  ]);
});

test('a request is a program’s unless it says exactly that a person waits', () => {
  expect(['true', 'TRUE', '1', '', undefined, ['true', 'true']].map((said) => classOf({ 'x-hub-attended': said }))).toEqual(
    ['ATTENDED', ...Array.from({ length: 5 }, () => 'UNATTENDED')],
  );
}); // prettier-ignore

test('what is new is read one at a time, one tenant after the other, and in each stage apart', async () => {
  const budgets = { attended: 0, unattended: 0, night: 0, nightHours: { from: 0, to: 0 } };
  const settings = {
    budgets,
    operations: 9,
    tenantOperations: 9,
    tenantTransfers: 9,
    queue: 9,
    patienceMs: 60_000,
  };
  const fault = (error: unknown): never => {
    throw error;
  };
  const demand = new Demand({ settings, stages: undefined as never, fault });
  const [begun, ends]: [string[], Done[]] = [[], []];
  const read = async (tenant: string, stage: 'FORMAL' | 'TEST' = 'FORMAL'): Promise<void> => {
    ends.push(await demand.reading({ tenant, stage } as Caller, 'UNATTENDED'));
    begun.push(tenant);
  };
  const all = [read('a'), read('a'), read('a'), read('b'), read('elsewhere', 'TEST')];
  for (let n = 0; n < all.length; n++) {
    await settled();
    ends[n]?.();
  }
  await Promise.all(all);

  expect(begun).toEqual(['a', 'elsewhere', 'a', 'b', 'a']);
  await demand.close();
});
