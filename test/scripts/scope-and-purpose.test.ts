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

test.each([
  [
    ['scope', 'add', '--tenant', 'scopeless', '--category', 'weather', '--for', 'STATISTICS', ...OPERATOR],
    /weather/,
  ],
  [
    ['scope', 'add', '--tenant', 'scopeless', '--category', 'meters', '--for', 'FUN', ...OPERATOR],
    /^PURPOSE_UNKNOWN.*FUN/,
  ],
  [
    ['scope', 'add', '--tenant', 'scopeless', '--category', 'meters', '--for', 'STATISTICS', ...OPERATOR],
    /^PURPOSE_NOT_DECLARED/,
  ],
  [
    [
      ...['scope', 'add', '--tenant', 'scopeless', '--category', 'buildings', '--for', 'DATA_REPORTING'],
      ...['--energy-kind', '01', ...OPERATOR],
    ],
    /^BAD_USER_INPUT.*no energy kind/,
  ],
  [['scope', 'change', 'scp_none', ...OPERATOR], /^USAGE/],
  [['scope', 'change', 'scp_none', '--open', '--until', '2099-01-01', ...OPERATOR], /^USAGE.*exclude/],
  [['scope', 'change', 'scp_none', '--all-kinds', ...OPERATOR], /^NOT_FOUND/],
  [
    ['scope', 'add', '--tenant', 'nobody', '--category', 'meters', '--for', 'STATISTICS', ...OPERATOR],
    /^NOT_FOUND/,
  ],
  [
    ['scope', 'add', '--tenant', 'national', '--category', 'meters', '--for', 'STATISTICS', ...OPERATOR],
    /^NOT_FOUND/,
  ],
  [['scope', 'end', 'scp_none', ...OPERATOR], /^NOT_FOUND/],
  [
    ['scope', 'explain', '--tenant', 'service-co', '--category', 'meters', '--as', 'district-310101'],
    /^SCOPE_MISSING/,
  ],
])('and so is hub %j', async (args, reason) => {
  const { status, out, err } = await hub(...args);

  expect([status, out]).toEqual([1, '']);
  expect(err).toMatch(reason);
});

test('a scope opens a category, is not added twice, and ends within a second', async () => {
  const add = [
    'scope',
    'add',
    '--tenant',
    'scopeless',
    '--category',
    'meters,readings',
    '--for',
    'DATA_REPORTING',
  ];
  const explain = ['scope', 'explain', '--as', 'scopeless', '--category', 'readings'];
  expect(await hub(...explain)).toMatchObject({
    status: 1,
    out: expect.stringMatching(/may NOT[^]*SCOPE_MISSING/),
  });

  const { added } = await jsonOf<{ added: { id: string; category: string; area: string }[] }>(world, [
    ...add,
    ...OPERATOR,
  ]);
  expect(added.map(({ category, area }) => [category, area])).toEqual([
    ['meters', '310106'],
    ['readings', '310106'],
  ]);
  expect((await hub(...add, ...OPERATOR)).out).toBe('Added 0 for scopeless; 2 were there already\n');
  await world.registryCatchesUp();
  expect(await hub(...explain)).toMatchObject({
    status: 0,
    out: expect.stringMatching(/You may: readings:read/),
  });

  const { id = '' } = added.find(({ category }) => category === 'readings') ?? {};
  expect(await hub('scope', 'end', id, ...OPERATOR)).toMatchObject({ status: 0 });
  await world.registryCatchesUp();
  expect(await hub(...explain)).toMatchObject({ status: 1 });
  const { scopes } = await jsonOf<{ scopes: object[] }>(world, [
    'scope',
    'list',
    '--tenant',
    'scopeless',
    '--console',
  ]);
  expect(scopes).toHaveLength(1);
});

test('a scope is changed: the old one ends, the new one says what it replaces; why a no is a no is told in full', async () => {
  const add = [
    'scope',
    'add',
    '--tenant',
    'district-310104',
    '--category',
    'consents',
    '--for',
    'DATA_REPORTING',
  ];
  const { added } = await jsonOf<{ added: { id: string }[] }>(world, [...add, ...OPERATOR]);
  const [{ id } = { id: '' }] = added;

  const changed = await hub('scope', 'change', id, '--until', '2099-01-01', ...OPERATOR);
  expect(changed).toMatchObject({ status: 0, out: expect.stringMatching(`Ended ${id}[^]*2099-01-01`) });

  const explain = ['scope', 'explain', '--tenant', 'district-310104', '--for', 'DATA_REPORTING', ...OPERATOR];
  const yes = await hub(...explain, '--category', 'consents');
  expect(yes.out).toMatch(
    /may: consents:read[^]*It ends when:[^]*The scope is ended or changed by an admin, or expires, at the latest on 2098-12-31T16:00/,
  );
  const no = await hub(...explain, '--category', 'purposes');
  expect([no.status, no.out]).toEqual([
    1,
    expect.stringContaining(
      'What would change it, all together:\n    - a scope purposes:read over 310104 for DATA_REPORTING set by an admin of 310000',
    ),
  ]);
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
