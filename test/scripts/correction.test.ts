import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { limited } from '../corrections/limited.js';
import { aDay } from '../corrections/proposals.js';
import { type City, smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';
import { builtHub, jsonOf } from './built-hub.js';

const DISTRICT = ['--as', 'district-310101'];
const ORGAN = ['--as', 'municipal', '--purpose', 'SUPERVISION'];
const WHY = ['--reason', 'read wrongly'];

let world: World;
let city: City;
beforeAll(async () => {
  world = await openWorld();
  city = await smallCity(world);
  await writeFile(join(world.home, 'right.json'), JSON.stringify(aDay()));
  await writeFile(join(world.home, 'wrong.json'), 'meter,date');
}, 120_000);
afterAll(() => world.close());

const file = (name: string): string => join(world.home, name);
const hub = (...args: string[]) => builtHub(world, ['correction', ...args]);

test.each([
  [() => ['propose', ...WHY, ...DISTRICT], /^USAGE.*--day.*--record/],
  [() => ['propose', '--day', file('wrong.json'), ...WHY, ...DISTRICT], /^FILE_UNUSABLE.*no.*line of JSON/],
  [() => ['propose', '--record', 'ins_x#001', '--set', 'name=A', ...WHY, ...DISTRICT], /^USAGE.*--kind/],
  [() => ['propose', '--record', 'aud_x', ...WHY, ...DISTRICT], /^USAGE.*--set or --clear/],
  [() => ['propose', '--record', 'aud_x', '--set', 'name', ...WHY, ...DISTRICT], /equals sign/],
  [() => ['propose', '--record', 'aud_x', '--set', 'level=I', ...WHY, ...DISTRICT], /^NOT_FOUND/],
  [() => ['show', 'cor_none', ...DISTRICT], /^NOT_FOUND.*cor_none/],
  [() => ['approve', 'cor_none', ...DISTRICT], /^SCOPE_MISSING/],
])('%p is refused', async (args, reason) => {
  const { status, out, err } = await hub(...args());

  expect([status, out]).toEqual([1, '']);
  expect(err).toMatch(reason);
});

test('a day is proposed by a file, shown with what differs, approved, and listed', async () => {
  const { correction } = await jsonOf<{ correction: { id: string } }>(world, [
    'correction',
    'propose',
    '--day',
    file('right.json'),
    '--evidence',
    file('wrong.json'),
    ...WHY,
    ...DISTRICT,
  ]);
  const approved = await hub('approve', correction.id, '--note', 'seen', ...ORGAN);

  expect(approved.err).toBe('');
  expect(approved.out).toMatch(/^Approved cor_/);
  expect(approved.out).toMatch(/Of +a-gate on 2026-01-01\nState +APPROVED\nVersion +1 → 2/);
  expect(approved.out).toMatch(/FROM +BEFORE +AFTER\n00:00 +0.1 +0.3\n01:00/);
  expect(approved.out).toMatch(/APPROVED +municipal +seen +[0-9a-f-]{36}/);
  const listed = await hub('list', '--state', 'APPROVED', '--record', 'a-gate', '--as', 'national');
  expect(listed.out).toContain(correction.id);
});

test('what may not be read is shown without its values', async () => {
  const [audit = ''] = city.district.audits;
  const proposed = await hub('propose', '--record', audit, '--set', 'conclusion=Secret', ...WHY, ...DISTRICT);
  const id = proposed.out.split(/\s/)[1] ?? '';
  const shops = { tenant: 'national', category: 'audits', buildingTypes: ['B'] };
  const [shown, approved] = await limited(world, shops, async () => [
    await hub('show', id, '--as', 'national'),
    await hub('approve', id, '--as', 'national'),
  ]);

  expect([shown.status, shown.err]).toEqual([0, '']);
  expect(shown.out).toMatch(/State +PROPOSED/);
  expect(shown.out).toMatch(/The values are withheld.*\n.*WHEN/);
  expect(approved.err).toMatch(/^ROW_OUT_OF_REACH/);
  expect((await hub('withdraw', id, ...DISTRICT)).out).toMatch(/Secret/);
});

test('a record is proposed field by field; a document needs its kind said', async () => {
  const [audit = ''] = city.district.audits;
  const fields = [
    '--set',
    'conclusion=Saves = much',
    '--set',
    'year=2023',
    '--clear',
    'savingPotentialPercent',
  ];
  const proposed = await hub('propose', '--record', audit, ...fields, ...WHY, ...DISTRICT);
  const withdrawn = await hub('withdraw', proposed.out.split(/\s/)[1] ?? '', ...DISTRICT);

  expect(proposed.out).toMatch(/conclusion +Saves little\. +Saves = much\n/);
  expect(withdrawn.out).toMatch(/^Withdrew cor_/);
  const [inspection = ''] = city.district.inspections;
  const document = [
    '--record',
    `${inspection}#001`,
    '--kind',
    'INSPECTION_DOCUMENT',
    '--set',
    'name=Summons',
  ];
  expect((await hub('propose', ...document, ...WHY, ...DISTRICT)).out).toMatch(/name +Notice +Summons/);
});

describe('hub rollups', () => {
  const rollups = (...args: string[]) => builtHub(world, ['rollups', ...args]);

  test('refuses a month that is none, and to work beside another', async () => {
    expect((await rollups('check', '--from', '2026-13')).err).toMatch(/^USAGE: 2026-13 is no month/);
    const other = new Client({ connectionString: world.ownerUrl });
    await other.connect();
    await other.query(`select pg_advisory_lock(hashtext('hub rollups'))`);
    const finished = await rollups('rebuild').finally(() => other.end());
    expect(finished).toMatchObject({ status: 1, err: expect.stringMatching(/^ROOM_UNAVAILABLE: Another/) });
  });

  test('finds sums that are not those of their days, and makes them anew', async () => {
    expect(await rollups('check')).toMatchObject({
      status: 0,
      out: expect.stringMatching(/are those of their days/),
    });
    await world.sql(`update metering.rollup_month set total = total + 1 where building = '310101A001'`);

    const wrong = await rollups('check', '--json');
    expect(wrong.status).toBe(1);
    expect(JSON.parse(wrong.out)).toMatchObject({
      wrong: [{ period: '2026-01-01', key: expect.stringContaining('310101A001 01000 1 kWh 310101') }],
    });
    expect(await rollups('rebuild', '--from', '2026-01')).toMatchObject({ status: 0 });
    expect((await rollups('check')).status).toBe(0);
  });
});
