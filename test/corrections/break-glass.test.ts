import { builtHub } from '../scripts/built-hub.js';
import { until } from '../world/admin.js';
import type { Caller, GraphqlReply } from '../world/caller.js';
import { smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';
import { codeOf, idIn } from './proposals.js';

const REQUEST = `mutation ($request: BreakGlassInput!) { done: requestBreakGlass(request: $request) { id state events { kind actor } } }`;
const FOR: Record<string, string> = { municipal: 'SUPERVISION' };

let world: World;
let city: Awaited<ReturnType<typeof smallCity>>;
beforeAll(async () => {
  world = await openWorld({ settings: { HUB_HOUSEKEEPING_SECONDS: '1' } });
  city = await smallCity(world);
}, 120_000);
afterAll(() => world.close());

function as(name: string): Caller {
  const purpose = FOR[name];
  return purpose ? world.as(name).for(purpose) : world.as(name);
}

const columns = (values: Record<string, string | null>): object[] =>
  Object.entries(values).map(([column, value]) => ({ column, value }));

interface Wanted {
  target?: string;
  key?: Record<string, string>;
  changes?: Record<string, string | null>;
  area?: string;
  reason?: string;
}

/** A's house gets another address, as district 310101 asks, unless said otherwise. */
function ask(name = 'district-310101', wanted: Wanted = {}): Promise<GraphqlReply> {
  const request = {
    target: wanted.target ?? 'buildings.building',
    key: columns(wanted.key ?? { id: '310101A001' }),
    changes: columns(wanted.changes ?? { address: 'By the river 1' }),
    area: wanted.area ?? '310101',
    reason: wanted.reason ?? 'The register cannot be reached.',
  };
  return as(name).ask(REQUEST, { request });
}

function decide(
  name: string,
  decision: 'approve' | 'reject' | 'withdraw',
  id: string,
  note: string | null = null,
) {
  const text = `mutation ($id: ID!, $note: String) { done: ${decision}BreakGlass(id: $id, note: $note) { state } }`;
  return as(name).ask(text, { id, note });
}

async function ready(wanted: Wanted = {}): Promise<string> {
  const id = idIn(await ask('district-310101', wanted));
  await decide('municipal', 'approve', id);
  await decide('national', 'approve', id);
  return id;
}

const apply = (id: string) => builtHub(world, ['break-glass', 'apply', id, '--operator', 'Wang']);
const house = async (): Promise<unknown> =>
  (
    await world.sql(`select name, area, address, platform from buildings.building where id = '310101A001'`)
  )[0];

describe('nobody asks', () => {
  const REFUSED: [string, string, Wanted, string][] = [
    ['service-co', 'without a scope', {}, 'SCOPE_MISSING'],
    ['district-310104', 'in another area', {}, 'ROW_OUT_OF_REACH'],
    [
      'district-310101',
      'to change the ledger',
      { target: 'ledger.entry', key: { sequence: '1' } },
      'BREAK_GLASS_TARGET',
    ],
    [
      'district-310101',
      'to change an earlier version',
      { target: 'metering.day_block_superseded' },
      'BREAK_GLASS_TARGET',
    ],
    [
      'district-310101',
      'to change a partition',
      { target: 'metering.day_block_2026_01' },
      'BREAK_GLASS_TARGET',
    ],
    [
      'district-310101',
      'to change a quarantined line',
      { target: 'metering.quarantined_line' },
      'BREAK_GLASS_TARGET',
    ],
    [
      'district-310101',
      'to change what was corrected',
      { target: 'audits.applied_correction' },
      'BREAK_GLASS_TARGET',
    ],
    ['district-310101', 'to change a receipt', { target: 'exchange.acknowledgement' }, 'BREAK_GLASS_TARGET'],
    [
      'district-310101',
      'for a scope of its own',
      { target: 'tenants.scope', key: { id: 'x' } },
      'BREAK_GLASS_TARGET',
    ],
    [
      'district-310101',
      'to change a code table',
      { target: 'metering.energy_item', key: { code: '01A00' } },
      'BREAK_GLASS_TARGET',
    ],
    ['district-310101', 'for no table', { target: `buildings.building; drop table x` }, 'BREAK_GLASS_TARGET'],
    ['district-310101', 'for many rows', { key: { area: '310101' } }, 'BREAK_GLASS_TARGET'],
    ['district-310101', 'to change the key', { changes: { id: '310101A009' } }, 'BREAK_GLASS_TARGET'],
    [
      'district-310101',
      'to change when it was registered',
      { changes: { registered_at: 'now' } },
      'BREAK_GLASS_TARGET',
    ],
    [
      'district-310101',
      'for a column that is none',
      { changes: { 'name = 1, area': 'x' } },
      'BREAK_GLASS_TARGET',
    ],
    ['district-310101', 'for nothing', { changes: {} }, 'BREAK_GLASS_TARGET'],
    [
      'district-310101',
      'to change values, which hang together',
      { target: 'metering.day_block', key: { date: '2026-01-01', meter: 'a-gate' }, changes: { total: '1' } },
      'BREAK_GLASS_TARGET',
    ],
    ['district-310101', 'for a row of another area', { key: { id: '310104A001' } }, 'NOT_FOUND'],
    ['district-310101', 'for a row that is not there', { key: { id: '310101Z999' } }, 'NOT_FOUND'],
    [
      'district-310101',
      'to move a row out of the area',
      { changes: { area: '310104' } },
      'BREAK_GLASS_TARGET',
    ],
    ['district-310101', 'without a reason', { reason: '' }, 'BAD_USER_INPUT'],
  ];
  test.each(REFUSED)('%s: %s', async (name, _what, wanted, code) => {
    const answer = await ask(name, wanted);

    expect([answer.data?.['done'] ?? null, codeOf(answer)]).toEqual([null, code]);
    expect(await world.sql('select id from corrections.break_glass')).toEqual([]);
  });
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

test('what has changed or moved since it was asked for, or what its table would not take, is not changed', async () => {
  const [stale, moved, unfit] = [
    await ready(),
    await ready({ changes: { name: 'Another' } }),
    await ready({ changes: { year_built: '1066' } }),
  ];
  await world.sql(
    `update buildings.building set address = 'Meanwhile', area = '310104' where id = '310101A001'`,
  );

  const answers = [await apply(stale), await apply(moved)];
  await world.sql(`update buildings.building set address = null, area = '310101' where id = '310101A001'`);
  answers.push(await apply(unfit));

  expect(answers.map(({ status }) => status)).toEqual([1, 1, 1]);
  expect(answers.map(({ err }) => err.split(':')[0])).toEqual([
    'CORRECTION_STALE',
    'WRONG_STATE',
    'BAD_USER_INPUT',
  ]);
  expect(await world.sql('select from corrections.break_glass_snapshot')).toEqual([]);
  expect(
    await world.sql(`select from buildings.building where address is not null or year_built = 1066`),
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
