import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { stageUrl } from '../../gateway/stage-urls.js';
import { Refusal } from '../../gateway/errors.js';
import {
  type Act,
  ACTS,
  type Office,
  OFFICES,
  type State,
  STATES,
  TRANSITIONS,
} from '../../subgraphs/tenants/applications/states.js';
import { mustBePossible } from '../../subgraphs/tenants/applications/steps.js';
import { aGrant } from '../world/grants.js';
import { openWorld, type World } from '../world/world.js';

const ID = 'app_00000000000000000000000000';
const states = Object.keys(STATES) as State[];
const acts = Object.keys(ACTS) as Act[];
const offices = Object.keys(OFFICES) as Office[];

/** Who holds which office in these tests. */
const HOLDERS: Record<Office, string> = {
  write: 'energy-bureau',
  review_protocol: 'energy-center',
  review_security: 'info-center',
  approve: 'municipal',
};

/** What happened before, so that no opinion is missing: the table alone is asked. */
const PAST: [Act, Office][] = [
  ['SUBMIT', 'write'],
  ['PASS_PROTOCOL', 'review_protocol'],
  ['PASS_SECURITY', 'review_security'],
  ['CONFIRM_STABLE', 'review_protocol'],
  ['PASS_PROTOCOL', 'review_protocol'],
  ['PASS_SECURITY', 'review_security'],
];

interface Cell {
  act: Act;
  from: State;
  office: Office;
  /** Whom the grant names, and for which office it is. */
  actor?: string;
  granted?: Office[];
}

