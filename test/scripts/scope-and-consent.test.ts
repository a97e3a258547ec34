import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { USCC_A, USCC_SERVICE } from '../world/parties.js';
import { openWorld, type World } from '../world/world.js';
import { builtHub, jsonOf } from './built-hub.js';

const OPERATOR = ['--as', 'municipal', '--purpose', 'PLATFORM_OPERATION'];
const TO_SERVICE = [
  '--recipient',
  'service-co',
  '--category',
  'enterprises,readings',
  '--for',
  'ENERGY_SERVICE',
];

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world
    .as('district-310101')
    .mustAsk('mutation ($rows: [EnterpriseInput!]!) { registerEnterprises(enterprises: $rows) { uscc } }', {
      rows: [{ uscc: USCC_A, name: 'A', area: '310101' }],
    });
}, 120_000);
afterAll(() => world.close());

const hub = (...args: string[]) => builtHub(world, args);

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
  [['consent', 'add', ...TO_SERVICE, '--until', '2020-02-30', '--as', 'enterprise-a'], /--until.*A day/],
  [
    ['consent', 'add', ...TO_SERVICE, '--until', '2020-01-01', '--as', 'enterprise-a'],
    /^USAGE.*end before it begins/,
  ],
  [['consent', 'add', ...TO_SERVICE, '--until', '2099-01-01', ...OPERATOR], /^USAGE.*--subject and --area/],
  [
    [
      'consent',
      'add',
      ...TO_SERVICE,
      '--until',
      '2099-01-01',
      '--subject',
      USCC_SERVICE,
      '--area',
      '310104',
      '--as',
      'enterprise-a',
    ],
    /^ROW_OUT_OF_REACH/,
  ],
  [['consent', 'show', 'con_none', '--as', 'enterprise-a'], /^NOT_FOUND/],
  [['consent', 'revoke', 'con_none', '--as', 'enterprise-a'], /^NOT_FOUND/],
])('hub %j is refused', async (args, reason) => {
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

test('what the operator is told of a third party is what the third party gets', async () => {
  const explain = [
    'scope',
    'explain',
    '--tenant',
    'service-co',
    '--category',
    'enterprises',
    '--for',
    'ENERGY_SERVICE',
  ];
  const seen = async (): Promise<unknown> => {
    await world.registryCatchesUp();
    const { data, errors } = await world.as('service-co').ask('{ enterprises { nodes { uscc } } }');
    return errors ? errors[0]?.extensions.code : data;
  };
  expect((await hub(...explain, ...OPERATOR)).out).toMatch(/service-co may NOT[^]*CONSENT_REQUIRED/);
  expect(await seen()).toBe('CONSENT_REQUIRED');

  const { consent } = await jsonOf<{ consent: { id: string; subject: string } }>(world, [
    ...['consent', 'add', ...TO_SERVICE, '--until', '2099-01-01', '--as', 'enterprise-a'],
  ]);
  expect(consent.subject).toBe(USCC_A);
  expect(await seen()).toEqual({ enterprises: { nodes: [{ uscc: USCC_A }] } });
  expect((await hub(...explain, ...OPERATOR)).out).toMatch(new RegExp(`may: [^]*${USCC_A}[^]*${consent.id}`));

  expect(await hub('consent', 'revoke', consent.id, '--as', 'enterprise-a')).toMatchObject({ status: 0 });
  expect(await seen()).toBe('CONSENT_REQUIRED');
  expect((await hub('consent', 'list', '--as', 'enterprise-a')).out).toMatch(
    new RegExp(`${consent.id}.*REVOKED`),
  );
});

test('the operator records a consent on paper: the hash of the scan is kept, at the console it is in the ledger', async () => {
  const scan = join(world.home, 'scan.pdf');
  await writeFile(scan, 'abc');
  const paper = ['--subject', USCC_A, '--area', '310101', '--until', '2099-01-01', '--evidence', scan];

  const { consent } = await jsonOf<{ consent: Record<string, string> }>(world, [
    ...['consent', 'add', ...TO_SERVICE, ...paper, '--console'],
  ]);

  expect(consent).toMatchObject({
    grantedBy: 'console',
    evidenceSha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    validTo: expect.stringMatching(/^2098-12-31T16:00/),
  });
  const entries = await world.sql<{ facts: string }>(
    'select facts from ledger.entry order by sequence desc limit 1',
  );
  expect(JSON.parse(entries[0]?.facts ?? '')).toMatchObject({
    event: 'ADMIN',
    act: 'CONSENT_OPENED',
    object: consent['id'],
  });
});
