import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { ActFacts } from '../../gateway/ledger/entry.js';
import { builtHub } from '../scripts/built-hub.js';
import { Caller } from '../world/caller.js';
import { smallCity } from '../world/city.js';
import { served } from '../world/served.js';
import { aMeter } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
afterEach(() => world.close());

/** A world whose own gateway keeps house every so many seconds. */
async function opened(every: string): Promise<void> {
  world = await openWorld({ settings: { HUB_HOUSEKEEPING_SECONDS: every } });
  await smallCity(world);
}

/** Holds something in the database in a transaction of its own, until it is let go. */
async function holding(statement: string): Promise<{ letGo(): Promise<void> }> {
  const client = new Client({ connectionString: world.ownerUrl });
  await client.connect();
  await client.query(`begin; ${statement}`);
  return { letGo: () => client.end() };
}

async function until(what: string, sql: string, parameters: unknown[] = []): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    const [row] = await world.sql<{ holds: boolean }>(`select (${sql}) as holds`, parameters);
    if (row?.holds) return;
    await pause(25);
  }
  throw new Error(`not so after five seconds: ${what}`);
}

const REGISTER = 'mutation ($rows: [MeterInput!]!) { registerMeters(meters: $rows) { id } }';
const WAITING = 'select pid from pg_stat_activity where datname = current_database()';
const WAITING_FOR_ITS_TURN = `${WAITING} and wait_event = 'advisory' and query like '%ledger.entry%'`;

/** A gateway that is killed when the room has committed the registration of a meter and no entry tells of it. */
async function killedBetween(meter: string): Promise<void> {
  const { child, url } = await served(world, 'gateway');
  const caller = Caller.of(url, join(world.home, 'certs'), 'district-310101');
  const change = await holding('lock table metering.meter in share mode');
  const asked = caller.ask(REGISTER, { rows: [aMeter({ id: meter })] }).catch((error: Error) => error);
  await until('the room is at work', `exists (${WAITING} and wait_event = 'relation')`);
  const turn = await holding(`select pg_advisory_xact_lock(hashtextextended('ledger.entry', 0))`);
  await change.letGo();
  await until('the gateway is about to record', `exists (${WAITING_FOR_ITS_TURN})`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  // PostgreSQL would carry out a statement that it has, whoever is still there to hear of it.
  await world.sql(`select pg_terminate_backend(pid) from (${WAITING_FOR_ITS_TURN}) as waiting`);
  await turn.letGo();
  expect(await asked).toBeInstanceOf(Error);
  await caller.close();
}

/** The events that the ledger holds of a request, and what its acts were done to. */
async function recordedOf(request: string): Promise<[string, ...(string | null)[]][]> {
  const rows = await world.sql<{ facts: string }>(
    `select facts from ledger.entry where facts::json ->> 'request' = $1 order by sequence`,
    [request],
  );
  return rows.map(({ facts }) => {
    const { event, acts = [] } = JSON.parse(facts) as { event: string; acts?: ActFacts['acts'] };
    return [event, ...acts.map(({ object }) => object)];
  });
}

async function leftBehind(): Promise<string[]> {
  const rows = await world.sql<{ request: string }>('select request from runtime.act_outbox');
  return rows.map(({ request }) => request);
}

/** As long as the rounds of a gateway leave it to whose request it is. */
const aMinuteLater = (): Promise<object[]> =>
  world.sql(`update runtime.act_outbox set written_at = written_at - interval '1 minute'`);

test('what a gateway left that was killed between commit and record, a living one records: once, under its request', async () => {
  await opened('1');
  await killedBetween('m-killed');

  const [request = '', ...others] = await leftBehind();
  expect(others).toEqual([]);
  expect(await world.sql(`select id from metering.meter where id = 'm-killed'`)).toHaveLength(1);
  await pause(2_500);
  expect(await recordedOf(request)).toEqual([['DECISION']]);

  await aMinuteLater();
  await until('it is recorded', 'not exists (select from runtime.act_outbox)');
  await pause(1_500);
  expect(await recordedOf(request)).toEqual([['DECISION'], ['ACT', 'm-killed']]);
  expect(await builtHub(world, ['ledger', 'verify', '--database'])).toMatchObject({ status: 0 });
}, 60_000);

test('a gateway that starts records it before it says that it is there', async () => {
  await opened('3600');
  await killedBetween('m-left');
  const [request = ''] = await leftBehind();
  await aMinuteLater();

  const { child } = await served(world, 'gateway');
  expect(await leftBehind()).toEqual([]);
  expect(await recordedOf(request)).toEqual([['DECISION'], ['ACT', 'm-left']]);
  child.kill('SIGTERM');
  await once(child, 'exit');
}, 60_000);
