import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { USCC_A } from '../world/parties.js';
import { aBuilding, aMeter, anEnterprise, has } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import { builtHub } from './built-hub.js';

const NAME = 'Gate <script>alert(1)</script> & "x"';
/** What an attacker would need: an element, an attribute that runs, or an address to load from. */
const RUNS = /<script|<iframe|<img|<link|<object|\son\w+=|javascript:|url\(|@import|(?:src|href)=/i;

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = await mkdtemp(join(tmpdir(), 'hub-report-'));
  const district = world.as('district-310101');
  const [building, meter] = [aBuilding({ name: NAME }), aMeter({ name: NAME })];
  await has(district, {
    enterprises: [anEnterprise({ name: NAME })],
    buildings: [building],
    meters: [meter],
  });
  const values = Array.from({ length: 24 }, (_, hour) => (hour === 5 ? -1.25 : hour));
  await district.upload([{ meter: 'm1', date: '2026-01-05', interval: 60, values }]);
}, 120_000);
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function report(who: string, ...args: string[]): Promise<string> {
  const out = join(folder, 'page.html');
  const run = await builtHub(world, ['report', ...args, '--out', out, '--as', who]);
  expect([run.status, run.err]).toEqual([0, '']);
  return readFile(out, 'utf8');
}

test('what is out of reach is refused, and no page is written', async () => {
  const args = [
    'report',
    'subject',
    USCC_A,
    '--from',
    '2026-01-01',
    '--to',
    '2026-01-31',
    '--as',
    'district-310104',
  ];
  const run = await builtHub(world, [...args, '--out', join(folder, 'none.html')]);
  expect([run.status, run.err]).toEqual([1, expect.stringMatching(/^NOT_FOUND/) as string]);
  await expect(readFile(join(folder, 'none.html'))).rejects.toThrow('ENOENT');
});

test.each([
  ['quality', 'district-310101', ['quality', '--date', '2026-01-05']],
  ['subject', 'enterprise-a', ['subject', USCC_A, '--from', '2026-01-01', '--to', '2026-01-31']],
  ['building', 'enterprise-a', ['subject', '310101A001', '--from', '2026-01-01', '--to', '2026-01-31']],
])('%s: names are text, nothing runs and nothing is loaded', async (_what, who, args) => {
  const page = await report(who, ...args);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(RUNS.exec(page)).toBeNull();
  expect(page.length).toBeLessThan(3_000_000);
});

test('the quality of a day shows its findings, and a table stands beside each chart', async () => {
  const page = await report('district-310101', 'quality', '--date', '2026-01-05', '--lang', 'zh');
  expect(page).toMatch(
    /<figure role="img" aria-label="按规则统计的问题"><svg[^]*?<td>负值<\/td><td class="n">1<\/td>/,
  );
  expect(page).toContain('待办处置单');
  expect(page).not.toContain('Findings by rule');
});

test('of more findings than a page holds it says how many there are, and shows the most severe', async () => {
  await world.sql(`insert into metering.finding (rule, edition, meter, area, subject, date, last_date, found_by)
    select 'ROLLOVER', 1, 'x' || number, '310101', '${USCC_A}', '2026-01-05', '2026-01-05', 'INGEST'
    from generate_series(1, 520) as number`);
  const page = await report('district-310101', 'quality', '--date', '2026-01-05', '--lang', 'en');
  await world.sql(`update metering.finding set superseded_at = now() where meter like 'x%'`);

  expect(page).toContain('521 findings in all; these are the 500 most severe of them.');
  expect(page).toMatch(/Register rolled over<\/td><td class="n">520<\/td>/);
  expect(page).toMatch(
    /Most severe findings[^]*?<tbody><tr><td>2026-01-05<\/td><td>Negative value<\/td><td>Severe/,
  );
});

test('all findings of a day count for its meters, all open cases are counted, and who sent nothing is named', async () => {
  await has(world.as('district-310101'), { meters: [aMeter({ id: 'silent', name: 'Silent' })] });
  await world.sql(`alter table metering.meter disable trigger user;
    update metering.meter set registered_at = '2026-01-01'; alter table metering.meter enable trigger user`);
  const run = await builtHub(world, ['quality', 'run', '--date', '2026-01-05']);
  expect(run.status).toBe(0);
  await world.sql(`insert into metering.finding (rule, edition, meter, area, subject, date, last_date, found_by)
    select rule, 1, meter, '310101', '${USCC_A}', '2026-01-05', '2026-01-05', 'INGEST' from (
      select 'NEGATIVE', 'z' || number from generate_series(1, 510) as number
      union all select unnest(array['ROLLOVER', 'CLOCK_DRIFT', 'DST_GAP', 'DST_DUPLICATE', 'LATE']), 'busy') as found (rule, meter)`);
  const [open] = await world.sql<{ count: number }>(
    `select count(*)::int as count from metering.quality_case where status <> 'CLOSED'`,
  );
  const page = await report('district-310101', 'quality', '--date', '2026-01-05', '--lang', 'en');
  await world.sql(`update metering.finding set superseded_at = now() where meter ~ '^(z|busy)'`);

  expect(page).toMatch(/Meters with most findings[^]*?<tbody><tr><td>busy<\/td><td class="n">5<\/td>/);
  expect(open!.count).toBeGreaterThan(510);
  expect(page).toContain(`${open!.count} open cases.`);
  const missing = /<h2>Not uploaded<\/h2>[^]*?<\/section>/.exec(page)?.[0] ?? '';
  expect(missing).toContain('1 meters;');
  expect(missing).toMatch(
    new RegExp(`>310101</td><td[^>]*>${USCC_A} Gate [^<]*</td><td[^>]*>silent Silent</td>`),
  );
});

test('a subject’s page shows its load as a picture, and the figures as they are stored', async () => {
  const page = await report(
    'enterprise-a',
    'subject',
    USCC_A,
    '--from',
    '2026-01-01',
    '--to',
    '2026-01-10',
    '--lang',
    'en',
  );
  expect(page).toMatch(/<html lang="en">[^]*Electricity by hour and day[^]*<svg/);
  expect(page).toContain('<td>2026-01-05</td><td class="n">5</td><td class="n">-1.25</td>');
});
