import { setTimeout as pause } from 'node:timers/promises';
import type { Reply } from '../world/caller.js';
import { openWorld, type World } from '../world/world.js';
import { openLine, type Line } from './cut-line.js';
import { refusalOf } from './refusals.js';

/** Knowledge older than this must not be used: see gateway/identity/registry.ts. */
const STALE_MS = 700;

let world: World;
let line: Line;
beforeAll(async () => {
  const server = new URL(process.env['HUB_TEST_DATABASE_URL'] ?? '');
  line = await openLine(server.hostname, Number(server.port));
  world = await openWorld({ databaseAt: `127.0.0.1:${line.port}` });
}, 120_000);
afterEach(async () => {
  await line.mend();
  await answeredAgain();
}, 60_000);
afterAll(async () => {
  await world.close();
  await line.close();
});

const ask = (): Promise<Reply> =>
  world
    .as('district-310101')
    .send('POST', '/graphql', '{"query":"{ me { tenant } }"}', { 'content-type': 'application/json' });

async function answeredAgain(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await ask()).status === 200) return;
    await pause(100);
  }
  throw new Error('the hub does not recover');
}

const doors: [what: string, send: () => Promise<Reply>][] = [
  ['a query', ask],
  ['an upload', () => world.as('district-310101').send('POST', '/upload/readings', '{}')],
  ['a package', () => world.as('district-310101').send('GET', '/packages/pkg_x/manifest')],
];

test.each(doors)(
  'with the database gone, %s is refused: nobody’s certificate can be confirmed',
  async (_what, send) => {
    await line.cut();
    await pause(STALE_MS);
    expect(refusalOf(await send())).toEqual([503, 'REGISTRY_STALE']);
  },
);

test.each(doors.slice(0, 2))(
  'with a database that hangs, %s is refused within seconds',
  async (_what, send) => {
    line.hang();
    await pause(STALE_MS);
    const before = performance.now();

    expect(refusalOf(await send())).toEqual([503, 'REGISTRY_STALE']);
    expect(performance.now() - before).toBeLessThan(5_000);
  },
  60_000,
);

test('what was known before is not used, and the hub answers again when the database does', async () => {
  await line.cut();
  await pause(STALE_MS);
  const refused = await Promise.all(Array.from({ length: 10 }, ask));
  await line.mend();

  expect(refused.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 503));
  await answeredAgain();
});
