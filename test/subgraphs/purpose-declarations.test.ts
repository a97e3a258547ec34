import { readFileSync } from 'node:fs';
import pg from 'pg';
import { atConsole } from '../../scripts/console/session.js';
import { actorsFor, DECLARATION_TRANSITIONS } from '../../subgraphs/tenants/purposes/transitions.js';
import { until } from '../world/admin.js';
import type { Caller, GraphqlReply } from '../world/caller.js';
import { hours, smallCity } from '../world/city.js';
import { PARTIES } from '../world/parties.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
let operator: Caller;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  operator = world.as('municipal').for('PLATFORM_OPERATION');
}, 120_000);
afterAll(() => world.close());

const DECLARE = `mutation ($declarations: [PurposeDeclarationInput!]!) {
  done: declarePurposes(declarations: $declarations) { id tenant purpose status declaredBy validTo } }`;
const STEPS = {
  approve: 'mutation ($id: ID!) { done: approvePurposeDeclaration(id: $id) { id status } }',
  refuse:
    'mutation ($id: ID!) { done: refusePurposeDeclaration(id: $id, reason: "Not shown") { id status } }',
  end: 'mutation ($id: ID!) { done: endPurposeDeclaration(id: $id, reason: "No longer") { id status } }',
};

const aDeclaration = (rest: object = {}): object => ({
  purpose: 'STATISTICS',
  basis: 'REGULATION',
  basisText: 'Regulation 1, article 2',
  ...rest,
});

async function declare(by: Caller, rest: object = {}): Promise<string> {
  const { done } = await by.mustAsk<{ done: [{ id: string }] }>(DECLARE, {
    declarations: [aDeclaration(rest)],
  });
  return done[0].id;
}

const step = (by: Caller, name: keyof typeof STEPS, id: string): Promise<GraphqlReply> =>
  by.ask(STEPS[name], { id });
const codeOf = ({ errors }: GraphqlReply): string | undefined => errors?.[0]?.extensions.code;
const eventsOf = (id: string): Promise<{ kind: string; by: string; reason: string | null }[]> =>
  world.sql('select kind, by, reason from tenants.purpose_event where declaration = $1 order by id', [id]);

test.each([
  ['a purpose that is not in the list', { purpose: 'FUN' }, 'PURPOSE_UNKNOWN'],
  ['a basis that is not in the list', { basis: 'HABIT' }, 'BAD_USER_INPUT'],
  ['a basis without words', { basisText: '' }, 'BAD_USER_INPUT'],
  ['a hash that is none', { documentSha256: 'x' }, 'BAD_USER_INPUT'],
  ['an end before the beginning', { validTo: '2020-01-01T00:00:00Z' }, 'BAD_USER_INPUT'],
  ['another tenant', { tenant: 'district-310104' }, 'ROW_OUT_OF_REACH'],
  ['a tenant that is not there', { tenant: 'nobody' }, 'ROW_OUT_OF_REACH'],
])('a declaration of %s is refused', async (_what, rest, code) => {
  const answer = await world.as('district-310101').ask(DECLARE, { declarations: [aDeclaration(rest)] });

  expect([answer.data, codeOf(answer)]).toEqual([{ done: null }, code]);
});

test('an operator does not declare for a tenant outside its area', async () => {
  const answer = await operator.ask(DECLARE, { declarations: [aDeclaration({ tenant: 'national' })] });

  expect(codeOf(answer)).toBe('ROW_OUT_OF_REACH');
});

test.each(['approve', 'refuse'] as const)('nobody may %s its own declaration', async (name) => {
  const id = await declare(operator);

  expect(codeOf(await step(operator, name, id))).toBe('FOUR_EYES');
  expect(
    codeOf(await step(world.as('district-310101'), name, await declare(world.as('district-310101')))),
  ).toBe('SCOPE_MISSING');
  expect(await eventsOf(id)).toEqual([]);
});

