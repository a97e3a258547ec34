import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorld, type World } from '../world/world.js';
import { builtHub, jsonOf } from './built-hub.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  for (let n = 0; n < 5; n += 1) await world.as('enterprise-a').mustAsk('{ me { tenant } }');
}, 120_000);
afterAll(() => world.close());

const hub = (...args: string[]) => builtHub(world, ['ledger', ...args]);
const as = ['--as', 'enterprise-a'];

/** No hub, no database: what a laptop has that was handed ca.crt. */
const offline = (...args: string[]) =>
  builtHub(world, ['ledger', ...args, '--ca', join(world.home, 'certs', 'ca.crt')], {
    HUB_HOME: join(world.home, 'nowhere'),
    HUB_PORT: '1',
    DATABASE_URL: '',
  });

test.each([
  ['neither an entry nor sizes', ['proof', ...as], /^USAGE.*--from/],
  ['both', ['proof', '3', '--from', '2', ...as], /^USAGE.*--from/],
  ['an entry that is not there yet', ['proof', '90000', ...as], /^BAD_USER_INPUT.*has not come to 90000/],
  ['a size that is not there yet', ['proof', '--from', '2', '--to', '90000', ...as], /^BAD_USER_INPUT/],
  ['nobody', ['checkpoint'], /^CERTIFICATE_MISSING/],
])('a proof of %s is refused', async (_, args, reason) => {
  const { status, out, err } = await hub(...args);

  expect(err).toMatch(reason);
  expect([status, out]).toEqual([1, '']);
});

test('what the hub hands out is verified elsewhere, with ca.crt alone', async () => {
  const file = (name: string): string => join(world.home, name);
  await hub('checkpoint', '--out', file('then.json'), ...as);
  const { size } = JSON.parse(await readFile(file('then.json'), 'utf8')) as { size: number };
  expect(await hub('proof', '3', '--out', file('entry.json'), ...as)).toMatchObject({ status: 0, err: '' });
  expect(await hub('proof', '--from', String(size), '--out', file('on.json'), ...as)).toMatchObject({
    status: 0,
  });
  expect(await hub('export', '--out', file('all.ndjson'))).toMatchObject({ status: 0, err: '' });

  const then = ['--checkpoint', file('then.json')];
  expect((await offline('verify', file('entry.json'))).out).toMatch(
    /^An entry with the leaf \w{64} is number 3 of/,
  );
  expect((await offline('verify', file('on.json'), ...then)).out).toMatch(
    /goes on from that of \d+: nothing before/,
  );
  expect((await offline('verify', file('then.json'))).out).toMatch(/^The hub signed on 20/);
  expect((await offline('verify', file('all.ndjson'), ...then)).out).toMatch(
    /^The export holds: .*2 checkpoints agree/,
  );
  expect((await hub('verify', '--database', ...then)).out).toMatch(/^The ledger holds/);
});

test('a proof that was touched ends with status 1', async () => {
  const proof = await jsonOf<{ path: string[] }>(world, ['ledger', 'proof', '2', ...as]);
  const touched = join(world.home, 'touched.json');
  await writeFile(touched, JSON.stringify({ ...proof, sequence: 3 }));

  const { status, out } = await offline('verify', touched);

  expect([status, out]).toEqual([
    1,
    expect.stringMatching(/^The proof does NOT hold. The path does not lead/),
  ]);
});
