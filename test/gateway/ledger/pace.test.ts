import { setTimeout as pause } from 'node:timers/promises';
import { Pace } from '../../../gateway/ledger/pace.js';

const PACE_MS = 12;

/** Works without a moment to spare, as a gateway does whose callers never end. */
function busyFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Milliseconds that a batch waits for its turn: the least and the median of several times, for the machine has other work too. */
async function waits(between: (pace: Pace) => unknown): Promise<{ least: number; usual: number }> {
  const all: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    const pace = new Pace();
    await pace.turn();
    await between(pace);
    const start = performance.now();
    await pace.turn();
    all.push(performance.now() - start);
  }
  all.sort((one, other) => one - other);
  return { least: all[0]!, usual: all[6]! };
}

test('who is busy lets entries gather for the rest of the time from batch to batch', async () => {
  const { usual } = await waits(() => busyFor(0.5));

  // Timers are of whole milliseconds, and late when the machine has other work.
  expect(usual).toBeGreaterThan(4);
  expect(usual).toBeLessThan(4 * PACE_MS);
});

test('who was busy for longer than that has waited enough', async () => {
  expect((await waits(() => busyFor(PACE_MS + 1))).least).toBeLessThan(3);
});

test('who has time to spare writes at once', async () => {
  expect((await waits(() => pause(3))).least).toBeLessThan(3);
});

test('who ends writes what it has at once, busy as it is', async () => {
  const { least } = await waits((pace) => {
    busyFor(4);
    pace.hurry();
  });

  expect(least).toBeLessThan(3);
});
