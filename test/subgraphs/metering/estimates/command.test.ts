import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtHub } from '../../../scripts/built-hub.js';
import { USCC_A } from '../../../world/parties.js';
import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';
import { aCase, date, hours } from './working.js';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = await mkdtemp(join(tmpdir(), 'hub-estimates-'));
  const district = world.as('district-310101');
  const meters = [aMeter({ installedOn: date(1) })];
  await has(district, { enterprises: [anEnterprise()], buildings: [aBuilding()], meters });
  await district.upload([hours('m1', 5, 1, { 3: null, 4: null })]);
}, 120_000);
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

test('the command shows a preview, estimates, withdraws, and says as JSON which is which; the report draws it apart', async () => {
  const id = await aCase(world, 'm1', 'COMPLETENESS', [5]);
  const hub = (...args: string[]) => builtHub(world, ['case', ...args, '--as', 'district-310101']);
  const days = ['--from', date(5), '--to', date(5)];
  const values = join(folder, 'values.json');
  await writeFile(values, '{"3": 1}');

  const unlike = await hub('estimate', id, ...days, '--method', 'GUESS');
  expect([unlike.status, unlike.err]).toEqual([
    1,
    expect.stringContaining('Allowed choices are LINEAR') as string,
  ]);
  const unread = await hub('estimate', id, ...days, '--method', 'MANUAL', '--values', values);
  expect([unread.status, unread.err]).toEqual([
    1,
    expect.stringContaining('no JSON array of decimals') as string,
  ]);
  const silent = await hub('estimate', id, ...days, '--method', 'LINEAR');
  expect([silent.status, silent.err]).toEqual([1, expect.stringContaining('note: say why') as string]);

  const preview = await hub('estimate', id, ...days, '--method', 'LINEAR', '--preview');
  expect(preview.out).toMatch(/2026-01-05 +LINEAR +2 +3 +0 +not bounded[^]*A preview: nothing was stored/);
  await writeFile(
    values,
    JSON.stringify(Array.from({ length: 24 }, (_, hour) => (hour === 3 || hour === 4 ? '2.5' : null))),
  );
  const manual = [
    '--method',
    'MANUAL',
    '--values',
    values,
    '--note',
    'log book',
    '--evidence',
    values,
    '--json',
  ];
  const stored = await hub('estimate', id, ...days, ...manual);
  expect(JSON.parse(stored.out)).toMatchObject({
    isStored: true,
    estimates: [{ total: '5', method: 'MANUAL', isBounded: false }],
  });

  const out = join(folder, 'page.html');
  const report = ['report', 'subject', USCC_A, ...days, '--lang', 'en', '--out', out, '--as', 'enterprise-a'];
  expect((await builtHub(world, report)).err).toBe('');
  const page = await readFile(out, 'utf8');
  expect(page).toMatch(
    /<svg[^]*Estimated[^]*<td[^>]*>2026-01<\/td><td class="n">33<\/td><td class="n">5<\/td>/,
  );

  const withdrawn = await hub('withdraw', id, '--date', date(5), '--note', 'wrong log', '--json');
  expect(JSON.parse(withdrawn.out)).toMatchObject({ estimate: { change: 'WITHDRAWN', version: 2 } });
}, 90_000);
