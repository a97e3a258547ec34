import type { Caller } from '../../../world/caller.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld();
  admin = world.as('municipal').for('PLATFORM_OPERATION');
}, 120_000);
afterAll(() => world.close());

const SET = `mutation ($day: CalendarDayInput!) { setCalendarDay(day: $day) { date area kind setBy verified } }`;
const set = (who: Caller, rest: object) =>
  who.ask(SET, {
    day: {
      date: '2026-12-24',
      kind: 'HOLIDAY',
      area: '310000',
      nameZh: '进博会',
      source: 'Gazette 2',
      ...rest,
    },
  });
const after = async (from: string, count: number, area = '100000') => {
  const query = `{ workingDay(from: "${from}", count: ${count}, area: "${area}") }`;
  return (await world.as('service-co').mustAsk<{ workingDay: string }>(query)).workingDay;
};

describe('who sets a day', () => {
  test.each([
    ['a district, which is no admin', 'district-310101', {}, 'SCOPE_MISSING'],
    ['an admin, for another area', 'municipal', { area: '320000' }, 'ROW_OUT_OF_REACH'],
    ['for the nation', 'municipal', { area: '100000' }, 'ROW_OUT_OF_REACH'],
    ['for no area', 'municipal', { area: 'Shanghai' }, 'BAD_USER_INPUT'],
    ['of no kind', 'municipal', { kind: 'BRIDGE' }, 'BAD_USER_INPUT'],
    ['without a source', 'municipal', { source: '' }, 'BAD_USER_INPUT'],
    ['of another century', 'municipal', { date: '1926-01-01' }, 'BAD_USER_INPUT'],
  ])('refused: %s', async (_what, who, rest, code) => {
    const reply = await set(who === 'municipal' ? admin : world.as(who), rest);
    expect(reply.errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(await world.sql('select from metering.set_calendar_day')).toHaveLength(0);
  });

  test('what was said of a day is neither changed nor taken back', async () => {
    await set(admin, { date: '2026-12-31' });
    await expect(world.sql('delete from metering.set_calendar_day')).rejects.toThrow('append-only');
  });
});

test('working days pass over weekends and holidays and count the days that make up for them', async () => {
  // Wednesday to Monday; over the Spring Festival; to the Saturday that is worked before it; over National Day.
  expect(await after('2026-11-18', 3)).toBe('2026-11-23');
  expect(await after('2026-02-13', 2)).toBe('2026-02-24');
  expect(await after('2026-02-13', 1)).toBe('2026-02-14');
  expect(await after('2025-09-30', 3)).toBe('2025-10-11');
  expect(await after('2024-12-31', 1)).toBe('2025-01-02');
});

test('a count that is none is refused', async () => {
  const reply = await world.as('district-310101').ask('{ workingDay(from: "2026-01-01", count: 0) }');
  expect(reply.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('what an admin sets counts in its area alone, until it sets it again', async () => {
  expect(await after('2026-12-23', 1, '310101')).toBe('2026-12-24');
  await set(admin, {});
  expect(await after('2026-12-23', 1, '310101')).toBe('2026-12-25');
  expect(await after('2026-12-23', 1, '320505')).toBe('2026-12-24');
  await set(admin, { area: '310104', kind: 'WORKING_DAY' });
  expect(await after('2026-12-23', 1, '310104')).toBe('2026-12-24');
  await set(admin, { kind: 'WORKING_DAY' });
  expect(await after('2026-12-23', 1, '310101')).toBe('2026-12-24');
});

test('the list shows each day with its source, and what nobody could check', async () => {
  const query =
    '{ calendarDays(from: "2024-02-10", to: "2024-02-10") { nodes { kind nameZh confidence verified source } } }';
  expect(await world.as('service-co').mustAsk(query)).toEqual({
    calendarDays: {
      nodes: [
        {
          kind: 'HOLIDAY',
          nameZh: '春节',
          confidence: 'medium',
          verified: false,
          source: expect.stringContaining('国办发明电〔2023〕7号') as string,
        },
      ],
    },
  });
});
