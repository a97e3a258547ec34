import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aConsent, recordConsents } from '../world/admin.js';
import { USCC_A } from '../world/parties.js';
import { aBuilding, aMeter, anEnterprise, has } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import { builtHub } from './built-hub.js';

const DAY = '2026-01-05';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = await mkdtemp(join(tmpdir(), 'hub-report-'));
  const district = world.as('district-310101');
  await has(district, {
    enterprises: [anEnterprise({ industry: 'C' })],
    buildings: [aBuilding({ functionCode: 'government_office', floorAreaM2: '100' })],
    meters: [
      aMeter(),
      aMeter({ id: 'm2', level: 2, parentId: 'm1', energyItem: '01A00' }),
      aMeter({ id: 'm3', level: 3, parentId: 'm2', energyItem: '01A10' }),
      aMeter({ id: 'm4', energyItem: '03000', unit: 'm3' }),
    ],
  });
  const day = (meter: string, amount: number): object => ({
    ...{ meter, date: DAY, interval: 60 },
    values: [amount, ...Array<number>(23).fill(0)],
  });
  await district.upload([day('m1', 1000), day('m2', 700.5), day('m3', 800), day('m4', 100)]);
}, 120_000);
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function page(who: string, id: string, to = '2026-01-31'): Promise<string> {
  const out = join(folder, 'page.html');
  const args = ['report', 'subject', id, '--from', '2026-01-01', '--to', to, '--lang', 'en'];
  const run = await builtHub(world, [...args, '--out', out, '--as', who]);
  expect([run.status, run.err]).toEqual([0, '']);
  return readFile(out, 'utf8');
}

/** Rows of the table of a section, cell by cell. */
function rowsOf(html: string, title: string): string[][] {
  const section = html.split('<section>').find((one) => one.includes(`<h2>${title}`)) ?? '';
  const rows = section.split('<tbody>')[1]?.split('</tbody>')[0]?.split('</tr>').slice(0, -1) ?? [];
  return rows.map((row) => [...row.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell]) => cell!));
}

test('what is no day is refused before anything is asked', async () => {
  const args = ['report', 'subject', USCC_A, '--from', '2026-01-01") { x }', '--to', '2026-01-31'];
  const run = await builtHub(world, [...args, '--out', join(folder, 'none.html'), '--as', 'enterprise-a']);
  expect([run.status, run.err]).toEqual([1, expect.stringMatching(/^USAGE: A day is like/) as string]);
});

test('all energy of a subject is counted, on each basis that is known, with its edition and doubt', async () => {
  const html = await page('enterprise-a', USCC_A);
  const [edition, range] = ['GB/T 2589-2020 (unverified)', '0.11 – 0.133'];
  expect(rowsOf(html, 'Energy used')).toEqual([
    ['Electricity, total', '1000', 'kWh', 'equivalent', '0.1229', edition],
    ['Electricity, total', '1000', 'kWh', 'equal value', '—', '—'],
    ['Gas, total', '100', 'm3', 'equivalent', range, edition],
    ['Gas, total', '100', 'm3', 'equal value', range, edition],
  ]);
  expect(html).toMatch(/<p class="note">No equal-value coefficient of ELECTRICITY for 2026 is known/);
});

test('sub-items stand below their total with what they leave of it, also where that is negative', async () => {
  const html = await page('enterprise-a', '310101A001');
  expect(rowsOf(html, 'Electricity, total: items')).toEqual([
    ['Lighting and sockets', 'Electricity, total', '700.5', '-99.5', 'kWh'],
    ['Lighting and sockets in rooms', 'Lighting and sockets', '800', '—', 'kWh'],
    ['Left of the total', 'Electricity, total', '299.5', '—', 'kWh'],
  ]);
  expect(html).toContain('Government office');
});

test('what may not be read is said in its place', async () => {
  const html = await page('enterprise-a', '310101A001');
  const [, peers] = /<h2>Electricity a m² beside like buildings<\/h2><p class="note">([^<]*)<\/p>/.exec(
    html,
  )!;
  expect(peers).toMatch('No valid scope for statistics:read');
});

test('who may be told months alone gets a page of months, and the reasons for the rest', async () => {
  const categories = ['buildings', 'meters', 'readings'];
  await recordConsents(world, world.as('enterprise-a'), aConsent({ categories, finest: 'MONTH' }));
  const html = await page('service-co', '310101A001');
  expect(rowsOf(html, 'Electricity, total: by month')).toEqual([['2026-01', '1000', '—', '—', 'kWh']]);
  expect(rowsOf(html, 'Electricity by hour and day')).toEqual([]);
  expect(html.match(/may be told to you as sums of whole months alone/g)?.length).toBeGreaterThan(1);
});
