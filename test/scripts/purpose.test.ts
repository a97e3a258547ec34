import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorld, type World } from '../world/world.js';
import { builtHub, jsonOf } from './built-hub.js';

const OPERATOR = ['--as', 'municipal', '--purpose', 'PLATFORM_OPERATION'];
const BASIS = ['--basis', 'REGULATION', '--text', '办法 第七条'];

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world.close());

const hub = (...args: string[]) => builtHub(world, args);

// prettier-ignore
test.each([
  [['purpose', 'declare', '--for', 'FUN', ...BASIS, '--as', 'district-310101'], /^PURPOSE_UNKNOWN.*FUN/],
  [['purpose', 'declare', '--for', 'STATISTICS', '--basis', 'HABIT', '--text', 'x', '--as', 'district-310101'], /HABIT.*invalid/],
  [['purpose', 'declare', '--tenant', 'district-310104', '--for', 'STATISTICS', ...BASIS, '--as', 'district-310101'], /^ROW_OUT_OF_REACH/],
  [['purpose', 'declare', '--for', 'STATISTICS', ...BASIS, '--approve', '--as', 'district-310101'], /^USAGE.*--console/],
  [['purpose', 'declare', '--for', 'STATISTICS', ...BASIS, '--console'], /^USAGE.*--tenant/],
  [['purpose', 'approve', 'dec_none', ...OPERATOR], /^NOT_FOUND/],
  [['purpose', 'show', 'dec_none', ...OPERATOR], /^NOT_FOUND/],
])('hub %j is refused', async (args, reason) => {
  const { status, out, err } = await hub(...args);

  expect([status, out]).toEqual([1, '']);
  expect(err).toMatch(reason);
});

test('a district declares, the operator approves, the district works for it; what was decided is shown', async () => {
  const document = join(world.home, 'basis.pdf');
  await writeFile(document, 'abc');
  const { declarations } = await jsonOf<{ declarations: { id: string; status: string }[] }>(world, [
    ...[
      'purpose',
      'declare',
      '--for',
      'STATISTICS',
      ...BASIS,
      '--document',
      document,
      '--as',
      'district-310101',
    ],
  ]);
  const [{ id } = { id: '' }] = declarations;
  const asked = ['scope', 'list', '--as', 'district-310101', '--purpose', 'STATISTICS'];
  expect((await hub(...asked)).err).toMatch(/^PURPOSE_NOT_DECLARED/);
  expect((await hub('purpose', 'list', '--status', 'DECLARED', ...OPERATOR)).out).toContain(id);

  expect((await hub('purpose', 'approve', id, ...OPERATOR)).out).toMatch(/APPROVED by municipal/);
  await world.registryCatchesUp();
  expect((await hub(...asked)).err).toMatch(/^SCOPE_MISSING/);

  const end = [
    'purpose',
    'end',
    id,
    '--reason',
    'Done',
    '--as',
    'district-310101',
    '--purpose',
    'STATISTICS',
  ];
  expect((await hub(...end)).out).toMatch(
    /ba7816bf8f01[^]*APPROVED by municipal\n.*ENDED by district-310101: Done/,
  );
  await world.registryCatchesUp();
  expect((await hub(...asked)).err).toMatch(/^PURPOSE_NOT_DECLARED/);
});

test('at the machine itself a purpose is declared and approved at once, and both stand in the ledger', async () => {
  const { declarations } = await jsonOf<{ declarations: { id: string; status: string }[] }>(world, [
    ...[
      'purpose',
      'declare',
      '--tenant',
      'scopeless',
      '--for',
      'INSPECTION',
      ...BASIS,
      '--approve',
      '--console',
    ],
  ]);

  expect(declarations).toMatchObject([{ status: 'APPROVED' }]);
  const rows = await world.sql<{ facts: string }>(
    'select facts from ledger.entry order by sequence desc limit 2',
  );
  const object = declarations[0]?.id;
  expect(rows.map(({ facts }) => JSON.parse(facts) as object)).toMatchObject([
    { event: 'ADMIN', act: 'PURPOSE_APPROVED', object },
    { event: 'ADMIN', act: 'PURPOSE_DECLARED', object },
  ]);
});
