import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import type { Grant } from '../../gateway/policy/grant.js';
import {
  actorsFor,
  CONSENT_ACTORS,
  CONSENT_STATES,
  CONSENT_TRANSITIONS,
  type ConsentActor,
  type ConsentState,
  NO_CONSENT,
} from '../../subgraphs/tenants/consents/transitions.js';
import { until } from '../world/admin.js';
import { aGrant } from '../world/grants.js';
import { USCC_A } from '../world/parties.js';
import { anEnterprise, has } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

type From = ConsentState | typeof NO_CONSENT;
const FROM: From[] = [NO_CONSENT, ...CONSENT_STATES];
const PAPER = 'ab'.repeat(32);

/** Every state, every event, every actor. */
const CELLS = FROM.flatMap((from) =>
  CONSENT_STATES.flatMap((to) =>
    CONSENT_ACTORS.map((actor): [From, ConsentState, ConsentActor] => [from, to, actor]),
  ),
);

let world: World;
/** As the owner of the database, and as the role that the rooms work in. */
let owner: Client;
let room: Client;
beforeAll(async () => {
  world = await openWorld();
  await has(world.as('district-310101'), { enterprises: [anEnterprise()] });
  owner = new Client({ connectionString: world.ownerUrl });
  room = new Client({ connectionString: world.databases.FORMAL.rooms });
  await Promise.all([owner.connect(), room.connect()]);
  await owner.query('alter table tenants.consent disable trigger refuse_change');
}, 60_000);
afterAll(async () => {
  await Promise.all([owner.end(), room.end()]);
  await world.close();
});

const inOrder = (lines: string[]): string[] => lines.toSorted();
const TABLE = CONSENT_TRANSITIONS.flatMap(({ from, to, by }) => by.map((actor) => `${from} ${to} ${actor}`));

