import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Client } from 'pg';
import { Budgets } from '../../../gateway/demand/budgets.js';
import type { DemandRefusedFacts } from '../../../gateway/ledger/entry.js';
import { Caller, type Reply } from '../../world/caller.js';
import { until } from '../../world/admin.js';
import { openWorld, type World } from '../../world/world.js';
import { connect, pairOf } from '../raw-connection.js';
import { refusalOf } from '../refusals.js';

/** Two objects a request: the answer's one, and the request itself. */
const ASK = JSON.stringify({ query: '{ me { tenant } }' });
const JSON_TYPE = { 'content-type': 'application/json' };

let world: World;
beforeAll(async () => {
  world = await openWorld({
    settings: {
      HUB_BUDGET_UNATTENDED: '600',
      HUB_BUDGET_ATTENDED: '120',
      HUB_NIGHT_HOURS: '0-0',
      HUB_OPERATIONS: '4',
      HUB_TENANT_OPERATIONS: '2',
      HUB_TENANT_QUEUE: '3',
      HUB_TENANT_TRANSFERS: '1',
      HUB_QUEUE_SECONDS: '2',
    },
  });
}, 120_000);
afterAll(() => world.close());

const send = (who: string, headers: Record<string, string> = {}, body = ASK): Promise<Reply> =>
  world.as(who).send('POST', '/graphql', body, { ...JSON_TYPE, ...headers });

/** Asks one after the other, until it is refused or has asked so often. */
async function asked(who: string, most: number, headers?: Record<string, string>): Promise<Reply[]> {
  const replies: Reply[] = [];
  while (replies.length < most && replies.at(-1)?.status !== 429) replies.push(await send(who, headers));
  return replies;
}

async function refusedInLedger(tenant: string): Promise<[string, number][]> {
  const rows = await world.sql<{ facts: string }>(
    `select facts from ledger.entry where facts::json ->> 'event' = 'DEMAND_REFUSED' and facts::json ->> 'tenant' = $1`,
    [tenant],
  );
  return rows.map(({ facts }) => {
    const { code, count } = JSON.parse(facts) as DemandRefusedFacts;
    return [code, count];
  });
}

test('what was estimated and did not come is given back', async () => {
  const body = JSON.stringify({ query: '{ meters(first: 250) { nodes { id } } }' });
  for (let n = 0; n < 12; n++) expect((await send('national', {}, body)).status).toBe(200);
});

test('a tenant that has spent its budget is refused and told when to come back; others are answered', async () => {
  const replies = await asked('district-310101', 2_000);
  const last = replies.at(-1)!;

  expect(refusalOf(last)).toEqual([429, 'BUDGET_SPENT']);
  expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
  expect(JSON.parse(last.body.toString('utf8'))).toMatchObject({
    errors: [{ extensions: { rule: 'demand/budget', retryAfter: Number(last.headers['retry-after']) } }],
  });
  expect(replies.length).toBeGreaterThan(250);
  expect((await send('district-310104')).status).toBe(200);
});

test('who says that a person waits has another budget of its own, and it ends too', async () => {
  const attended = await asked('district-310101', 1_000, { 'x-hub-attended': 'true' });

  expect(attended[0]?.status).toBe(200);
  expect(refusalOf(attended.at(-1)!)).toEqual([429, 'BUDGET_SPENT']);
});

test('however many are refused, the ledger has one entry of it at once', async () => {
  await Promise.all(Array.from({ length: 20 }, () => asked('district-310101', 50)));

  expect(await refusedInLedger('district-310101')).toEqual([['BUDGET_SPENT', 1]]);
});

test('documents that nobody has sent before are read at the tenant’s expense, those that are refused too', async () => {
  const attended = { 'x-hub-attended': 'true' };
  const unread = (n: number): Promise<Reply> =>
    send('enterprise-a', attended, JSON.stringify({ query: `{ gone${n} }` }));
  expect(refusalOf(await unread(0))).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  let last: Reply | undefined;
  for (let n = 1; n < 1_000 && last?.status !== 429; n++) last = await unread(n);

  expect(refusalOf(last!)).toEqual([429, 'BUDGET_SPENT']);
  expect(refusalOf(await unread(0))).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
});

