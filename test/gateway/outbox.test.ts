import { Client, Pool } from 'pg';
import { recordLeft } from '../../gateway/acting.js';
import type { ActFacts } from '../../gateway/ledger/entry.js';
import { Ledger } from '../../gateway/ledger/ledger.js';
import { sealKey } from '../../gateway/keys.js';
import { aScope } from '../world/admin.js';
import { smallCity } from '../world/city.js';
import { aGrant } from '../world/grants.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
let rooms: Client;
const pools: Pool[] = [];
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  rooms = new Client({ connectionString: world.databases.FORMAL.rooms });
  await rooms.connect();
}, 60_000);
afterAll(async () => {
  await rooms.end();
  await Promise.all(pools.map((pool) => pool.end()));
  await world.close();
});
afterEach(async () => {
  await rooms.query('rollback');
  await world.sql('delete from runtime.act_outbox');
});

/** Another gateway on the same database. */
async function aGateway(): Promise<{ pool: Pool; ledger: Ledger }> {
  const pool = new Pool({ connectionString: world.databases.FORMAL.gateway, max: 2 });
  pools.push(pool);
  return { pool, ledger: await new Ledger(pool, { sealKey: await sealKey(world.home, 'FORMAL') }).open() };
}

const anAct = (object: string) => ({
  act: 'addScopes',
  type: 'Scope',
  object,
  sha256: 'ab'.repeat(32),
  salt: '5a'.repeat(16),
});

async function underGrant(request: string): Promise<void> {
  await rooms.query('begin');
  await rooms.query(`select set_config('hub.grant', $1, true)`, [JSON.stringify(aGrant({ request }))]);
}

/** As a room whose gateway then went away, a minute ago. */
async function left(request: string, ...objects: string[]): Promise<void> {
  await underGrant(request);
  await rooms.query('insert into runtime.act_outbox (acts) select json_array_elements($1)', [
    JSON.stringify(objects.map((object) => [anAct(object)])),
  ]);
  await rooms.query('commit');
  await world.sql(`update runtime.act_outbox set written_at = written_at - interval '1 minute'`);
}

const waiting = async (): Promise<number> =>
  (await world.sql<{ count: number }>('select count(*)::int as count from runtime.act_outbox'))[0]!.count;

/** The acts that the ledger holds of a request, by their objects. */
async function recorded(request: string): Promise<(string | null)[]> {
  const rows = await world.sql<{ facts: string }>(
    `select facts from ledger.entry where facts::json ->> 'request' = $1 and facts::json ->> 'event' = 'ACT' order by sequence`,
    [request],
  );
  return rows.flatMap(({ facts }) => (JSON.parse(facts) as ActFacts).acts.map(({ object }) => object));
}

const WRITE = `insert into runtime.act_outbox (acts) values ('[]')`;
const SPOKEN_FOR_ANOTHER = `insert into runtime.act_outbox (acts, request, tenant) values ('[]', 'r', 'another')`;

test.each([
  ['reads nothing of the outbox', 'select from runtime.act_outbox', /permission denied/],
  ['changes nothing in it', `update runtime.act_outbox set acts = '[]'`, /permission denied/],
  ['deletes nothing from it', 'delete from runtime.act_outbox', /permission denied/],
  ['takes nothing out of it', 'select runtime.take_acts(array[1])', /permission denied/],
  ['speaks for nobody but who its grant names', SPOKEN_FOR_ANOTHER, /permission denied/],
  [
    'writes no more than an entry holds',
    WRITE.replace('[]', `["${'x'.repeat(15_000)}"]`),
    /check constraint/,
  ],
  ['writes nothing but a list', WRITE.replace('[]', '{}'), /check constraint/],
])('the rooms’ role %s', async (_, statement, refusal) => {
  await left('refusals', 'kept');
  await underGrant('r');

  await expect(rooms.query(statement)).rejects.toThrow(refusal);
  expect(await waiting()).toBe(1);
});

test('without a grant nothing is written there', async () => {
  await expect(rooms.query(WRITE)).rejects.toThrow(/row-level security|null value/);
});

