import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorld, type World } from '../world/world.js';
import { builtHub, jsonOf } from './built-hub.js';

const OPERATOR = ['--as', 'municipal', '--purpose', 'PLATFORM_OPERATION'];
const NEW = ['--name', '闵行区平台', '--tier', 'DISTRICT', '--area', '310112'];

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world.close());

const hub = (...args: string[]) => builtHub(world, args);

test.each([
  [
    'a tenant without a scope for tenants',
    ['list', '--as', 'district-310101'],
    /^SCOPE_MISSING.*tenants:read/,
  ],
  [
    'a caller that does not say why it calls',
    ['list', '--as', 'municipal'],
    /^PURPOSE_REQUIRED[^]*--purpose/,
  ],
  ['a stage over the wire', ['list', '--stage', 'test', ...OPERATOR], /^USAGE.*--console/],
  ['a certificate at the console', ['list', '--console', '--as', 'municipal'], /^USAGE.*--console/],
  ['a name that no certificate can carry', ['add', 'Big Name', ...NEW, ...OPERATOR], /lower-case letters/],
  ['an area that is none', ['add', 'new', ...NEW, '--area', '3101', ...OPERATOR], /GB\/T 2260/],
  ['a tier that is none', ['add', 'new', ...NEW, '--tier', 'COUNTY', ...OPERATOR], /DISTRICT/],
  ['a mistyped credit code', ['add', 'new', ...NEW, '--uscc', '91310101HUB000011A', ...OPERATOR], /GB 32100/],
  ['an enterprise without a code', ['add', 'new', ...NEW, '--tier', 'ENTERPRISE', ...OPERATOR], /--uscc/],
  [
    'a tenant of another province',
    ['add', 'new', ...NEW, '--area', '320102', ...OPERATOR],
    /^ROW_OUT_OF_REACH/,
  ],
  ['a tenant that is there already', ['add', 'district-310101', ...NEW, ...OPERATOR], /^CONFLICT.*--change/s],
  ['a tenant that is not there', ['show', 'nobody', ...OPERATOR], /^NOT_FOUND/],
  [
    'a certificate of an authority',
    ['certificate', 'add', 'municipal', 'CA', ...OPERATOR],
    /no client certificate/,
  ],
  [
    'a fingerprint of nothing',
    ['certificate', 'add', 'municipal', 'ab'.repeat(32), ...OPERATOR],
    /^CERTIFICATE_UNUSABLE/,
  ],
  [
    'moving a certificate',
    ['certificate', 'add', 'municipal', 'NEIGHBOURS', ...OPERATOR],
    /^CONFLICT.*district-310101/,
  ],
])('hub tenant refuses %s, in a line and a remedy', async (_, args, reason) => {
  const certs = join(world.home, 'certs');
  const files: Record<string, string> = {
    CA: join(certs, 'ca.crt'),
    NEIGHBOURS: join(certs, 'district-310101.crt'),
  };
  const { status, out, err } = await hub('tenant', ...args.map((arg) => files[arg] ?? arg));

  expect(err).toMatch(reason);
  expect(err).not.toMatch(/^ +at /m);
  expect([status, out]).toEqual([1, '']);
  expect(await world.sql("select from tenants.tenant where id = 'new' or area = '310112'")).toHaveLength(0);
});

test('the console makes no hub where there is none', async () => {
  const elsewhere = join(world.home, 'elsewhere');
  for (const command of [
    ['tenant', 'list', '--console'],
    ['ledger', 'show'],
  ]) {
    const { status, err } = await builtHub(world, command, { HUB_HOME: elsewhere, DATABASE_URL: '' });
    expect([status, err]).toEqual([1, expect.stringMatching(/^NO_HUB_HERE.*elsewhere/)]);
  }
  expect(existsSync(elsewhere)).toBe(false);
});

test('the console does not open a database that another home prepared', async () => {
  const home = join(world.home, 'foreign');
  expect(await builtHub(world, ['cert', 'init'], { HUB_HOME: home })).toMatchObject({ status: 0 });

  const { status, err } = await builtHub(world, ['tenant', 'list', '--console'], { HUB_HOME: home });

  expect([status, err]).toEqual([1, expect.stringMatching(/^DATABASE_REFUSED.*\n.*HUB_HOME/)]);
  expect(await hub('tenant', 'list', '--console')).toMatchObject({ status: 0 });
});

test('nothing is issued to a tenant that is not registered', async () => {
  const { status, err } = await hub(
    'cert',
    'issue',
    '--name',
    'ghost',
    '--stage',
    'FORMAL',
    '--demo-key',
    '--tenant',
    'ghost',
  );

  expect([status, err]).toEqual([
    1,
    expect.stringMatching(/^NOT_FOUND.*nothing was issued\.\n.*hub tenant add ghost/),
  ]);
  expect(await readdir(join(world.home, 'certs'))).not.toContain('ghost.crt');
});

test('a newcomer of the TEST stage is unknown to the FORMAL database', async () => {
  const ids = async (...stage: string[]): Promise<string[]> => {
    const { tenants } = await jsonOf<{ tenants: { id: string }[] }>(world, [
      'tenant',
      'list',
      '--console',
      ...stage,
    ]);
    return tenants.map(({ id }) => id);
  };

  expect(await ids('--stage', 'test')).toEqual(['newcomer']);
  expect(await ids()).not.toContain('newcomer');
});

test('a tenant set up at the console calls, is suspended, comes back, and loses its certificate; the ledger has it all', async () => {
  const me = async (): Promise<unknown> => {
    await world.registryCatchesUp();
    const { data, errors } = await world.as('district-310113').ask('{ me { tenant } }');
    return errors ? errors[0]?.extensions.code : data?.['me'];
  };
  const id = 'district-310113';

  expect(await hub('tenant', 'add', id, ...NEW, '--area', '310113', '--console')).toMatchObject({
    status: 0,
  });
  const { fingerprint } = await jsonOf<{ fingerprint: string }>(world, [
    ...['cert', 'issue', '--name', id, '--stage', 'FORMAL', '--demo-key', '--tenant', id],
  ]);
  expect(await me()).toEqual({ tenant: id });
  expect(await hub('tenant', 'suspend', id, '--console')).toMatchObject({
    status: 0,
    out: `${id} is SUSPENDED now\n`,
  });
  expect(await me()).toBe('TENANT_INACTIVE');
  expect(await hub('tenant', 'reactivate', id, ...OPERATOR)).toMatchObject({ status: 0 });
  expect(await me()).toEqual({ tenant: id });
  expect((await hub('cert', 'revoke', id)).out).toMatch(/Marked as revoked in the registry: 1 of 1/);
  expect(await me()).toBe('CERTIFICATE_REVOKED');

  const entries = JSON.parse((await hub('ledger', 'show', '--last', '1000', '--json')).out) as {
    facts: object;
  }[];
  const acts = entries
    .map(({ facts }) => facts as Record<string, unknown>)
    .filter(({ event }) => event === 'ADMIN');
  expect(acts.map(({ actor, act, object }) => [actor, act, object])).toEqual([
    ['console', 'TENANT_ADDED', id],
    ['console', 'CERTIFICATE_ISSUED', fingerprint],
    ['console', 'CERTIFICATE_REGISTERED', fingerprint],
    ['console', 'TENANT_SUSPENDED', id],
    ['console', 'CERTIFICATE_REVOKED', fingerprint],
  ]);
  expect(await hub('ledger', 'verify', '--database')).toMatchObject({
    status: 0,
    out: expect.stringMatching(/^The ledger holds/),
  });
});