test('the time of reading and planning counts by its share of a budget, however large that is', async () => {
  const tenant = { stage: 'FORMAL', tenant: 'a' } as const;
  for (const most of [600, 600_000_000]) {
    let left = most;
    const budgets = new Budgets({
      settings: { attended: most, unattended: most, night: most, nightHours: { from: 0, to: 0 } },
      exchange: async ({ given, wanted }) => {
        const granted = Math.max(0, Math.min(wanted, left + given));
        left += given - granted;
        return granted;
      },
      fault: (error) => {
        throw error;
      },
    });
    for (let n = 0; n < 9; n++) (await budgets.charge(tenant, 'ATTENDED', 0)).settle(0, 1_000);
    (await budgets.charge(tenant, 'ATTENDED', 0)).settle(0, 2_000);
    await expect(budgets.charge(tenant, 'ATTENDED', 0)).rejects.toMatchObject({ code: 'BUDGET_SPENT' });
    await budgets.close();
  }
});

/** Holds what every query of buildings waits for. */
async function buildingsHeld(): Promise<{ letGo(): Promise<void> }> {
  const client = new Client({ connectionString: world.ownerUrl });
  await client.connect();
  await client.query('begin; lock table buildings.building in access exclusive mode');
  return { letGo: () => client.end() };
}

test('under a flood of one tenant, all that another asks is answered', async () => {
  const held = await buildingsHeld();
  const slow = JSON.stringify({ query: '{ buildings { nodes { id } } }' });
  const floods = Array.from({ length: 8 }, () =>
    Caller.of(world.hub.url, join(world.home, 'certs'), 'district-310104'),
  );
  const flood = floods.map((caller) =>
    Promise.all([1, 2, 3].map(() => caller.send('POST', '/graphql', slow, JSON_TYPE))),
  );
  const refused = (await Promise.race(flood)).map(refusalOf);

  for (let n = 0; n < 30; n++) expect((await send('enterprise-a')).status).toBe(200);

  await held.letGo();
  const all = (await Promise.all(flood)).flat();
  expect(refused).toContainEqual([429, 'TOO_MANY_AT_ONCE']);
  expect(all.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(24 - 2 - 3);
  expect(all.some(({ status }) => status === 200)).toBe(true);
  expect((await send('district-310104')).status).toBe(200);
  await Promise.all(floods.map((caller) => caller.close()));
});

test('of one tenant’s transfers so many go on at once; its operations do not wait for them', async () => {
  const endless = new Readable({ read: () => undefined });
  endless.push('{}\n');
  const upload = (body: Readable): Promise<Reply> =>
    world.as('district-310104').send('POST', '/upload/readings', body);
  const first = upload(endless);
  const second = await upload(Readable.from(['{}\n']));

  expect(refusalOf(second)).toEqual([429, 'TOO_MANY_AT_ONCE']);
  expect((await send('district-310104')).status).toBe(200);
  endless.push(null);
  expect((await first).status).toBe(200);
  expect((await upload(Readable.from(['{}\n']))).status).toBe(200);
});

test('an upload that breaks off ends its turn, and the next may begin', async () => {
  for (let number = 0; number < 3; number++) {
    const socket = await connect(world, pairOf(world, 'district-310104'));
    const head =
      'POST /upload/readings HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\n';
    socket.write(`${head}content-length: 100\r\n\r\n{`);
    await until(
      async () => (await world.sql(`select from exchange.batch where state = 'RECEIVING'`)).length > 0,
    );
    socket.destroy();
    await until(
      async () => (await world.sql(`select from exchange.batch where state = 'RECEIVING'`)).length === 0,
    );
  }

  const whole = Readable.from(['{}\n']);
  expect((await world.as('district-310104').send('POST', '/upload/readings', whole)).status).toBe(200);
});

test('what goes through a door is charged by its size', async () => {
  const line = `${JSON.stringify({ meter: 'x'.repeat(10_000) })}\n`;
  const lines = Readable.from(Array.from({ length: 120 }, () => line));
  expect((await world.as('district-310104').send('POST', '/upload/readings', lines)).status).toBe(200);

  expect(refusalOf(await send('district-310104'))).toEqual([429, 'BUDGET_SPENT']);
});
