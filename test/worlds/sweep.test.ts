import { type Court, faultsIn, policiesOf, sweep } from './sweep.js';
import { AT_ONCE, MOST_TENANTS } from './campaign.js';
import { Courtroom } from './judge.js';
import { SECOND_WALLS } from './second-walls.js';

const AUDITS = 'audits.energy_audit reading';
const opened = (policy: string, seenIn: string | null) => ({ policy, worlds: AT_ONCE, seenIn });

test('an open policy that nobody sees is a fault unless there is a reason for it', () => {
  expect(faultsIn([opened(AUDITS, null)], {})).toEqual([expect.stringContaining(AUDITS)]);
  expect(faultsIn([opened(AUDITS, null)], { [AUDITS]: 'reached through a building alone' })).toEqual([]);
});

test('a reason for not seeing what is seen is a fault', () => {
  expect(faultsIn([opened(AUDITS, 'audits')], { [AUDITS]: 'reached through a building alone' })).toEqual([
    expect.stringContaining('audits shows it'),
  ]);
  expect(faultsIn([opened(AUDITS, 'audits')], {})).toEqual([]);
});

describe('in a hub', () => {
  let court: Courtroom;
  beforeAll(async () => {
    court = await Courtroom.open(AT_ONCE * MOST_TENANTS);
  }, 120_000);
  afterAll(() => court.close());

  const SWEEP = {
    seed: 3,
    rounds: 1,
    reasons: SECOND_WALLS,
    only: /^(buildings\.building|exchange\.package_part) /,
  };

  test('reasons are given for policies that exist', async () => {
    const names = await policiesOf(court.owner);

    expect(names.length).toBeGreaterThan(50);
    expect(Object.keys(SECOND_WALLS).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('a name that no policy has is refused', async () => {
    await expect(sweep(court, { ...SWEEP, only: /^no such policy$/ })).rejects.toThrow(/no policy .* called/);
  });

  test('where hub and rules disagree before, nothing is opened', async () => {
    const { owner } = court;
    const wrong = { question: {}, line: 'meters', rules: 'rows ', hub: undefined } as never;
    const judge = () => Promise.resolve({ told: [], disagreements: [wrong] });

    await expect(sweep({ owner, judge } as Court, SWEEP)).rejects.toThrow(/disagree before .*meters/);
  });

  test('an opened policy is seen in an answer, a second wall is not, and both are closed again', async () => {
    const policies = 'select * from pg_policies order by schemaname, tablename, policyname';
    const before = await court.owner.query(policies);

    expect(await sweep(court, SWEEP)).toEqual([
      {
        policy: 'buildings.building reading',
        worlds: AT_ONCE,
        seenIn: expect.stringMatching(/^by id|building/),
      },
      { policy: 'exchange.package_part reading', worlds: AT_ONCE, seenIn: null },
    ]);
    expect((await court.owner.query(policies)).rows).toEqual(before.rows);
  }, 120_000);
});
