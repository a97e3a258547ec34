import { builtHub } from '../scripts/built-hub.js';
import { until } from '../world/admin.js';
import type { Caller, GraphqlReply } from '../world/caller.js';
import { smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';
import { askFor, decideOn, hand, readied, type Wanted } from './by-hand.js';
import { limited } from './limited.js';
import { codeOf, idIn } from './proposals.js';

let world: World;
let city: Awaited<ReturnType<typeof smallCity>>;
beforeAll(async () => {
  world = await openWorld({ settings: { HUB_HOUSEKEEPING_SECONDS: '1' } });
  city = await smallCity(world);
}, 120_000);
afterAll(() => world.close());

const as = (name: string): Caller => hand(world, name);
const ask = (name?: string, wanted?: Wanted): Promise<GraphqlReply> => askFor(world, name, wanted);
const decide = (
  name: string,
  decision: 'approve' | 'reject' | 'withdraw',
  id: string,
  note: string | null = null,
) => decideOn(as(name), decision, id, note);
const ready = (wanted?: Wanted): Promise<string> => readied(world, wanted);
const apply = (id: string) => builtHub(world, ['break-glass', 'apply', id, '--operator', 'Wang']);
const house = async (): Promise<unknown> =>
  (
    await world.sql(`select name, area, address, platform from buildings.building where id = '310101A001'`)
  )[0];

const TARGET = 'BREAK_GLASS_TARGET';
const A_DAY = { target: 'metering.day_block', key: { date: '2026-01-01', meter: 'a-gate' } };

describe('nobody asks', () => {
  const REFUSED: [string, Wanted, string, string?][] = [
    ['without a scope', {}, 'SCOPE_MISSING', 'service-co'],
    ['in another area', {}, 'ROW_OUT_OF_REACH', 'district-310104'],
    ['to change the ledger', { target: 'ledger.entry', key: { sequence: '1' } }, TARGET],
    ['to change an earlier version', { target: 'metering.day_block_superseded' }, TARGET],
    ['to change a partition', { target: 'metering.day_block_2026_01' }, TARGET],
    ['to change a quarantined line', { target: 'metering.quarantined_line' }, TARGET],
    ['to change what was corrected', { target: 'audits.applied_correction' }, TARGET],
    ['to change a receipt', { target: 'exchange.acknowledgement' }, TARGET],
    ['for a scope of its own', { target: 'tenants.scope', key: { id: 'x' } }, TARGET],
    ['to change a code table', { target: 'metering.energy_item', key: { code: '01A00' } }, TARGET],
    ['for no table', { target: `buildings.building; drop table x` }, TARGET],
    ['for many rows', { key: { area: '310101' } }, TARGET],
    ['to change the key', { changes: { id: '310101A009' } }, TARGET],
    ['to change when it was registered', { changes: { registered_at: 'now' } }, TARGET],
    ['for a column that is none', { changes: { 'name = 1, area': 'x' } }, TARGET],
    ['for nothing', { changes: {} }, TARGET],
    ['to change values, which hang together', { ...A_DAY, changes: { total: '1' } }, TARGET],
    ['for a row of another area', { key: { id: '310104A001' } }, 'NOT_FOUND'],
    ['for a row that is not there', { key: { id: '310101Z999' } }, 'NOT_FOUND'],
    ['to move a row out of the area', { changes: { area: '310104' } }, TARGET],
    ['without a reason', { reason: '' }, 'BAD_USER_INPUT'],
  ];
  // With a default: Jest gives a callback to a fourth parameter that a row leaves out, and waits for it.
  test.each(REFUSED)('%s', async (_what, wanted, code, name = 'district-310101') => {
    const answer = await ask(name, wanted);

    expect([answer.data?.['done'] ?? null, codeOf(answer)]).toEqual([null, code]);
    expect(await world.sql('select id from corrections.break_glass')).toEqual([]);
  });
});

test('nobody is asked to approve what the table would not take: the column is named, and why', async () => {
  const REFUSED: [Wanted, string][] = [
    [
      { changes: { year_built: '1066' } },
      'year_built: the table does not take this (building_year_built_check).',
    ],
    [{ changes: { address: 'Here', year_built: 'old' } }, 'year_built: is no smallint.'],
    [{ changes: { year_built: '99999' } }, 'year_built: is no smallint.'],
    [{ changes: { name: null } }, 'name: must not be empty.'],
  ];
  for (const [wanted, message] of REFUSED) {
    const answer = await ask('district-310101', wanted);
    expect([codeOf(answer), answer.errors?.[0]?.message]).toEqual(['BAD_USER_INPUT', message]);
  }
  expect(await world.sql('select id from corrections.break_glass')).toEqual([]);
  expect(await house()).toMatchObject({ address: null });
});

test('two others must approve: not who asked, not the same twice, nobody without the office', async () => {
  const id = idIn(await ask('municipal'));

  expect(codeOf(await decide('municipal', 'approve', id))).toBe('FOUR_EYES');
  expect(codeOf(await decide('district-310101', 'approve', id))).toBe('SCOPE_MISSING');
  expect((await decide('national', 'approve', id)).data).toEqual({ done: { state: 'APPROVED_ONCE' } });
  expect(codeOf(await decide('national', 'approve', id))).toBe('FOUR_EYES');
  expect((await apply(id)).err).toMatch(/^WRONG_STATE: The request is APPROVED_ONCE/);
  expect(codeOf(await decide('national', 'withdraw', id))).toBe('SCOPE_MISSING');
  expect((await decide('municipal', 'withdraw', id)).data).toEqual({ done: { state: 'WITHDRAWN' } });
  expect(await house()).toMatchObject({ address: null });
});

test('one who rejects is enough, and says why', async () => {
  const id = idIn(await ask());

  await decide('municipal', 'approve', id);
  expect(codeOf(await decide('national', 'reject', id))).toBe('BAD_USER_INPUT');
  expect((await decide('national', 'reject', id, 'Use the register.')).data).toEqual({
    done: { state: 'REJECTED' },
  });
  expect((await apply(id)).err).toMatch(/^WRONG_STATE/);
  expect(codeOf(await decide('municipal', 'approve', id))).toBe('WRONG_STATE');
});

test('what has changed or moved since it was asked for, or what its table no longer takes, is not changed', async () => {
  const [stale, moved, unfit] = [
    await ready(),
    await ready({ changes: { name: 'Another' } }),
    await ready({ changes: { year_built: '2002' } }),
  ];
  await world.sql(
    `update buildings.building set address = 'Meanwhile', area = '310104' where id = '310101A001'`,
  );

  const answers = [await apply(stale), await apply(moved)];
  await world.sql(`update buildings.building set address = null, area = '310101' where id = '310101A001'`);
  await world.sql(`alter table buildings.building add constraint not_2002 check (year_built <> 2002)`);
  answers.push(await apply(unfit));
  await world.sql(`alter table buildings.building drop constraint not_2002`);

  const refused = [[1, 'CORRECTION_STALE'], [1, 'WRONG_STATE'], [1, 'BAD_USER_INPUT']]; // prettier-ignore
  expect(answers.map(({ status, err }) => [status, err.split(':')[0]])).toEqual(refused);
  expect(answers[2]?.err).toContain('year_built: the table does not take this (not_2002).');
  expect(await world.sql('select from corrections.break_glass_snapshot')).toEqual([]);
  expect(
    await world.sql(`select from buildings.building where address is not null or year_built = 2002`),
  ).toEqual([]);
});

test('who approves sees what is changed, and the approval just made', async () => {
  const id = idIn(await ask('district-310101', { changes: { year_built: '2001' } }));
  const approve = `mutation ($id: ID!) { done: approveBreakGlass(id: $id) {
    state changes { column before after } events { kind actor } } }`;

  expect((await as('national').ask(approve, { id })).data).toEqual({
    done: {
      state: 'APPROVED_ONCE',
      changes: [{ column: 'year_built', before: '1999', after: '2001' }],
      events: [
        { kind: 'REQUESTED', actor: 'district-310101' },
        { kind: 'APPROVED', actor: 'national' },
      ],
    },
  });
  const withdrawn = await decide('municipal', 'withdraw', id);
  expect(withdrawn.errors?.[0]?.extensions).toMatchObject({
    code: 'ROW_OUT_OF_REACH',
    remedy: expect.stringMatching(/^Ask district-310101/),
  });
});

test('who may not read the row sees that a change is asked for, not which, and approves nothing', async () => {
  const id = idIn(await ask('district-310101', { changes: { address: 'Secret street' } }));
  const query = `query ($id: ID!) { breakGlassRequest(id: $id) { state target key { value } changes { before after } } }`;
  const shops = { category: 'buildings', buildingTypes: ['B'] };
  const [seen, approved] = await limited(world, { ...shops, tenant: 'national' }, async () => [
    await as('national').ask(query, { id }),
    await decide('national', 'approve', id),
  ]);
  const asked = await limited(world, { ...shops, tenant: 'district-310101' }, () => ask());

  expect(seen.data).toEqual({
    breakGlassRequest: { state: 'REQUESTED', target: 'buildings.building', key: null, changes: null },
  });
  expect(seen.errors?.map(({ extensions }) => extensions)).toMatchObject([
    { rule: 'corrections/seen', field: 'BreakGlass.key' },
    { rule: 'corrections/seen', field: 'BreakGlass.changes' },
  ]);
  expect(approved.errors?.[0]?.extensions).toMatchObject({
    code: 'ROW_OUT_OF_REACH',
    rule: 'corrections/seen',
  });
  expect(codeOf(asked)).toBe('NOT_FOUND');
  await decide('district-310101', 'withdraw', id);
});

test('what two approved is applied once: the row before and after is kept, and the ledger says so', async () => {
  const id = await ready({ changes: { address: 'By the river 1', area: '310101', year_built: '2001' } });

  const { status, out } = await apply(id);

  expect([status, out]).toEqual([
    0,
    expect.stringMatching(/^Applied brk_.*\n.*\naddress +- +By the river 1\nyear_built +1999 +2001/),
  ]);
  expect(await house()).toMatchObject({ address: 'By the river 1', area: '310101' });
  expect((await apply(id)).err).toMatch(/^WRONG_STATE: The request is APPLIED/);
  const query = `query ($id: ID!) { node(id: $id) { id ... on BreakGlass { state key { column value } changes { column before after }
    events { kind actor note } } } }`;
  expect(await as('national').mustAsk(query, { id })).toMatchObject({
    node: {
      state: 'APPLIED',
      key: [{ column: 'id', value: '310101A001' }],
      changes: expect.arrayContaining([{ column: 'year_built', before: '1999', after: '2001' }]),
      events: [
        { kind: 'REQUESTED', actor: 'district-310101' },
        { kind: 'APPROVED', actor: 'municipal' },
        { kind: 'APPROVED', actor: 'national' },
        { kind: 'APPLIED', actor: 'console', note: 'Wang' },
      ],
    },
  });
  expect(
    await world.sql(`select facts::json ->> 'actor' as actor from ledger.entry where facts like $1`, [
      `%BREAK_GLASS_APPLIED%${id}%`,
    ]),
  ).toEqual([{ actor: 'console' }]);
});

test('a day whose owner is wrong becomes a version that names the request', async () => {
  const key = { date: '2026-01-01', meter: 'b-gate' };
  const id = await ready({ target: 'metering.day_block', key, changes: { subject: '91310101HUB000011G' } });

  expect((await apply(id)).status).toBe(0);
  expect(
    await world.sql(
      `select now.version, now.batch, now.subject <> old.subject as moved
       from metering.day_block as now join metering.day_block_superseded as old using (date, meter) where meter = 'b-gate'`,
    ),
  ).toEqual([{ version: 2, batch: id, moved: true }]);
});

test('an approval lasts two hours: then the hub ends the request, and nothing applies it', async () => {
  const id = await ready({
    target: 'audits.energy_audit',
    key: { id: city.district.audits[0] ?? '' },
    changes: { auditor: 'X' },
  });
  const [{ hours } = { hours: 0 }] = await world.sql<{ hours: number }>(
    `select extract(epoch from expires_at - now())::float / 3600 as hours from corrections.break_glass where id = $1`,
    [id],
  );
  expect(hours).toBeCloseTo(2, 1);

  await world.sql(`update corrections.break_glass set expires_at = now() where id = $1`, [id]);

  expect((await apply(id)).err).toMatch(/^WRONG_STATE/);
  const state = async (): Promise<unknown> =>
    (await world.sql<{ state: string }>('select state from corrections.break_glass where id = $1', [id]))[0]
      ?.state;
  await until(async () => (await state()) === 'EXPIRED');
});
