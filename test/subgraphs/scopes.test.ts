import pg from 'pg';
import { TIERS_BELOW } from '../../gateway/policy/administration.js';
import { TIERS, type Tier } from '../../gateway/policy/grant.js';
import type { ScopeInput } from '../../subgraphs/tenants/scopes/inputs.js';
import { aScope, until } from '../world/admin.js';
import type { Caller, GraphqlReply } from '../world/caller.js';
import { openWorld, type World } from '../world/world.js';
import { addAdmins, ADMINS, PURPOSE, targetOf } from './scope-admins.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await addAdmins(world);
  await world.registryCatchesUp();
}, 120_000);
afterAll(() => world.close());

const as = (name: keyof typeof PURPOSE): Caller => world.as(name).for(PURPOSE[name]);
const FIELDS =
  'id tenant category action area energyKinds buildingTypes purposes validFrom validTo replaces setBy endedBy';
const ADD = `mutation ($scopes: [ScopeInput!]!) { done: addScopes(scopes: $scopes) { ${FIELDS} } }`;
const CHANGE = `mutation ($id: ID!, $to: ScopeChange!) { done: changeScope(id: $id, to: $to) { ${FIELDS} } }`;
const END = `mutation ($id: ID!) { done: endScope(id: $id) { ${FIELDS} } }`;

const target = (rest: Partial<ScopeInput> = {}): ScopeInput =>
  aScope({ tenant: 't-third-party', area: '310101', ...rest });
const add = (by: Caller, ...scopes: ScopeInput[]): Promise<GraphqlReply> => by.ask(ADD, { scopes });
async function added(by: Caller, scope: ScopeInput): Promise<string> {
  const { done } = await by.mustAsk<{ done: [{ id: string }] }>(ADD, { scopes: [scope] });
  return done[0].id;
}
const refusal = ({ errors }: GraphqlReply): unknown[] => [
  errors?.[0]?.extensions.code,
  errors?.[0]?.extensions.rule,
];
const count = async (): Promise<number> => (await world.sql('select from tenants.scope')).length;

// prettier-ignore
const BAD: [string, Partial<ScopeInput>, string, string | undefined][] = [
  ['an action that the category does not know', { action: 'approve' }, 'BAD_USER_INPUT', undefined],
  ['a category that is none', { category: 'weather' }, 'BAD_USER_INPUT', undefined],
  ['an area that is none', { area: '31' }, 'BAD_USER_INPUT', undefined],
  ['a purpose of no list', { purposes: ['FUN'] }, 'PURPOSE_UNKNOWN', undefined],
  ['no purpose', { purposes: [] }, 'BAD_USER_INPUT', undefined],
  ['a purpose that the tenant has not declared', { purposes: ['DATA_REPORTING', 'STATISTICS'] }, 'PURPOSE_NOT_DECLARED', 'scope/purpose-declared'],
  ['energy kinds of buildings', { energyKinds: ['01'] }, 'BAD_USER_INPUT', 'scope/dimension'],
  ['building types of enterprises', { category: 'enterprises', buildingTypes: ['A'] }, 'BAD_USER_INPUT', 'scope/dimension'],
  ['energy kinds of audits', { category: 'audits', energyKinds: ['01'] }, 'BAD_USER_INPUT', 'scope/dimension'],
  ['an energy kind of no list', { category: 'meters', energyKinds: ['01', '14'] }, 'BAD_USER_INPUT', undefined],
  ['a building type of no list', { buildingTypes: ['H'] }, 'BAD_USER_INPUT', undefined],
  ['a limit to nothing', { buildingTypes: [] }, 'BAD_USER_INPUT', undefined],
  ['an end that is past', { validTo: '2020-01-01T00:00:00Z' }, 'BAD_USER_INPUT', undefined],
  ['an end before the beginning', { validFrom: '2099-01-01T00:00:00Z', validTo: '2098-01-01T00:00:00Z' }, 'BAD_USER_INPUT', undefined],
  ['an area beyond the admin’s', { area: '310104' }, 'ROW_OUT_OF_REACH', 'scope/area'],
  ['an area above the admin’s', { area: '310000' }, 'ROW_OUT_OF_REACH', 'scope/area'],
  ['a tenant that is not seen', { tenant: 'far-shop' }, 'BAD_USER_INPUT', undefined],
];
test.each(BAD)('a scope of %s is refused, and with it the whole list', async (_what, rest, code, rule) => {
  const before = await count();

  const answer = await add(as('district-310101'), target(), target(rest));

  expect([answer.data, ...refusal(answer)]).toEqual([{ done: null }, code, rule]);
  expect(await count()).toBe(before);
});

