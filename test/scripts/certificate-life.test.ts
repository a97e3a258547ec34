import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorld, type World } from '../world/world.js';
import { builtHub, jsonOf } from './built-hub.js';

const OPERATOR = ['--as', 'municipal', '--purpose', 'PLATFORM_OPERATION'];
const ID = 'district-310114';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world.close());

const hub = (...args: string[]) => builtHub(world, args);
const json = <Data>(...args: string[]) => jsonOf<Data>(world, args);

test('at the machine nothing is signed that would end beyond the approval, or would be a third', async () => {
  const id = 'district-310116';
  await hub(
    'tenant',
    'add',
    id,
    '--name',
    '金山区平台',
    '--tier',
    'DISTRICT',
    '--area',
    '310116',
    '--console',
  );
  const issue = (name: string, ...more: string[]) =>
    hub('cert', 'issue', '--name', name, '--stage', 'FORMAL', '--demo-key', '--tenant', id, ...more);
  const signed = async () =>
    (await json<{ certificates: { name: string }[] }>('cert', 'list')).certificates
      .map(({ name }) => name)
      .filter((name) => name.startsWith(id));
  const approved = async () => {
    const [row] = await world.sql<{ days: number }>(
      `select round(extract(epoch from max(approved_until) - now()) / 86400)::int as days
       from tenants.certificate_approval where tenant = $1`,
      [id],
    );
    return row?.days;
  };
  expect((await issue(id, '--days', '400')).status).toBe(0);

  const longer = await issue(`${id}-longer`, '--months', '60');
  expect([longer.status, longer.err]).toEqual([1, expect.stringMatching(/^CERTIFICATE_NOT_APPROVED/)]);
  expect(await approved()).toBe(400);
  const longest = await issue(`${id}-next`);
  expect([longest.status, longest.err]).toEqual([0, '']);
  const third = await issue(`${id}-third`, '--days', '10');
  expect([third.status, third.err]).toEqual([1, expect.stringMatching(/^CERTIFICATE_LIMIT/)]);
  expect((await signed()).toSorted()).toEqual([id, `${id}-next`]);

  await hub('cert', 'revoke', id);
  await hub('cert', 'issue', '--name', `${id}-apart`, '--stage', 'FORMAL', '--demo-key', '--months', '36');
  const file = join(world.home, 'certs', `${id}-apart.crt`);
  const added = await hub('tenant', 'certificate', 'add', id, file, ...OPERATOR);
  expect([added.status, added.err]).toEqual([1, expect.stringMatching(/^CERTIFICATE_NOT_APPROVED/)]);
});

test('a tenant is approved, brings its own key, renews by itself, and its certificates are suspended and given up', async () => {
  const own = join(world.home, 'own');
  await hub(
    'tenant',
    'add',
    ID,
    '--name',
    '嘉定区平台',
    '--tier',
    'DISTRICT',
    '--area',
    '310114',
    ...OPERATOR,
  );
  await hub('cert', 'request', '--name', ID, '--out', own);
  const csr = ['--csr', join(own, `${ID}.csr`)];

  const early = await hub('tenant', 'certificate', 'issue', ID, ...csr, '--out', own, ...OPERATOR);
  expect([early.status, early.err]).toEqual([1, expect.stringMatching(/^CERTIFICATE_NOT_APPROVED/)]);
  const approve = ['tenant', 'certificate', 'approve', ID, '--months', '24', '--reason', 'Annex 7'];
  expect((await hub(...approve, '--console')).out).toMatch(/may hold until 20\d\d-/);
  const issued = await json<{ fingerprint: string; notAfter: string; files: { key: string | null } }>(
    ...['tenant', 'certificate', 'issue', ID, ...csr, '--out', own, ...OPERATOR],
  );
  expect(issued.files.key).toBeNull();

  const asItself = ['--cert', join(own, `${ID}.crt`), '--key', join(own, `${ID}.key`)];
  const next = join(world.home, 'next');
  const taken = await hub('tenant', 'certificate', 'renew', ...asItself, '--out', own);
  expect([taken.status, taken.err]).toEqual([1, expect.stringContaining('--replace')]);
  const renewed = await json<{ fingerprint: string; notAfter: string; files: { key: string } }>(
    ...['tenant', 'certificate', 'renew', ...asItself, '--out', next],
  );
  expect(renewed.notAfter).toBe(issued.notAfter);
  expect(await readdir(next)).toEqual([`${ID}.crt`, `${ID}.key`]);
  expect(await readFile(renewed.files.key, 'utf8')).not.toBe(await readFile(join(own, `${ID}.key`), 'utf8'));

  const asNext = ['--cert', join(next, `${ID}.crt`), '--key', join(next, `${ID}.key`)];
  expect((await hub('tenant', 'certificate', 'retire', issued.fingerprint, ...asNext)).out).toMatch(
    'is REVOKED now',
  );
  const suspend = ['tenant', 'certificate', 'suspend', renewed.fingerprint, '--reason', 'Laptop "lost"'];
  expect((await hub(...suspend, '--console')).out).toMatch('is SUSPENDED now');
  expect((await hub('tenant', 'certificate', 'resume', renewed.fingerprint, ...OPERATOR)).out).toMatch(
    'is ACTIVE now',
  );
  const { certificates } = await json<{ certificates: { tenant: string; daysLeft: number }[] }>(
    ...['tenant', 'certificate', 'expiring', '--days', '800', ...OPERATOR],
  );
  expect(certificates.find(({ tenant }) => tenant === ID)?.daysLeft).toBeGreaterThan(725);
  expect((await hub('tenant', 'certificate', 'expiring', '--days', '1', '--console')).out).toBe('None.\n');
});