test('the drawing shows the table, no more and no less', () => {
  const decision = readFileSync('docs/decisions/0010-consents.md', 'utf8');
  const [, drawing = ''] = /```mermaid\nstateDiagram-v2\n([^`]*)```/.exec(decision) ?? [];
  const drawn = [...drawing.matchAll(/^ +(\S+) --> (\S+): (.*)$/gm)].flatMap(
    ([, from = '', to = '', by = '']) =>
      by.split(', ').map((actor) => `${from === '[*]' ? NO_CONSENT : from} ${to} ${actor}`),
  );

  expect(inOrder(drawn)).toEqual(inOrder(TABLE));
});

test('the database holds the table, no more and no less', async () => {
  const rows = await world.sql<{ from_status: string; to_status: string; actor: string }>(
    'select * from tenants.consent_transition',
  );

  expect(inOrder(rows.map((row) => `${row.from_status} ${row.to_status} ${row.actor}`))).toEqual(
    inOrder(TABLE),
  );
});

/** A consent that stands so, put there by the database's owner past all events. Its time is over, or to come. */
async function standing(from: From, isOver = false): Promise<string> {
  const id = `con_${String((made += 1)).padStart(26, '0')}`;
  if (from === NO_CONSENT) return id;
  // One request at a time is open.
  await owner.query(`update tenants.consent set status = 'REFUSED' where status = 'REQUESTED'`);
  await owner.query(
    `insert into tenants.consent (id, subject, area, recipient, categories, purpose, valid_from, valid_to, status,
       requested_at, answer_by, granted_at, ended_at)
     values ($1, $2, '310101', 'service-co', '{meters}', 'ENERGY_SERVICE', '2020-01-01', $3, $4, now(), $3,
       case when $4 in ('REQUESTED', 'REFUSED') then null else now() end,
       case when $4 in ('REQUESTED', 'GRANTED') then null else now() end)`,
    [id, USCC_A, isOver ? '2021-01-01' : '2100-01-01', from],
  );
  return id;
}
let made = 0;

const CALLERS: Record<ConsentActor, Partial<Grant['caller']> & { areas: string[]; subjects: string[] }> = {
  SUBJECT: { tenant: 'enterprise-a', uscc: USCC_A, areas: [], subjects: [USCC_A] },
  OPERATOR: { tenant: 'municipal', areas: ['31'], subjects: [] },
  RECIPIENT: { tenant: 'service-co', areas: [], subjects: [] },
  HUB: { tenant: 'hub', areas: [''], subjects: [] },
};

function grantOf(caller: ConsentActor): Grant {
  const { areas, subjects, ...rest } = CALLERS[caller];
  const reach = { areas, subjects };
  const grant = aGrant({ reach: { 'consents:read': reach, 'consents:write': reach } });
  return { ...grant, caller: { ...grant.caller, ...rest } };
}

/** An event as raw SQL of the rooms' role under the caller's grant, taken back afterwards; the refusal's SQLSTATE. */
async function event(id: string, to: string, actor: string, caller: ConsentActor): Promise<string> {
  await room.query('begin');
  try {
    await room.query(`select set_config('hub.grant', $1, true)`, [JSON.stringify(grantOf(caller))]);
    await room.query(
      `insert into tenants.consent_event (consent, status, actor, evidence_sha256, answer_by, subject, area, recipient,
         categories, finest, purpose, valid_from, valid_to)
       values ($1, $2::text, $3, $4, case $2::text when 'REQUESTED' then now() end, $5, '310101', 'service-co', '{meters}',
         'AS_METERED', 'ENERGY_SERVICE', '2020-01-01', '2100-01-01')`,
      [id, to, actor, actor === 'OPERATOR' ? PAPER : null, USCC_A],
    );
    return 'done';
  } catch (error) {
    return String((error as { code?: string }).code);
  } finally {
    await room.query('rollback');
  }
}

test(`the database takes each of the ${CELLS.length} steps or refuses it, as the table says`, async () => {
  const wrong: string[] = [];
  for (const [from, to, actor] of CELLS) {
    // Only what is over expires.
    const id = await standing(from, to === 'EXPIRED');
    const isStep = actorsFor(from, to)?.includes(actor) === true;
    const outcome = await event(id, to, actor, actor);
    if (outcome !== (isStep ? 'done' : 'HB409')) wrong.push(`${from} ${to} ${actor}: ${outcome}`);
  }

  expect(wrong).toEqual([]);
}, 60_000);

test('nothing expires before its time, not even for the hub', async () => {
  for (const from of ['REQUESTED', 'GRANTED'] as const)
    expect(await event(await standing(from), 'EXPIRED', 'HUB', 'HUB')).toBe('HB409');
});

test('none of the steps leads to a consent of one that is no third party', async () => {
  await owner.query(`update tenants.tenant set tier = 'DISTRICT' where id = 'service-co'`);
  try {
    for (const { from, to, by } of CONSENT_TRANSITIONS) {
      const refused = to === 'REQUESTED' || to === 'GRANTED';
      for (const actor of by) {
        const outcome = await event(await standing(from, to === 'EXPIRED'), to, actor, actor);
        expect([from, to, actor, outcome]).toEqual([from, to, actor, refused ? '23514' : 'done']);
      }
    }
  } finally {
    await owner.query(`update tenants.tenant set tier = 'THIRD_PARTY' where id = 'service-co'`);
    await until(async () => {
      const { data } = await world.as('service-co').ask('{ me { tier } }');
      return (data as { me: { tier: string } } | null)?.me.tier === 'THIRD_PARTY';
    });
  }
});

test('nobody takes a step in the name of another: row-level security knows who speaks for whom', async () => {
  const wrong: string[] = [];
  for (const { from, to, by } of CONSENT_TRANSITIONS) {
    for (const actor of by) {
      for (const caller of CONSENT_ACTORS.filter((other) => other !== actor)) {
        const outcome = await event(await standing(from, to === 'EXPIRED'), to, actor, caller);
        if (outcome !== '42501') wrong.push(`${caller} as ${actor}: ${from} ${to}: ${outcome}`);
      }
    }
  }

  expect(wrong).toEqual([]);
}, 60_000);

const MUTATIONS: Record<Exclude<ConsentState, 'REQUESTED' | 'EXPIRED'>, string> = {
  GRANTED: 'grantConsent',
  REFUSED: 'refuseConsent',
  REVOKED: 'revokeConsent',
  TERMINATED: 'terminateConsent',
  FULFILLED: 'fulfilConsent',
};

function expected(from: From, to: ConsentState, actor: ConsentActor): string {
  if (from === NO_CONSENT) return 'NOT_FOUND';
  const may = actorsFor(from, to);
  if (!may) return 'WRONG_STATE';
  if (may.includes(actor)) return to;
  return to === 'GRANTED' && actor === 'RECIPIENT' ? 'FOUR_EYES' : 'ROW_OUT_OF_REACH';
}

test('over the wire every caller is told which step it cannot take, and why', async () => {
  const callers = {
    SUBJECT: world.as('enterprise-a'),
    OPERATOR: world.as('municipal').for('SUPERVISION'),
    RECIPIENT: world.as('service-co'),
  };
  const wrong: string[] = [];
  for (const from of FROM) {
    for (const [to, mutation] of Object.entries(MUTATIONS) as [ConsentState, string][]) {
      for (const [actor, caller] of Object.entries(callers) as [
        ConsentActor,
        (typeof callers)['SUBJECT'],
      ][]) {
        const text = `mutation ($id: ID!) { done: ${mutation}(id: $id, evidenceSha256: "${PAPER}") { status } }`;
        const { data, errors } = await caller.ask(text, { id: await standing(from) });
        const outcome = errors?.[0]?.extensions.code ?? (data as { done: { status: string } }).done.status;
        if (outcome !== expected(from, to, actor)) wrong.push(`${from} ${to} ${actor}: ${outcome}`);
      }
    }
  }

  expect(wrong).toEqual([]);
}, 60_000);

test('what happened is kept: not even the owner of the database rewrites it', async () => {
  for (const sql of [
    `update tenants.consent_event set status = 'REFUSED'`,
    'delete from tenants.consent_event',
    'truncate tenants.consent_event',
    `delete from tenants.consent_transition`,
    'delete from tenants.erasure_acknowledgement',
    'delete from tenants.erasure_notice',
  ])
    await expect(world.sql(sql)).rejects.toThrow(/is append-only|keeps what was written/);
});