test('a refusal says who could', async () => {
  const answer = await add(as('district-310101'), target({ area: '310104' }));
  expect(answer.errors?.[0]?.extensions.remedy).toBe(
    'An admin of 310000 can set it, with scopes:write over 310000.',
  );
});

const CELLS = TIERS.flatMap((admin) => TIERS.map((tier) => [admin, tier] as const));
test.each(CELLS)('a %s admin and a scope of a %s tenant', async (admin, tier) => {
  const answer = await add(as(ADMINS[admin] as keyof typeof PURPOSE), target({ tenant: targetOf(tier) }));

  if (TIERS_BELOW[admin].includes(tier)) expect(answer.errors).toBeUndefined();
  // What carries no area reaches no other tenant, so nothing there is seen.
  else if (admin === 'ENTERPRISE' || admin === 'THIRD_PARTY')
    expect(refusal(answer)[0]).toMatch(/^(BAD_USER_INPUT|SCOPE_MISSING)$/);
  else expect(refusal(answer)).toEqual(['ROW_OUT_OF_REACH', 'scope/rank']);
});

test.each(Object.keys(PURPOSE) as (keyof typeof PURPOSE)[])('%s sets no scope for itself', async (name) => {
  const answer = await add(as(name), aScope({ tenant: name, area: '310101', purposes: [PURPOSE[name]] }));

  expect(refusal(answer)).toEqual(['FOUR_EYES', 'scope/not-own']);
  const [own] = await world.sql<{ id: string }>('select id from tenants.scope where tenant = $1', [name]);
  for (const [text, variables] of [
    [END, { id: own?.id }],
    [CHANGE, { id: own?.id, to: { area: '310101' } }],
  ] as const)
    expect(refusal(await as(name).ask(text, variables))).toEqual(['FOUR_EYES', 'scope/not-own']);
});

test('a city neither changes nor ends what the nation set for a city', async () => {
  const id = await added(as('national'), target({ tenant: 't-municipal' }));

  for (const [text, variables] of [
    [END, { id }],
    [CHANGE, { id, to: { purposes: ['DATA_REPORTING'] } }],
  ] as const)
    expect(refusal(await as('municipal').ask(text, variables))).toEqual(['ROW_OUT_OF_REACH', 'scope/rank']);
  const [row] = await world.sql('select valid_to from tenants.scope where id = $1', [id]);
  expect(row).toEqual({ valid_to: null });
});

test('the database holds the same: a room that forgot rank, area or self could write none of it', async () => {
  const client = new pg.Client({ connectionString: world.databases.FORMAL.rooms });
  await client.connect();
  try {
    const everywhere = { areas: [''], subjects: [] };
    const grantOf = (tenant: string, tier: Tier, areas: string[]) => ({
      caller: { tenant, tier },
      reach: {
        'scopes:write': { areas, subjects: [] },
        'scopes:read': everywhere,
        'tenants:write': everywhere,
      },
    });
    const insert = (grant: object, tenant: string, area: string) =>
      client.query('select set_config($1, $2, false)', ['hub.grant', JSON.stringify(grant)]).then(() =>
        client.query(
          `insert into tenants.scope (id, tenant, category, action, area, purposes, set_by)
           values (gen_random_uuid(), $1, 'buildings', 'read', $2, '{STATISTICS}', 'municipal')`,
          [tenant, area],
        ),
      );
    const city = grantOf('municipal', 'MUNICIPAL', ['31']);
    expect((await insert(city, 't-district', '310101')).rowCount).toBe(1);
    for (const [grant, tenant, area] of [
      [city, 't-municipal', '310101'],
      [city, 'municipal', '310101'],
      [city, 't-district', '320000'],
      [grantOf('municipal', 'MUNICIPAL', ['310104']), 't-district', '310104'],
      [grantOf('other', 'MUNICIPAL', ['31']), 't-district', '310101'],
      [grantOf('municipal', 'THIRD_PARTY', ['31']), 't-district', '310101'],
    ] as const)
      await expect(insert(grant, tenant, area)).rejects.toMatchObject({ code: '42501' });
    await expect(client.query(`update tenants.scope set purposes = '{SUPERVISION}'`)).rejects.toMatchObject({
      code: '42501',
    });
    // Who could raise its own tier or another's above itself would rank above everybody.
    await client.query('select set_config($1, $2, false)', ['hub.grant', JSON.stringify(city)]);
    for (const sql of [
      `update tenants.tenant set tier = 'NATIONAL' where id = 't-district'`,
      `insert into tenants.tenant (id, name, tier, area) values ('upstart', 'U', 'NATIONAL', '310000')`,
    ])
      await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
    const own = await client.query(`update tenants.tenant set tier = 'NATIONAL' where id = 'municipal'`);
    expect(own.rowCount).toBe(0);
  } finally {
    await client.end();
  }
});

