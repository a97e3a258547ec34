import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtHub, jsonOf } from '../../../scripts/built-hub.js';
import { anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';
import { sheetsOf } from './spreadsheet.js';
import { daysWentBy, LATE, NORTH, UNPLANNED, unitsOfTwoDistricts, UPLOADING } from './units.js';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = await mkdtemp(join(tmpdir(), 'hub-progress-'));
  await unitsOfTwoDistricts(world);
  // What a spreadsheet would take for a formula, and XML for a mark.
  const name = '=HYPERLINK("http://x")&<b>';
  await has(world.as('district-310101'), {
    enterprises: [anEnterprise({ uscc: LATE, annualTce: '600000', name })],
  });
  await daysWentBy(world, ['a-power', 'a-gas', 'b-power']);
}, 120_000);
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const hub = (...args: string[]) => builtHub(world, ['progress', ...args]);
const CITY = ['--as', 'municipal', '--purpose', 'SUPERVISION'];
const ADMIN = ['--as', 'municipal', '--purpose', 'PLATFORM_OPERATION'];
const DISTRICT = ['--as', 'district-310101'];

async function csv(...lines: string[]): Promise<string> {
  const path = join(folder, 'plans.csv');
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

describe('refused in words', () => {
  test.each([
    ['without a column that is needed', ['uscc,planned_on', 'x,2026-01-01'], 'there is no column organ'],
    [
      'with a column that is none',
      ['uscc,planned_on,organ,when', 'x,2026-01-01,Office,now'],
      'when is no column of a plan',
    ],
    [
      'with an empty cell',
      ['uscc,planned_on,organ', 'x,2026-01-01,Office', 'y,,Office'],
      'line 3: planned_on is empty',
    ],
    ['with a row too short', ['uscc,planned_on,organ', 'x'], 'Invalid Record Length'],
    ['without rows', ['uscc,planned_on,organ'], 'has no rows'],
  ])('a file of plans %s', async (_what, lines, message) => {
    const { status, err } = await hub('plan', await csv(...lines), ...DISTRICT);
    expect([status, err]).toEqual([1, expect.stringContaining(message) as string]);
    expect(err).toMatch(/^FILE_UNUSABLE/);
  });

  test('a target that a district sets, and one that does not say of what', async () => {
    const share = ['--area', '310101', '--class', 'WANJIA', '--until', '2027-12-31', '--share', '90'];
    expect((await hub('target', ...share, '--source', 'x', ...DISTRICT)).err).toMatch(/^SCOPE_MISSING/);
    expect((await hub('target', ...share, ...ADMIN)).err).toMatch(/^USAGE: A target needs --source/);
    const units = [...share.slice(0, -2), '--units', 'ten', '--source', 'x'];
    expect((await hub('target', ...units, ...ADMIN)).err).toMatch(
      /^USAGE: --units is a whole number, was ten/,
    );
  });

  test('a report over a file that is there, which stays as it is', async () => {
    const out = await csv('mine');
    const { status, err } = await hub(
      'report',
      '--area',
      '310101',
      '--quarter',
      '2026Q1',
      '--out',
      out,
      ...DISTRICT,
    );
    expect([status, err]).toEqual([1, expect.stringContaining('is there already') as string]);
    expect(await readFile(out, 'utf8')).toBe('mine\n');
  });
});

test('a plan is read from a CSV, and a target is set and listed', async () => {
  const file = await csv(
    'uscc,planned_on,organ,batch,energy_classes',
    `${UNPLANNED},2027-06-30,发改委,3,01 03`,
  );
  expect((await hub('plan', file, ...DISTRICT)).out).toBe('1 units planned.\n');
  expect(
    await world.sql(`select organ, batch, energy_classes from enterprises.access_plan where uscc = $1`, [
      UNPLANNED,
    ]),
  ).toEqual([{ organ: '发改委', batch: '3', energy_classes: ['01', '03'] }]);

  const target = ['--area', '310104', '--class', 'BAIJIA', '--until', '2027-12-31', '--share', '90'];
  await jsonOf(world, ['progress', 'target', ...target, '--source', 'Notice 3', ...ADMIN]);
  expect(await jsonOf(world, ['progress', 'target', '--area', '310104', ...DISTRICT])).toMatchObject({
    targets: [{ area: '310104', share: '90', source: 'Notice 3', addedBy: 'municipal', verified: true }],
  });
});

test('figures, units and who owes a report are shown', async () => {
  const { out } = await hub('show', '--area', '310000', ...CITY);
  expect(out).toMatch(/310101 +all +3 +2 +2 +1 +33\.33 +1 +1/);
  expect(out).toContain('310104 owes the report of');
  expect(await jsonOf(world, ['progress', 'show', '--overdue', ...CITY])).toMatchObject({
    units: [{ uscc: LATE }],
  });
  expect((await hub('show', '--units', '--area', '310104', ...CITY)).out).toContain(NORTH);
});

test('a report is a spreadsheet: a sheet for each list, numbers as numbers, and nothing that is a formula', async () => {
  const out = join(folder, 'report.xlsx');
  const now = new Date(Date.now() + 8 * 3_600_000);
  const quarter = `${now.getUTCFullYear()}Q${Math.floor(now.getUTCMonth() / 3) + 1}`;
  const { status, err } = await hub(
    'report',
    '--area',
    '310101',
    '--quarter',
    quarter,
    '--out',
    out,
    ...DISTRICT,
  );
  expect([status, err]).toEqual([0, '']);

  const sheets = await sheetsOf(out);
  expect(Object.keys(sheets)).toEqual(['分区分类统计', '接入目标', '已接入单位', '逾期单位', '报送内容']);
  const [title, heads, ...figures] = sheets['分区分类统计']!;
  expect(title?.[0]).toContain(`310101 ${quarter}`);
  expect(heads?.slice(0, 3)).toEqual(['行政区划代码', '类别', '应接入']);
  expect(figures).toEqual([
    ['310101', '合计', 3, 2, 0, 0, 2, 66.66, 1, 33.33, 1, 1, 1],
    ['310101', '千家', 1, 1, 0, 0, 1, 100, 0, 0, 0, 1, 1],
    ['310101', '万家', 2, 1, 0, 0, 1, 50, 1, 50, 1, 0, 1],
    ['310101 合计', '合计', 3, 2, 0, 0, 2, 66.66, 1, 33.33, 1, 1, 1],
  ]);
  expect(sheets['接入目标']?.slice(2).map((row) => row.slice(0, 9))).toEqual([
    ['百家', '2020-11-30', 100, null, 0, 0, 0, '是', '是'],
    ['千家', '2020-11-30', 100, null, 1, 0, 0, '是', '否'],
    ['万家', '2020-11-30', 100, null, 2, 1, 50, '是', '否'],
  ]);
  expect(sheets['已接入单位']?.slice(2).map(([uscc]) => uscc)).toEqual([LATE, UPLOADING].toSorted());
  expect(sheets['逾期单位']?.slice(2)).toEqual([
    [
      LATE,
      '=HYPERLINK("http://x")&<b>',
      '310101',
      '千家',
      '已接入',
      '2026-03-31',
      '是',
      'Energy office',
      null,
      2,
      0,
      7,
      null,
      '03、04',
      '否',
    ],
  ]);
  expect(sheets['报送内容']?.slice(2)).toEqual([]);
});
