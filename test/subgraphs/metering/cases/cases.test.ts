import { builtHub } from '../../../scripts/built-hub.js';
import type { Caller } from '../../../world/caller.js';
import { aConsent, addScope, recordConsents, revokeConsent } from '../../../world/admin.js';
import { USCC_A } from '../../../world/parties.js';
import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
let district: Caller;
let owner: Caller;
let city: Caller;
beforeAll(async () => {
  world = await openWorld({ settings: { HUB_HOUSEKEEPING_SECONDS: '1' } });
  [district, owner] = [world.as('district-310101'), world.as('enterprise-a')];
  city = world.as('municipal').for('SUPERVISION');
  await has(district, { enterprises: [anEnterprise()], buildings: [aBuilding()], meters: METERS });
}, 120_000);
afterAll(() => world.close());

const METERS = ['m1', 'm2', 'm3', 'm4', 'm5'].map((id) => aMeter({ id, name: `Gate ${id}` }));

/** As the engine would: with the day's version, where the day came. */
async function finds(
  meter: string,
  rule: string,
  dates: string[],
  version: number | null = 1,
): Promise<void> {
  await world.sql(
    `insert into metering.finding (rule, edition, meter, area, subject, date, last_date, version, found_by)
     select $2, 1, $1, '310101', '${USCC_A}', date, date, $4, 'NIGHTLY' from unnest($3::date[]) as date`,
    [meter, rule, dates, version],
  );
}

const FIELDS =
  'id status rule findingCount firstDate lastDate isEscalated responsible assignee dueOn events { event actor tenant }';
interface Row {
  id: string;
  status: string;
  findingCount: number;
  events: { event: string; actor: string; tenant: string }[];
}
const casesOf = async (meter: string): Promise<Row[]> =>
  (
    await district.mustAsk<{ cases: { nodes: Row[] } }>(
      `{ cases(meterId: "${meter}") { nodes { ${FIELDS} } } }`,
    )
  ).cases.nodes;
const only = async (meter: string): Promise<Row> => (await casesOf(meter))[0]!;
const step = (who: Caller, name: string, id: string, rest = 'note: "because"') =>
  who.ask(`mutation { done: ${name}(id: "${id}", ${rest}) { status assignee } }`);
const code = ({ errors }: { errors?: { extensions: { code: string } }[] }) =>
  errors?.map(({ extensions }) => extensions.code);

