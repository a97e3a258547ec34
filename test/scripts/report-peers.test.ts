import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publish, registerCity, report, theMonth } from '../subgraphs/metering/statistics/city.js';
import { openWorld, type World } from '../world/world.js';
import { builtHub } from './built-hub.js';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = await mkdtemp(join(tmpdir(), 'hub-report-'));
  await registerCity(world);
  await report(world, theMonth());
}, 120_000);
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** Asked for up to the middle of February: the last whole month is January. */
async function page(building: string): Promise<string> {
  const out = join(folder, 'page.html');
  const args = ['report', 'subject', building, '--from', '2026-01-01', '--to', '2026-02-14', '--lang', 'en'];
  const run = await builtHub(world, [...args, '--out', out, '--as', 'district-310104']);
  expect([run.status, run.err]).toEqual([0, '']);
  return readFile(out, 'utf8');
}

const SECTION = /<h2>Electricity a m² beside like buildings<\/h2>([^]*?)<\/section>/;

test('before the month is published a page says that there are no peers, and why', async () => {
  const [, section] = SECTION.exec(await page('310104D001'))!;
  expect(section).toMatch('Nothing is published of like buildings for 2026-01');
  expect(section).not.toContain('<svg');
});

test('a building stands beside the published spread of its type, in a band and not at a rank', async () => {
  await publish(world);
  const [, section = ''] = SECTION.exec(await page('310104D001'))!;
  expect(section).toMatch(/<svg[^]*<td>310104D001 House 310104D001<\/td><td class="n">0.235<\/td>/);
  expect(section).toMatch(/<td>(up to the 10th|10th to 25th)<\/td>/);
  expect(section).not.toContain('310104D002');
});

test('of a type with too few owners nothing is shown of the others', async () => {
  const [, section] = SECTION.exec(await page('310104A001'))!;
  expect(section).toMatch('too few owners');
  expect(section).not.toContain('<svg');
});