describe('the table of steps', () => {
  let world: World;
  let owner: Client;
  beforeAll(async () => {
    world = await openWorld();
    owner = new Client({ connectionString: stageUrl(world.ownerUrl, 'FORMAL') });
    await owner.connect();
    await owner.query(
      `insert into tenants.application (id, kind, applicant, tenant, name, tier, area)
       values ($1, 'PLATFORM', 'energy-bureau', 'pudong', 'Pudong', 'DISTRICT', '310115')`,
      [ID],
    );
    await owner.query('begin');
    await owner.query('set local session_replication_role = replica');
    for (const [index, [act, office]] of PAST.entries())
      await owner.query(
        `insert into tenants.application_event (id, application, number, act, office, actor, area, from_state, to_state, version)
         values ($1, $2, $3, $4, $5, $6, '310115', 'DRAFT', 'DRAFT', 1)`,
        [`${ID}#${index}`, ID, index + 1, act, office, HOLDERS[office]],
      );
    await owner.query('commit');
  }, 60_000);
  afterAll(async () => {
    await owner.end();
    await world.close();
  });

  /** What the database says to one step, which is then undone: the state after it, or SQLSTATE. */
  async function inDatabase({
    act,
    from,
    office,
    actor = HOLDERS[office],
    granted = [office],
  }: Cell): Promise<string> {
    const reach = { areas: ['31'], subjects: [] };
    const permissions = ['read' as const, ...granted].map((action) => [`applications:${action}`, reach]);
    const caller = { ...aGrant().caller, tenant: actor };
    const grant = aGrant({ caller, reach: Object.fromEntries(permissions) as never });
    await owner.query('begin');
    try {
      await owner.query(
        `update tenants.application set state = $2, suspended_from = case when $2 = 'SUSPENDED' then 'TESTING' end
         where id = $1`,
        [ID, from],
      );
      await owner.query(`select set_config('hub.grant', $1, true)`, [JSON.stringify(grant)]);
      await owner.query(`set local role hub_rooms`);
      await owner.query(
        `insert into tenants.application_event (application, act, office, actor, opinion, requirement, evidence_sha256)
         values ($1, $2, $3, $4, 'x', $5, repeat('ab', 32))`,
        [ID, act, office, actor, act === 'WAIVE' ? 'TEST_TRANSMISSION' : null],
      );
      const { rows } = await owner.query<{ state: string }>('select state from tenants.application');
      return rows[0]?.state ?? '';
    } catch (error) {
      return String((error as { code: string }).code);
    } finally {
      await owner.query('rollback');
    }
  }

  /** What the code says before it asks the database. */
  function inCode({ act, from, office, actor = HOLDERS[office] }: Cell): string {
    const suspendedFrom = from === 'SUSPENDED' ? 'TESTING' : null;
    const application = {
      id: ID,
      state: from,
      suspendedFrom,
      applicant: 'energy-bureau',
      tenant: 'pudong',
      version: 1,
    };
    const past = PAST.map(([done, by]) => ({
      act: done,
      office: by,
      actor: HOLDERS[by],
      version: 1,
      requirement: null,
    }));
    try {
      mustBePossible(application, past, {
        act,
        office,
        actor,
        opinion: 'x',
        requirement: 'TEST_TRANSMISSION',
        evidenceSha256: 'ab'.repeat(32),
      });
      return 'taken';
    } catch (error) {
      return (error as Refusal).code;
    }
  }

  const allowed = ({ act, from, office }: Cell) =>
    TRANSITIONS.find(
      (one) =>
        one.act === act &&
        one.from === from &&
        one.office === office &&
        (act !== 'RESUME' || one.to === 'TESTING'),
    );

  test('every state × act × office: the code and the database allow what the table says, and nothing else', async () => {
    const cells = states.flatMap((from) =>
      acts.flatMap((act) => offices.map((office): Cell => ({ act, from, office }))),
    );
    const wrong: unknown[] = [];
    for (const cell of cells) {
      const step = allowed(cell);
      const said = [await inDatabase(cell), inCode(cell)];
      const expected = step ? [step.to, 'taken'] : ['HB409', 'WRONG_STATE'];
      if (said.join() !== expected.join()) wrong.push({ ...cell, said, expected });
    }
    expect(wrong).toEqual([]);
    expect(cells.length).toBe(12 * 16 * 4);
  }, 60_000);

  const cells = TRANSITIONS.filter(({ act, to }) => act !== 'RESUME' || to === 'TESTING');

  test('every step × every other office: whose scope is for another office is refused', async () => {
    const taken: unknown[] = [];
    for (const { act, from, office } of cells)
      for (const other of offices.filter((one) => one !== office)) {
        const cell = { act, from, office, granted: [other] };
        if ((await inDatabase(cell)) !== '42501') taken.push(cell);
      }
    expect(taken).toEqual([]);
  }, 60_000);

  test('no step of an office by who applies, who is to be connected, or who acted in another office, whatever its scopes', async () => {
    const taken: unknown[] = [];
    const decided = cells.filter(({ office }) => office !== 'write');
    for (const { act, from, office } of decided)
      for (const actor of ['energy-bureau', 'pudong', HOLDERS[other(office)]]) {
        const cell = { act, from, office, actor, granted: offices };
        if ((await inDatabase(cell)) !== '42501' || inCode(cell) !== 'FOUR_EYES') taken.push(cell);
      }
    for (const { act, from, office } of cells.filter((one) => one.office === 'write'))
      for (const actor of ['energy-center', 'municipal', 'pudong']) {
        const cell = { act, from, office, actor, granted: offices };
        if ((await inDatabase(cell)) !== '42501' || inCode(cell) !== 'FOUR_EYES') taken.push(cell);
      }
    expect(taken).toEqual([]);
  }, 60_000);

  const other = (office: Office): Office =>
    office === 'review_protocol' ? 'review_security' : 'review_protocol';

  test('an opinion on an earlier version, or of an earlier round, is none', async () => {
    const cell: Cell = { act: 'APPROVE_TEST', from: 'SECURITY_REVIEW', office: 'approve' };
    const without = async (change: string): Promise<string> => {
      await owner.query(change);
      return inDatabase(cell);
    };

    expect(await inDatabase(cell)).toBe('APPROVED_TEST');
    expect(await without('update tenants.application set version = 2')).toBe('HB409');
    expect(await without('update tenants.application set version = 1')).toBe('APPROVED_TEST');
    expect(
      await without(
        `alter table tenants.application_event disable trigger refuse_change;
         update tenants.application_event set number = number + 100 where act = 'SUBMIT' and application = '${ID}';
         alter table tenants.application_event enable always trigger refuse_change`,
      ),
    ).toBe('HB409');
  });

  test('nobody changes or deletes a step, a version or where an application stands, not even through the rooms', async () => {
    const tried = async (statement: string): Promise<string> => {
      await owner.query('begin');
      try {
        await owner.query('set local role hub_rooms');
        await owner.query(statement);
        return 'done';
      } catch (error) {
        return String((error as { code: string }).code);
      } finally {
        await owner.query('rollback');
      }
    };
    for (const table of ['application', 'application_event', 'application_version', 'application_unit'])
      for (const statement of [`update tenants.${table} set id = 'x'`, `delete from tenants.${table}`])
        expect([statement, await tried(statement)]).toEqual([statement, '42501']);
    expect(await tried(`update tenants.application set state = 'CONNECTED'`)).toBe('42501');
  });
});

test('the drawing shows every step of the table, and no other', () => {
  const text = readFileSync('docs/decisions/0011-first-tested-then-connected.md', 'utf8');
  const drawn = [...text.matchAll(/^ +([A-Z_]+) --> ([A-Z_]+): ([A-Z_, ]+)$/gm)].flatMap(
    ([, from, to, label = '']) => label.split(', ').map((act) => `${from} ${act} ${to}`),
  );
  const steps = TRANSITIONS.map(({ from, act, to }) => `${from} ${act} ${to}`);
  expect(drawn.toSorted()).toEqual([...new Set(steps)].toSorted());
});
