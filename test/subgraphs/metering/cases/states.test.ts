import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import {
  actorsOf,
  CASE_ACTORS,
  CASE_EVENTS,
  CASE_STATES,
  CASE_TRANSITIONS,
  type CaseActor,
  type CaseEventKind,
  NO_CASE,
} from '../../../../subgraphs/metering/cases/transitions.js';
import { USCC_A } from '../../../world/parties.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world.close());

const FROM = [NO_CASE, ...CASE_STATES];

test('the drawing shows the table, no more and no less', () => {
  const decision = readFileSync('docs/decisions/0026-cases-and-reports.md', 'utf8');
  const [, drawing = ''] = /```mermaid\nstateDiagram-v2\n([^`]*)```/.exec(decision) ?? [];
  const drawn = [...drawing.matchAll(/^ +(\S+) --> (\S+): (\S+) (.*)$/gm)].map(
    ([, from = '', to = '', event, by]) => [from === '[*]' ? NO_CASE : from, to, event, by].join(' '),
  );
  const table = CASE_TRANSITIONS.map(({ from, to, event, by }) => [from, to, event, by.join(', ')].join(' '));
  expect(drawn.toSorted()).toEqual(table.toSorted());
});

interface Tried {
  event: CaseEventKind;
  state: string;
  actor: CaseActor;
  escalated: boolean;
  taken: boolean;
}

/**
 * Every event in every state by everybody, before and after escalation, in one statement as the database's owner, past
 * row-level security: what is left is the table of transitions. Each case is put into its state past all events.
 */
const TRY_ALL = `
  create function pg_temp.tried(its_event text, state text, by_actor text, escalated boolean) returns boolean
  language plpgsql as $$
  declare
    number integer;
  begin
    begin
      if state <> 'NONE' then
        insert into metering.quality_case (id, meter, rule, area, subject, status, first_date, last_date, due_on,
            responsible, is_escalated, closed_at)
          values ('cas_try', 'm1', 'STUCK', '310101', '${USCC_A}', state, '2026-01-05', '2026-01-05', '2026-01-08',
            case when escalated then '310000' else '310101' end, escalated, case state when 'CLOSED' then now() end);
      end if;
      insert into metering.case_event (case_id, event, actor, note, assignee, meter, rule, area, subject, responsible, date)
        values ('cas_try', its_event, by_actor, 'x', case its_event when 'ASSIGNED' then 'Li' end, 'm1', 'STUCK', '310101',
          '${USCC_A}', '310101', '2026-01-05');
      raise exception 'taken back' using errcode = 'HB001';
    exception when sqlstate 'HB001' then return true;
      when sqlstate 'HB409' then return false;
    end;
  end $$;
  select its_event as event, state, by_actor as actor, escalated, pg_temp.tried(its_event, state, by_actor, escalated) as taken
  from unnest($1::text[]) as its_event, unnest($2::text[]) as state, unnest($3::text[]) as by_actor,
    unnest(array[false, true]) as escalated where not (state = 'NONE' and escalated)`;

test('every event in every state by everybody, before and after escalation: what the table has, and nothing else', async () => {
  const [create = '', ask = ''] = TRY_ALL.split('end $$;');
  const owner = new Client({ connectionString: world.ownerUrl });
  await owner.connect();
  await owner.query('begin');
  await owner.query(`select set_config('hub.grant', '{"caller": {"tenant": "somebody"}}', true)`);
  await owner.query('alter table metering.quality_case disable trigger refuse_change');
  await owner.query(`${create}end $$`);
  const { rows } = await owner.query<Tried>(ask, [CASE_EVENTS, FROM, CASE_ACTORS]);
  await owner.query('rollback');
  await owner.end();
  expect(rows).toHaveLength(CASE_EVENTS.length * (FROM.length * 2 - 1) * CASE_ACTORS.length);
  const wrong = rows.filter(({ event, state, actor, escalated, taken }) => {
    const may = actorsOf(event, state, escalated)?.includes(actor) ?? false;
    return may !== taken;
  });
  expect(wrong).toEqual([]);
});

test.each([
  [`update metering.quality_case set status = 'CLOSED'`, 'what its events come to'],
  ['delete from metering.case_event', 'append-only'],
  ['truncate metering.case_event', 'append-only'],
  ['delete from metering.case_transition', 'append-only'],
  ['delete from metering.case_finding', 'append-only'],
  ['delete from metering.maintenance_visit', 'append-only'],
  ['delete from metering.case_rules', 'append-only'],
])('nobody writes history anew, the owner of the tables neither: %s', async (sql, why) => {
  await expect(world.sql(sql)).rejects.toThrow(why);
});
