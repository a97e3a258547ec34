import { addScope, aScope, until } from '../world/admin.js';
import type { Caller } from '../world/caller.js';
import { hours, smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';
import { aDay, AS_ORGAN, codeOf, dayOf, decide, hourly, idIn, propose, proposed } from './proposals.js';

let world: World;
let district: Caller;
let organ: Caller;
let national: Caller;
beforeAll(async () => {
  world = await openWorld({ settings: { HUB_HOUSEKEEPING_SECONDS: '1' } });
  await smallCity(world);
  [district, organ, national] = [world.as('district-310101'), world.as('municipal'), world.as('national')];
}, 120_000);
afterAll(() => world.close());

/** A day of A's light of its own for each test, so that none sees another's corrections. */
let days = 0;
async function freshDay(): Promise<string> {
  const date = `2026-02-${String((days += 1)).padStart(2, '0')}`;
  await district.upload([hours('a-light', date, 1)]);
  return date;
}
const light = (date: string, rest: object = {}): object => ({
  day: aDay({ meter: 'a-light', date, ...rest }),
});

describe('nobody proposes', () => {
  const WRONG = 'BAD_USER_INPUT';
  const NOT_TAKEN: [string, object, string, string?][] = [
    ['without a scope', { day: aDay() }, 'SCOPE_MISSING', 'service-co'],
    ['a day of another area', { day: aDay() }, 'NOT_FOUND', 'district-310104'],
    ['a day of another owner', { day: aDay({ meter: 'b-gate' }) }, 'NOT_FOUND', 'enterprise-a'],
    ['a day that is not stored', { day: aDay({ date: '2026-01-09' }) }, 'NOT_FOUND'],
    ['what is there already', { day: aDay({ values: hourly('0.1') }) }, WRONG],
    ['half a day', { day: aDay({ values: ['1'] }) }, WRONG],
    ['an interval that is none', { day: aDay({ interval: 7 }) }, WRONG],
    ['more digits than are kept', { day: aDay({ values: hourly('0.1234567') }) }, WRONG],
    ['neither day nor record', {}, WRONG],
    ['without a reason', { day: aDay(), reason: ' ' }, WRONG],
    ['for longer than a season', { day: aDay(), validDays: 91 }, WRONG],
  ];
  test.each(NOT_TAKEN)('%s', async (_what, correction, code, name = 'district-310101') => {
    const answer = await propose(world.as(name), correction);

    expect([answer.data?.['done'] ?? null, codeOf(answer)]).toEqual([null, code]);
    expect(await world.sql('select id from corrections.correction')).toEqual([]);
  });
});

describe('a proposal', () => {
  test('changes nothing, keeps the old values beside the new, and is seen by whom it concerns', async () => {
    const before = await dayOf(world);
    const answer = await propose(district, { day: aDay(), evidenceSha256: 'ab'.repeat(32) });
    const id = idIn(answer);

    expect(answer.data?.['done']).toMatchObject({
      state: 'PROPOSED',
      version: 1,
      proposedBy: 'district-310101',
      intervalBefore: 60,
      valuesBefore: hourly('0.1'),
      valuesAfter: hourly('0.3'),
      events: [{ number: 1, kind: 'PROPOSED', actor: 'district-310101' }],
    });
    expect(await dayOf(world)).toEqual(before);
    const query = `query ($id: ID!) { node(id: $id) { id } corrections(record: "a-gate") { nodes { meter { id } enterprise { uscc } } } }`;
    const own = await world.as('enterprise-a').mustAsk<{ corrections: { nodes: unknown[] } }>(query, { id });
    expect(own).toMatchObject({ node: { id }, corrections: { nodes: [{ meter: { id: 'a-gate' } }] } });
    const stranger = await world.as('district-310104').mustAsk(query, { id });
    expect(stranger).toEqual({ node: null, corrections: { nodes: [] } });
    await decide(organ, 'rejectCorrection', id, 'No evidence.');
  });

  test('is not decided by its proposer, by an enterprise, from beside, or without a scope for it', async () => {
    const date = await freshDay();
    const id = await proposed(organ.for('SUPERVISION'), light(date));
    await addScope(
      world,
      aScope({ tenant: 'district-310104', category: 'corrections', action: 'approve', area: '310104' }),
    );
    await addScope(
      world,
      aScope({
        tenant: 'enterprise-a',
        category: 'corrections',
        action: 'approve',
        area: '310101',
        purposes: ['OWN_MANAGEMENT'],
      }),
    );

    expect(codeOf(await decide(organ, 'approveCorrection', id))).toBe('FOUR_EYES');
    expect(codeOf(await decide(organ, 'rejectCorrection', id, 'No.'))).toBe('FOUR_EYES');
    const plain = (name: string) =>
      world.as(name).ask('mutation ($id: ID!) { approveCorrection(id: $id) { id } }', { id });
    expect(codeOf(await plain('district-310101'))).toBe('SCOPE_MISSING');
    expect(codeOf(await plain('district-310104'))).toBe('NOT_FOUND');
    expect(codeOf(await plain('enterprise-a'))).toBe('ROW_OUT_OF_REACH');
    expect(await dayOf(world, 'a-light', date)).toMatchObject({ version: 1, total: '24' });
    expect((await decide(national, 'approveCorrection', id)).data).toMatchObject({
      done: { state: 'APPROVED' },
    });
  });

  test('is refused once the day has changed, and the day stays as it is', async () => {
    const date = await freshDay();
    const id = await proposed(district, light(date));
    await district.upload([hours('a-light', date, 2)]);

    expect(codeOf(await decide(organ, 'approveCorrection', id))).toBe('CORRECTION_STALE');
    expect(await dayOf(world, 'a-light', date)).toMatchObject({ version: 2, total: '48' });
    expect((await decide(organ, 'rejectCorrection', id, 'Too late.')).data).toMatchObject({
      done: { state: 'REJECTED', events: [{ kind: 'PROPOSED' }, { kind: 'REJECTED', note: 'Too late.' }] },
    });
  });

  test('is withdrawn by its proposer alone; and what is decided is decided', async () => {
    const date = await freshDay();
    const id = await proposed(district, light(date));
    const withdraw = (caller: Caller, headers = {}) =>
      caller.ask('mutation ($id: ID!) { done: withdrawCorrection(id: $id) { state } }', { id }, headers);

    expect(codeOf(await decide(organ, 'rejectCorrection', id))).toBe('BAD_USER_INPUT');
    expect((await withdraw(organ, AS_ORGAN)).errors?.[0]?.extensions).toMatchObject({
      code: 'ROW_OUT_OF_REACH',
      remedy: expect.stringMatching(/^Ask district-310101 to withdraw it/),
    });
    expect((await withdraw(district)).data).toEqual({ done: { state: 'WITHDRAWN' } });
    expect(codeOf(await withdraw(district))).toBe('WRONG_STATE');
    expect(codeOf(await decide(organ, 'approveCorrection', id))).toBe('WRONG_STATE');
    expect(await dayOf(world, 'a-light', date)).toMatchObject({ version: 1 });
  });

  test('expires by itself: the hub ends it, and the ledger says so', async () => {
    const id = await proposed(district, light(await freshDay()));
    await world.sql(`alter table corrections.correction disable trigger refuse_other_change`);
    await world.sql(
      `update corrections.correction set proposed_at = now() - interval '2 days', expires_at = now() - interval '1 hour' where id = $1`,
      [id],
    );
    await world.sql(`alter table corrections.correction enable always trigger refuse_other_change`);

    const ended = `select from corrections.correction where id = $1 and state = 'EXPIRED'`;
    await until(async () => (await world.sql(ended, [id])).length === 1);

    expect(codeOf(await decide(organ, 'approveCorrection', id))).toBe('WRONG_STATE');
    const acts = await world.sql(
      `select facts::json ->> 'actor' as actor from ledger.entry where facts like '%CORRECTION_EXPIRED%' and facts like $1`,
      [`%${id}%`],
    );
    expect(acts).toEqual([{ actor: 'hub' }]);
  });
});

describe('an approval', () => {
  test('makes the next version, which names the correction; the old one is kept', async () => {
    const date = await freshDay();
    const values = [...hourly('0.25').slice(1), null];
    const id = await proposed(district, light(date, { values }));

    const { data } = await decide(organ, 'approveCorrection', id, 'Agreed.');

    expect(data).toMatchObject({
      done: {
        state: 'APPROVED',
        events: [{ version: null }, { actor: 'municipal', note: 'Agreed.', version: 2 }],
      },
    });
    expect(await dayOf(world, 'a-light', date)).toEqual({ version: 2, total: '5.75', batch: id });
    const kept = await world.sql(
      `select old.version, old.total::int, applied.before ->> 'total' as before, applied.version as made,
         proposed_by, approved_by from metering.day_block_superseded as old
       join metering.applied_correction as applied on record = meter and applied.date = old.date
       where correction = $1`,
      [id],
    );
    expect(kept).toEqual([
      {
        version: 1,
        total: 24,
        before: '24',
        made: 2,
        proposed_by: 'district-310101',
        approved_by: 'municipal',
      },
    ]);
    const query = `{ meterDays(meters: ["a-light"], from: "${date}", to: "${date}") { nodes { version total values } } }`;
    expect(await district.ask(query)).toEqual({
      data: { meterDays: { nodes: [{ version: 2, total: '5.75', values }] } },
    });
  });

  test('is done once, by one of many who approve at the same moment', async () => {
    const date = await freshDay();
    const id = await proposed(district, light(date));

    const answers = await Promise.all(
      [organ, national, organ, national].map((caller) => decide(caller, 'approveCorrection', id)),
    );

    expect(answers.map(codeOf).toSorted()).toEqual(['WRONG_STATE', 'WRONG_STATE', 'WRONG_STATE', undefined]);
    expect(await dayOf(world, 'a-light', date)).toMatchObject({ version: 2 });
  });

  test('that was applied and not recorded can only be completed', async () => {
    const date = await freshDay();
    const id = await proposed(district, light(date));
    // Two at once, the second of which fails: the record of both is undone, what was applied stays.
    const both = `mutation { a: approveCorrection(id: "${id}") { id } b: approveCorrection(id: "cor_none") { id } }`;
    expect(codeOf(await organ.ask(both, {}, AS_ORGAN))).toBe('NOT_FOUND');
    expect(await dayOf(world, 'a-light', date)).toMatchObject({ version: 2 });

    expect(codeOf(await decide(organ, 'rejectCorrection', id, 'No.'))).toBe('WRONG_STATE');
    expect((await decide(organ, 'approveCorrection', id)).data).toMatchObject({
      done: { state: 'APPROVED', events: [{}, { version: 2 }] },
    });
    expect(await dayOf(world, 'a-light', date)).toMatchObject({ version: 2 });
  });

  test('stands in the ledger under the request that its record names', async () => {
    const id = await proposed(district, light(await freshDay()));
    await decide(organ, 'approveCorrection', id);

    const rows = await world.sql(
      `select facts::json ->> 'tenant' as tenant, facts::json ->> 'event' as event from corrections.event
       join ledger.entry on facts::json ->> 'request' = request
       where correction = $1 and kind = 'APPROVED' order by sequence`,
      [id],
    );
    expect(rows.slice(0, 2)).toEqual([
      { tenant: 'municipal', event: 'DECISION' },
      { tenant: 'municipal', event: 'DECISION_AND_RELEASE' },
    ]);
  });

  test('makes the next revision of the day’s package', async () => {
    const date = await freshDay();
    const revision = async (): Promise<number> => {
      const query = `{ dailyPackage(date: "${date}") { revision } }`;
      return (await national.mustAsk<{ dailyPackage: { revision: number } }>(query)).dailyPackage.revision;
    };
    expect(await revision()).toBe(1);

    await decide(organ, 'approveCorrection', await proposed(district, light(date)));

    expect(await revision()).toBe(2);
  });
});
