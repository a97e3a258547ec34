import { readFile, writeFile } from 'node:fs/promises';
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
  [['consent', 'grant', 'con_none', '--as', 'enterprise-a'], /^NOT_FOUND/],
  [['consent', 'acknowledge', 'era_none', '--method', 'x', '--as', 'service-co'], /^NOT_FOUND/],
  [
    [
      ...['consent', 'add', ...TO_SERVICE, '--until', '2099-01-01', '--energy-kind', '99'],
      ...['--as', 'enterprise-a'],
    ],
    /^BAD_USER_INPUT: 99 is no energy kind/,
  ],
  [
    [
      ...['consent', 'add', ...TO_SERVICE, '--until', '2099-01-01', '--subject', USCC_A, '--area', '310101'],
      ...OPERATOR,
    ],
    /^BAD_USER_INPUT.*signed paper/,
  ],
])('hub %j is refused', async (args, reason) => {
  const { status, out, err } = await hub(...args);

  expect([status, out]).toEqual([1, '']);
  expect(err).toMatch(reason);
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

test('a consent is asked for, granted in part, ended and its erasure acknowledged, all by command', async () => {
  const asked = [
    '--category',
    'meters,readings',
    '--energy-kind',
    '01,03',
    '--meter-level',
    '1,2',
    '--finest',
    'HOUR',
  ];
  const { consent } = await jsonOf<{ consent: { id: string; status: string } }>(world, [
    ...['consent', 'request', '--subject', USCC_A, '--area', '310101', ...asked, '--for', 'ENERGY_SERVICE'],
    ...['--until', '2099-01-01', '--erase-by', '2099-02-01', '--as', 'service-co'],
  ]);
  expect(consent.status).toBe('REQUESTED');

  expect(await hub('consent', 'grant', consent.id, '--as', 'service-co')).toMatchObject({
    status: 1,
    err: expect.stringMatching(/^FOUR_EYES/),
  });
  const less = ['--energy-kind', '01', '--finest', 'DAY', '--until', '2098-01-01'];
  const granted = await hub('consent', 'grant', consent.id, ...less, '--as', 'enterprise-a');
  expect(granted.out).toMatch(
    /Energy kinds +01\n[^]*Meter levels +1, 2\n[^]*Finest +DAY\n[^]*Until +2098-01-01\n/,
  );

  const ended = await hub('consent', 'fulfil', consent.id, '--reason', 'Advice given', '--as', 'service-co');
  expect(ended.out).toMatch(/Standing +FULFILLED/);
  const shown = await hub('consent', 'show', consent.id, '--as', 'enterprise-a');
  expect(shown.out).toMatch(/Event 3 .*FULFILLED by service-co as RECIPIENT: Advice given/);

  type Notices = { notices: { id: string; consent: string; state: string }[] };
  const open = ['consent', 'notices', '--state', 'OPEN', '--as', 'service-co'];
  const { notices } = await jsonOf<Notices>(world, open);
  const notice = notices.find((one) => one.consent === consent.id);
  const acknowledge = ['consent', 'acknowledge', notice?.id ?? '', '--as', 'service-co'];
  expect((await hub(...acknowledge, '--method', ' ')).err).toMatch(
    /^BAD_USER_INPUT: method says what was erased/,
  );
  const file = join(world.home, 'receipt.json');
  const acknowledged = await hub(...acknowledge, '--method', 'Deleted', '--out', file);
  expect(acknowledged.out).toMatch(/Receipt +signed, in .*receipt\.json/);
  expect(acknowledged.out).not.toContain('hub-erasure-receipt');
  const kept = JSON.parse(await readFile(file, 'utf8')) as { receipt: string; signature: string };
  expect(kept.receipt).toContain('hub-erasure-receipt/1');
  expect(kept.signature).toMatch(/^\S+\.\.\S+$/);
  expect((await jsonOf<Notices>(world, open)).notices.map(({ id }) => id)).not.toContain(notice?.id);
});

test('the console ends a consent from paper: its notice is signed, and says how far the ledger had come', async () => {
  const scan = join(world.home, 'revocation.pdf');
  await writeFile(scan, 'abc');
  const { consents } = await jsonOf<{ consents: { id: string; grantedBy: string }[] }>(world, [
    ...['consent', 'list', '--status', 'GRANTED', '--console'],
  ]);
  const id = consents.find(({ grantedBy }) => grantedBy === 'console')?.id ?? '';

  const { consent } = await jsonOf<{ consent: { erasureNotice: { id: string } } }>(world, [
    ...['consent', 'revoke', id, '--evidence', scan, '--console'],
  ]);

  const [notice] = await world.sql<{ notice: string; signature: string }>(
    'select notice, signature from tenants.erasure_notice where id = $1',
    [consent.erasureNotice.id],
  );
  expect(notice?.signature).toMatch(/^\S+\.\.\S+$/);
  const { checkpoint } = JSON.parse(notice?.notice ?? '') as { checkpoint: { size: number; root: string } };
  expect(checkpoint.size).toBeGreaterThan(0);
  expect(checkpoint.root).toMatch(/^[0-9a-f]{64}$/);
});