test('four eyes are the database’s own rule: a room that forgot them could add no event', async () => {
  const id = await declare(operator);
  const client = new pg.Client({ connectionString: world.databases.FORMAL.rooms });
  await client.connect();
  try {
    const grant = {
      caller: { tenant: 'municipal' },
      reach: {
        'purposes:approve': { areas: [''], subjects: [] },
        'purposes:read': { areas: [''], subjects: [] },
      },
    };
    await client.query(`select set_config('hub.grant', $1, false)`, [JSON.stringify(grant)]);
    const add = `insert into tenants.purpose_event (declaration, kind, by) values ($1, 'APPROVED', $2)`;
    await expect(client.query(add, [id, 'municipal'])).rejects.toMatchObject({ code: '42501' });
    await expect(client.query(add, [id, 'national'])).rejects.toMatchObject({ code: '42501' });
    for (const sql of [
      `update tenants.purpose_declaration set status = 'APPROVED'`,
      `update tenants.purpose_event set kind = 'APPROVED'`,
      'delete from tenants.purpose_declaration',
      'delete from tenants.purpose_event',
    ])
      await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
  } finally {
    await client.end();
  }
});

const STATES = { DECLARED: [], APPROVED: ['approve'], REFUSED: ['refuse'], ENDED: ['end'] } as const;
const RESULT = { approve: 'APPROVED', refuse: 'REFUSED', end: 'ENDED' } as const;
const CELLS = (Object.keys(STATES) as (keyof typeof STATES)[]).flatMap((state) =>
  (Object.keys(STEPS) as (keyof typeof STEPS)[]).map(
    (name) => [state, name, actorsFor(state, RESULT[name]) && RESULT[name]] as const,
  ),
);
test.each(CELLS)('from %s, %s leads to %s', async (state, name, next) => {
  const id = await declare(world.as('scopeless').for('DATA_REPORTING'));
  for (const before of STATES[state]) expect(codeOf(await step(operator, before, id))).toBeUndefined();

  const answer = await step(operator, name, id);

  if (next) expect(answer).toEqual({ data: { done: { id, status: next } } });
  else expect([codeOf(answer), (await eventsOf(id)).length]).toEqual(['WRONG_STATE', STATES[state].length]);
});

test('the drawing shows the steps that there are, and no others', () => {
  const text = readFileSync('docs/decisions/0009-purposes-scopes-and-explained-decisions.md', 'utf8');
  const drawn = [...text.matchAll(/^  ([A-Z]+) --> ([A-Z]+): ([A-Z, ]+)$/gm)].map((line) => line.slice(1));
  expect(drawn).toEqual(DECLARATION_TRANSITIONS.map(({ from, to, by }) => [from, to, by.join(', ')]));
});

test('a tenant that moves is approved, and its scopes are set, where it lies now', async () => {
  const id = await declare(world.as('scopeless').for('DATA_REPORTING'));
  await world.sql(`update tenants.tenant set area = '320000' where id = 'scopeless'`);
  expect(codeOf(await step(operator, 'approve', id))).toBe('NOT_FOUND');

  await world.sql(`update tenants.tenant set area = '310106' where id = 'scopeless'`);
  expect(codeOf(await step(operator, 'approve', id))).toBeUndefined();
});

test('what was decided is kept: by whom, when, why; the tenant sees it without any scope, others do not', async () => {
  const scopeless = world.as('scopeless').for('DATA_REPORTING');
  const id = await declare(scopeless, { validTo: '2099-01-01T00:00:00Z' });
  await step(operator, 'approve', id);
  await step(scopeless, 'end', id);
  const query = `query ($id: ID!) { purposeDeclaration(id: $id) {
    tenant purpose basis basisText declaredBy status validTo events { kind by reason } } }`;

  expect(await scopeless.ask(query, { id })).toEqual({
    data: {
      purposeDeclaration: {
        ...{ tenant: 'scopeless', purpose: 'STATISTICS', basis: 'REGULATION', declaredBy: 'scopeless' },
        ...{ basisText: 'Regulation 1, article 2', status: 'ENDED', validTo: '2099-01-01T00:00:00.000Z' },
        events: [
          { kind: 'APPROVED', by: 'municipal', reason: null },
          { kind: 'ENDED', by: 'scopeless', reason: 'No longer' },
        ],
      },
    },
  });
  expect((await operator.ask(query, { id })).data).toMatchObject({ purposeDeclaration: { status: 'ENDED' } });
  for (const name of ['district-310101', 'enterprise-a', 'national'])
    expect(await world.as(name).ask(query, { id })).toEqual({ data: { purposeDeclaration: null } });
});