test('the gateway’s role writes nothing there, and changes and deletes nothing by itself', async () => {
  const { pool } = await aGateway();
  for (const statement of [
    WRITE,
    'delete from runtime.act_outbox',
    `update runtime.act_outbox set acts = '[]'`,
  ])
    await expect(pool.query(statement)).rejects.toThrow(/permission denied/);
});

const ADD = 'mutation ($scopes: [ScopeInput!]!) { addScopes(scopes: $scopes) { id } }';
const scopes = [{ ...aScope({ tenant: 'service-co', area: '310101' }), purposes: ['ENERGY_SERVICE'] }];

test('a mutation that is taken back leaves nothing there', async () => {
  const refused = await world
    .as('municipal')
    .for('PLATFORM_OPERATION')
    .ask(
      `mutation ($scopes: [ScopeInput!]!, $bad: [ScopeInput!]!) {
      addScopes(scopes: $scopes) { id } again: addScopes(scopes: $bad) { id } }`, // prettier-ignore
      { scopes, bad: [{ ...scopes[0], area: '999999' }] },
    );

  expect(refused.errors).toHaveLength(1);
  expect(await waiting()).toBe(0);
});

test('nothing is left there once a mutation was answered, and a query does not ask for it', async () => {
  world.forget();
  await world.as('municipal').for('PLATFORM_OPERATION').mustAsk(ADD, { scopes });
  expect(world.queries.filter((sql) => sql.includes('act_outbox'))).toHaveLength(1);
  expect(await waiting()).toBe(0);

  world.forget();
  await world.as('district-310101').mustAsk('{ meters { nodes { id } } }');
  expect(world.queries.filter((sql) => sql.includes('act_outbox'))).toEqual([]);
});

test('what was written just now is left to the gateway whose request it is', async () => {
  await left('young', 'a');
  await world.sql('update runtime.act_outbox set written_at = now()');

  expect(await recordLeft(await aGateway())).toEqual([]);
  expect([await recorded('young'), await waiting()]).toEqual([[], 1]);
});

test('of several gateways that record at once what is left, each act is recorded by one', async () => {
  const objects = Array.from({ length: 60 }, (_, n) => `scp_${n}`);
  await left('many', ...objects);
  const gateways = await Promise.all([aGateway(), aGateway(), aGateway()]);

  const rounds = await Promise.all([...gateways, ...gateways].map(recordLeft));

  expect((await recorded('many')).toSorted()).toEqual(objects.toSorted());
  expect([...new Set(rounds.flat())]).toEqual(['many']);
  expect(await waiting()).toBe(0);
});

test('who finds an act in the hands of another gateway does not wait for it; should that one fail, it is there again', async () => {
  await left('handed', 'a', 'b');
  const [one, other] = [await aGateway(), await aGateway()];
  const client = await one.pool.connect();
  await client.query('begin');
  await client.query('select runtime.take_acts(array(select min(id) from runtime.act_outbox))');

  expect(await recordLeft(other)).toEqual(['handed']);
  expect(await recorded('handed')).toEqual(['b']);
  await client.query('rollback');
  client.release();

  expect(await recordLeft(other)).toEqual(['handed']);
  expect(await recorded('handed')).toEqual(['b', 'a']);
});

test('an act that is gone keeps no other entry of its batch from being recorded', async () => {
  await left('batch', 'a');
  const { ledger } = await aGateway();
  const [{ id }] = (await world.sql<{ id: string }>('select id from runtime.act_outbox')) as [{ id: string }];
  const facts = (object: string): ActFacts => ({
    event: 'ACT',
    request: 'batch',
    tenant: 'municipal',
    purpose: 'SUPERVISION',
    acts: [anAct(object)],
  });

  const appended = await Promise.all([
    ledger.appendFromOutbox(facts('gone'), '9999999'),
    ledger.append(facts('before')),
    ledger.appendFromOutbox(facts('a'), id),
    ledger.append(facts('after')),
  ]);

  const [gone, before, a, after] = appended.map((entry) => entry?.sequence);
  expect(gone).toBeUndefined();
  expect([a, after]).toEqual([before! + 1, before! + 2]);
  expect(await recorded('batch')).toEqual(['before', 'a', 'after']);
  expect(ledger.checkpoint().size).toBe(after);
});
