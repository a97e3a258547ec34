import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { day, upload } from '../../../exchange/sample.js';
import { builtHub, jsonOf } from '../../../scripts/built-hub.js';
import type { World } from '../../../world/world.js';
import { GRID, suppliedCity } from './supplied.js';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await suppliedCity();
  folder = await mkdtemp(join(tmpdir(), 'hub-supplies-'));
  for (const date of ['2026-01-05', '2026-01-06']) await upload(world, day('m1', date));
}, 120_000);
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const DISTRICT = ['--as', 'district-310101'];
const JANUARY = ['--from', '2026-01-01', '--to', '2026-01-31'];
const BILLS = `customer,item,from,to,amount,unit,record,area
0012,01,2026-01-05,2026-01-06,50,kWh,B-1,310101
沪-7,01,2026-01-05,2026-01-06,7,kWh,B-2,310101
0013,01,2026-01-05,2026-01-06,7,m3,B-3,310101
`;

interface Difference {
  customer: string;
  state: string;
  difference: string | null;
}

test('hub supplies says what is missing, and passes on the hub’s refusals with what to do', async () => {
  const bare = await builtHub(world, ['supplies', 'differences', ...DISTRICT]);
  expect([bare.status, bare.err]).toEqual([1, expect.stringMatching(/--from/)]);

  const refused = await builtHub(world, ['supplies', 'differences', ...JANUARY, '--as', 'national']);
  expect([refused.status, refused.err]).toEqual([1, expect.stringMatching(/SCOPE_MISSING/)]);

  const odd = await builtHub(world, ['supplies', 'differences', ...JANUARY, '--state', 'ODD', ...DISTRICT]);
  expect([odd.status, odd.err]).toEqual([1, expect.stringMatching(/ODD is none of MATCHED/)]);
});

test('a supplier uploads its bills; its platform links and lists what differs', async () => {
  const file = join(folder, 'bills.csv');
  await writeFile(file, BILLS);
  const sent = await builtHub(world, [
    'supplies',
    'upload',
    file,
    '--as',
    GRID,
    '--receipt',
    join(folder, 'r.json'),
  ]);
  expect([sent.status, sent.out]).toEqual([
    0,
    expect.stringMatching(/3 lines, 2 records[^]*UNKNOWN_UNIT: 1/),
  ]);
  expect(await readFile(join(folder, 'r.json'), 'utf8')).toMatch(/"kind":"SUPPLIES"/);

  const text = await builtHub(world, ['supplies', 'differences', ...JANUARY, ...DISTRICT]);
  expect(text.out).toMatch(/沪-7.*NO_CUSTOMER/);

  const said = ['0012', 'm1', '--supplier', GRID, '--from', '2026-01-01', ...DISTRICT];
  const { links } = await jsonOf<{ links: { id: string }[] }>(world, ['supplies', 'link', ...said]);
  const { differences } = await jsonOf<{ differences: Difference[] }>(world, [
    ...['supplies', 'differences', ...JANUARY, '--state', 'DIFFERENT', ...DISTRICT],
  ]);
  expect(differences).toMatchObject([{ customer: '0012', state: 'DIFFERENT', difference: '2' }]);

  await jsonOf(world, ['supplies', 'end', links[0]!.id, '--on', '2026-01-01', ...DISTRICT]);
  const listed = await jsonOf<{ supplies: { customer: string }[] }>(world, [
    'supplies',
    'list',
    ...JANUARY,
    '--as',
    GRID,
  ]);
  expect(listed.supplies.map(({ customer }) => customer).toSorted()).toEqual(['0012', '沪-7']);
});

test('claims are listed and confirmed; candidates and tolerances are shown, unverified ones as such', async () => {
  const own = ['0012', 'm2', '--supplier', GRID, '--from', '2026-01-01', '--as', 'enterprise-a'];
  await jsonOf(world, ['supplies', 'link', ...own]);
  const { links } = await jsonOf<{ links: { id: string }[] }>(world, [
    'supplies',
    'links',
    '--claims',
    ...DISTRICT,
  ]);
  const confirmed = await builtHub(world, ['supplies', 'confirm', links[0]!.id, ...DISTRICT]);
  expect([confirmed.status, confirmed.out]).toEqual([0, expect.stringMatching(/0012.*m2.*yes/)]);

  expect(await jsonOf(world, ['supplies', 'candidates', ...DISTRICT])).toEqual({ candidates: [] });
  const tolerances = await builtHub(world, ['supplies', 'tolerances', ...DISTRICT]);
  expect(tolerances.out).toMatch(/01 +100000 +2 % +operator's \(unverified\)/);
  const operator = ['--as', 'municipal', '--purpose', 'PLATFORM_OPERATION'];
  const set = ['supplies', 'set-tolerance', '01', '3', '--area', '310101', '--source', 'trial', ...operator];
  expect(await jsonOf(world, set)).toMatchObject({ tolerance: { percent: '3', version: 1 } });
});