test('a district lists its own declarations, the operator those of its area, page by page', async () => {
  const list = `query ($status: String, $tenant: ID) { purposeDeclarations(first: 100, status: $status, tenant: $tenant) {
    nodes { tenant purpose } } }`;
  type List = { purposeDeclarations: { nodes: { tenant: string }[] } };

  const own = await world.as('district-310104').mustAsk<List>(list);
  expect(own.purposeDeclarations.nodes).toEqual([{ tenant: 'district-310104', purpose: 'DATA_REPORTING' }]);
  const all = await operator.mustAsk<List>(list, { status: 'APPROVED' });
  const tenants = new Set(all.purposeDeclarations.nodes.map(({ tenant }) => tenant));
  const ofTheCity = PARTIES.filter(({ stage, area }) => stage === 'FORMAL' && area.startsWith('31'));
  expect([...tenants].sort()).toEqual(ofTheCity.map(({ id }) => id).sort());
  const one = await operator.mustAsk<List>(list, { tenant: 'service-co' });
  expect(one.purposeDeclarations.nodes).toEqual([{ tenant: 'service-co', purpose: 'ENERGY_SERVICE' }]);
});

test('a tenant that has declared nothing may ask who it is and declare; once approved it works', async () => {
  await world.sql(`update tenants.purpose_declaration set status = 'ENDED' where tenant = 'district-310104'`);
  await world.registryCatchesUp();
  const district = world.as('district-310104');
  const query = '{ me { purposes } buildings { nodes { id } } }';
  expect(await district.ask(query)).toMatchObject({
    data: { me: { purposes: [] }, buildings: null },
    errors: [{ extensions: { code: 'PURPOSE_NOT_DECLARED', rule: 'purpose/declared' } }],
  });
  expect((await district.upload([hours('n-gate', '2026-01-03', 1)])).json).toMatchObject({
    errors: [{ extensions: { code: 'PURPOSE_NOT_DECLARED' } }],
  });

  const id = await declare(district, { purpose: 'DATA_REPORTING' });
  await world.registryCatchesUp();
  expect(codeOf(await district.ask(query))).toBe('PURPOSE_NOT_DECLARED');
  await step(operator, 'approve', id);

  expect(await until(async () => codeOf(await district.ask(query)) === undefined)).toBeLessThan(1_000);
  expect((await district.ask(query)).data).toMatchObject({ me: { purposes: ['DATA_REPORTING'] } });
});

test('an approved declaration is good for its period and no longer', async () => {
  const district = world.as('district-310101');
  const asked = () => district.ask('{ me { tenant } }', {}, { 'x-hub-purpose': 'METERING_REVIEW' });
  const periods = [
    { validFrom: '2020-01-01T00:00:00Z', validTo: '2021-01-01T00:00:00Z' },
    { validFrom: '2099-01-01T00:00:00Z' },
  ];
  for (const period of periods)
    await step(operator, 'approve', await declare(district, { purpose: 'METERING_REVIEW', ...period }));
  await world.registryCatchesUp();
  expect(codeOf(await asked())).toBe('PURPOSE_NOT_DECLARED');

  const soon = new Date(Date.now() + 1_500).toISOString();
  await step(operator, 'approve', await declare(district, { purpose: 'METERING_REVIEW', validTo: soon }));

  await until(async () => codeOf(await asked()) === undefined);
  await until(async () => codeOf(await asked()) === 'PURPOSE_NOT_DECLARED');
});

test('the console declares and approves before anybody can call', async () => {
  const status = await atConsole('TEST', world.databases, async ({ purposes }) => {
    const [declared] = await purposes.declare([
      { tenant: 'newcomer', purpose: 'STATISTICS', basis: 'CONTRACT', basisText: 'Contract 1' },
    ]);
    return (await purposes.approve(declared?.id ?? '')).status;
  });

  expect(status).toBe('APPROVED');
  await world.registryCatchesUp();
  expect(await world.as('newcomer').for('STATISTICS').mustAsk('{ me { purposes } }')).toEqual({
    me: { purposes: ['DATA_REPORTING', 'STATISTICS'] },
  });
});