test('a district admin sets, changes and ends a scope of its own third party; what was stays readable', async () => {
  const district = as('district-310101');
  const id = await added(
    district,
    target({
      category: 'readings',
      energyKinds: ['01', '03'],
      buildingTypes: ['A'],
      validTo: '2099-01-01T00:00:00Z',
    }),
  );
  const to = { energyKinds: ['01'], buildingTypes: null };
  const { done: changed } = await district.mustAsk<{ done: Record<string, unknown> }>(CHANGE, { id, to });
  expect(changed).toMatchObject({
    ...{ tenant: 't-third-party', category: 'readings', action: 'read', area: '310101', replaces: id },
    ...{ energyKinds: ['01'], buildingTypes: null, validTo: '2099-01-01T00:00:00.000Z', endedBy: null },
    setBy: 'district-310101',
  });

  const [old] = await world.sql<{ end: Date; begin: Date; ended_by: string; energy_kinds: string[] }>(
    `select old.valid_to as end, new.valid_from as begin, old.ended_by, old.energy_kinds
     from tenants.scope as old join tenants.scope as new on new.replaces = old.id where old.id = $1`,
    [id],
  );
  expect(old).toMatchObject({ ended_by: 'district-310101', energy_kinds: ['01', '03'] });
  expect(old?.end).toEqual(old?.begin);
  expect(refusal(await district.ask(CHANGE, { id, to }))[0]).toBe('NOT_FOUND');
  expect(refusal(await district.ask(END, { id }))[0]).toBe('NOT_FOUND');

  const { done: ended } = await district.mustAsk<{ done: { endedBy: string } }>(END, { id: changed['id'] });
  expect(ended.endedBy).toBe('district-310101');
});

test('a change that is refused ends nothing', async () => {
  const district = as('district-310101');
  const id = await added(district, target());
  for (const to of [{ area: '310104' }, { energyKinds: ['01'] }, { purposes: ['STATISTICS'] }])
    expect(refusal(await district.ask(CHANGE, { id, to }))[0]).toMatch(/REACH|INPUT|DECLARED/);

  const [row] = await world.sql('select valid_to, ended_by from tenants.scope where id = $1', [id]);
  expect(row).toEqual({ valid_to: null, ended_by: null });
});

test('a changed scope counts at once, without a moment in between', async () => {
  const district = world.as('district-310104');
  const asked = () => district.ask('{ buildings { nodes { id } } consents { nodes { id } } }');
  const scope = aScope({ tenant: 'district-310104', area: '310104', category: 'consents' });
  const id = await added(as('municipal'), scope);
  await until(async () => (await asked()).errors === undefined);

  await as('municipal').mustAsk(CHANGE, { id, to: { validTo: '2099-01-01T00:00:00Z' } });
  const seen = new Set<unknown>();
  await until(async () => {
    seen.add((await asked()).errors?.[0]?.extensions.code);
    const { scopes } = await as('municipal').mustAsk<{ scopes: { nodes: { replaces: string }[] } }>(
      '{ scopes(first: 500, tenant: "district-310104") { nodes { replaces } } }',
    );
    return scopes.nodes.some(({ replaces }) => replaces === id);
  });
  await world.registryCatchesUp();
  seen.add((await asked()).errors?.[0]?.extensions.code);
  expect([...seen]).toEqual([undefined]);
});