describe('refusals', () => {
  beforeAll(() => finds('m1', 'STUCK', ['2026-01-05']));

  test.each([
    ['closing what nobody answered', 'district-310101', 'closeCase', 'WRONG_STATE'],
    ['repairing what nobody was sent to', 'district-310101', 'repairCase', 'WRONG_STATE'],
    [
      'opening again by hand: there is no such mutation',
      'district-310101',
      'reopenCase',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['another district', 'district-310104', 'explainCase', 'NOT_FOUND'],
    ['a third party without scope', 'service-co', 'explainCase', 'SCOPE_MISSING'],
    ['the nation, which writes nothing', 'national', 'explainCase', 'SCOPE_MISSING'],
  ])('%s', async (_what, who, name, expected) => {
    const { id } = await only('m1');
    expect(code(await step(world.as(who), name, id))).toEqual([expected]);
    expect(await only('m1')).toMatchObject({ status: 'OPEN', events: [{ event: 'OPENED' }] });
  });

  test('the owner assigns nobody and closes nothing, but explains its own', async () => {
    const { id } = await only('m1');
    const assigned = await step(owner, 'assignCase', id, 'assignee: "me"');
    expect([code(assigned), assigned.errors?.[0]?.message]).toEqual([
      ['ROW_OUT_OF_REACH'],
      'A case that is OPEN is ASSIGNED by the PLATFORM alone.',
    ]);
    expect(code(await step(owner, 'explainCase', id, 'note: null'))).toEqual(['BAD_USER_INPUT']);
    expect((await step(owner, 'explainCase', id)).data).toMatchObject({ done: { status: 'EXPLAINED' } });
    expect(code(await step(owner, 'closeCase', id))).toEqual(['ROW_OUT_OF_REACH']);
  });

  test('rules of an area are set by who approves quality there', async () => {
    const set = (who: Caller, area: string, rest = 'leastSeverity: "SEVERE", workingDays: 3') =>
      who.ask(
        `mutation { setCaseRules(rules: { area: "${area}", ${rest}, reopenDays: 30, reason: "x" }) { area version } }`,
      );
    expect(code(await set(district, '310101'))).toEqual(['SCOPE_MISSING']);
    expect(code(await set(city, '320000'))).toEqual(['ROW_OUT_OF_REACH']);
    expect(code(await set(city, '310104', 'leastSeverity: "SEVERE", workingDays: 0'))).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect((await set(city, '310104')).data).toEqual({ setCaseRules: { area: '310104', version: 1 } });
  });

  test('a visit names what is its meter’s own', async () => {
    const { id } = await only('m1');
    const visit = (rest: string) =>
      district.ask(`mutation { recordVisit(visit: { meterId: "m2", visitedOn: "2026-01-06", visitor: "Li",
        found: "wire off", done: "wire on"${rest} }) { id meter { id } recordedBy } }`);
    expect(code(await visit(`, caseId: "${id}"`))).toEqual(['BAD_USER_INPUT']);
    expect(code(await visit(', findings: ["1"]'))).toEqual(['BAD_USER_INPUT']);
    expect(code(await visit(', findings: ["x"]'))).toEqual(['BAD_USER_INPUT']);
    expect(code(await visit(', device: "dev_0"'))).toEqual(['BAD_USER_INPUT']);
    expect((await visit('')).data).toMatchObject({
      recordVisit: { meter: { id: 'm2' }, recordedBy: 'district-310101' },
    });
  });
});

describe('the engine', () => {
  test('opens one case a meter and rule, however often it looks, and none for what is but a notice', async () => {
    await finds('m2', 'JUMP', ['2026-01-05', '2026-01-06']);
    await finds('m2', 'JUMP', ['2026-01-08']);
    await finds('m2', 'ROLLOVER', ['2026-01-05']);
    expect(await casesOf('m2')).toMatchObject([
      { rule: 'JUMP', status: 'OPEN', findingCount: 3, firstDate: '2026-01-05', lastDate: '2026-01-08' },
    ]);
  });

  test('opens it again when the finding comes back, not when the same day is judged anew', async () => {
    await finds('m3', 'STUCK', ['2026-01-05']);
    const { id } = await only('m3');
    await step(district, 'assignCase', id, 'assignee: "Li"');
    await step(district, 'repairCase', id);
    expect((await step(district, 'closeCase', id)).data).toMatchObject({
      done: { status: 'CLOSED', assignee: 'Li' },
    });
    await world.sql(`update metering.finding set superseded_at = now() where meter = 'm3'`);
    await finds('m3', 'STUCK', ['2026-01-05']);
    expect(await only('m3')).toMatchObject({ status: 'CLOSED', findingCount: 1 });
    await finds('m3', 'STUCK', ['2026-01-09']);
    expect(await casesOf('m3')).toMatchObject([{ id, status: 'OPEN', assignee: null, findingCount: 2 }]);
    expect((await only('m3')).events.map(({ event }) => event)).toEqual([
      'OPENED',
      'ASSIGNED',
      'REPAIRED',
      'CLOSED',
      'REOPENED',
    ]);
  });
});

/** As time would: the days of a case are over. */
async function runOut(meter: string): Promise<void> {
  const set = `update metering.quality_case set due_on = '2026-01-08' where meter = '${meter}'`;
  await world.sql(`begin; alter table metering.quality_case disable trigger refuse_change; ${set};
    alter table metering.quality_case enable always trigger refuse_change; commit`);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await isSo());) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test('when its working days are over the hub escalates it, and the city closes it, not the district', async () => {
  await finds('m4', 'NOT_UPLOADED', ['2026-01-05'], null);
  const { id } = await only('m4');
  await runOut('m4');
  await until(async () => (await only('m4')).events.some(({ event }) => event === 'ESCALATED'));
  expect(await only('m4')).toMatchObject({ isEscalated: true, responsible: '310000', status: 'OPEN' });
  await step(district, 'explainCase', id);
  const refused = await step(district, 'closeCase', id);
  expect([code(refused), refused.errors?.[0]?.message]).toEqual([
    ['ROW_OUT_OF_REACH'],
    'The case was escalated to 310000; from EXPLAINED it is CLOSED by the SUPERVISOR alone.',
  ]);
  expect((await step(city, 'closeEscalatedCase', id)).data).toMatchObject({ done: { status: 'CLOSED' } });
  expect((await only('m4')).events.at(-1)).toMatchObject({ actor: 'SUPERVISOR', tenant: 'municipal' });
  const told = await world.sql(
    `select from ledger.entry where facts::jsonb ->> 'act' = 'CASE_ESCALATED' and facts::jsonb ->> 'object' = $1`,
    [id],
  );
  expect(told).toHaveLength(1);
}, 60_000);

test('who had not sent a day by its deadline is reminded of it once, and sees its own, as does to whom it consents', async () => {
  await world.sql(`alter table metering.meter disable trigger user;
    update metering.meter set registered_at = now() - interval '2 days' where id in ('m1', 'm5');
    alter table metering.meter enable trigger user`);
  const query = '{ uploadReminders { nodes { due missing platform area owner { uscc } } } }';
  const asked = async (who: Caller): Promise<unknown[]> => {
    const { data } = await who.ask(query);
    return (data as { uploadReminders: { nodes: unknown[] } }).uploadReminders.nodes;
  };
  await until(async () => (await asked(owner)).length > 0);
  expect(await asked(owner)).toEqual([
    { due: 2, missing: 2, platform: 'district-310101', area: '310101', owner: { uscc: USCC_A } },
  ]);
  expect(await asked(world.as('district-310104'))).toEqual([]);

  const [category, third] = ['quality', world.as('service-co')];
  await addScope(world, { tenant: 'service-co', category, action: 'read', area: '310000', purposes: ['ENERGY_SERVICE'] }); // prettier-ignore
  const [limited] = await recordConsents(world, owner, aConsent({ categories: [category], energyKinds: ['01'] })); // prettier-ignore
  expect(await asked(third)).toEqual([]);
  await revokeConsent(owner, limited!);
  await recordConsents(world, owner, aConsent({ categories: [category], finest: 'DAY' }));
  expect(await asked(third)).toHaveLength(1);
}, 60_000);

test('the command lists, assigns, explains and shows', async () => {
  await finds('m5', 'NEGATIVE', ['2026-01-05']);
  const { id } = await only('m5');
  const hub = (...args: string[]) => builtHub(world, ['case', ...args]);
  const refusal = await hub('repair', id, '--note', 'x', '--as', 'district-310101');
  expect([refusal.status, refusal.err]).toEqual([1, expect.stringMatching(/^WRONG_STATE/) as string]);
  const list = await hub('list', '--meter', 'm5', '--as', 'district-310101');
  expect(list.out).toContain(id);
  await hub('assign', id, '--to', 'Li', '--as', 'district-310101');
  await hub(
    'visit',
    'm5',
    '--case',
    id,
    '--on',
    '2026-01-06',
    '--by',
    'Li',
    '--found',
    'reversed',
    '--done',
    'turned',
    '--as',
    'district-310101',
  );
  const shown = await hub('repair', id, '--note', 'turned', '--as', 'district-310101');
  expect(shown.out).toMatch(/REPAIRED[^]*OPENED +HUB[^]*ASSIGNED +PLATFORM[^]*to Li/);
}, 60_000);
