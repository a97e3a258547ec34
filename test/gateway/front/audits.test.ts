import { serverAudits } from 'graphql-http';
import { openWorld, type World } from '../../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

/** As a program calls: with its certificate, and with a header that no web page of another site can send. */
const asDistrict: typeof fetch = async (input, { method = 'GET', headers = {}, body } = {}) => {
  const { pathname, search } = new URL(String(input));
  const sent = { 'apollo-require-preflight': 'true', ...(headers as Record<string, string>) };
  const reply = await world
    .as('district-310101')
    .send(method as 'GET', `${pathname}${search}`, (body as string | undefined) ?? null, sent);
  return new Response(new Uint8Array(reply.body), { status: reply.status, headers: reply.headers });
};

/** Those of the suite, whose list stands here so that none is lost with another version of it. */
const AUDITS = serverAudits({ url: 'https://localhost/graphql', fetchFn: asDistrict });

test('the suite of graphql-http has all its audits', () => {
  expect(AUDITS.length).toBeGreaterThanOrEqual(60);
});

test.each(AUDITS.map(({ id, name, fn }) => [id, name, fn] as const))(
  '%s: the hub %s',
  async (_id, _name, fn) => {
    expect(await fn()).toMatchObject({ status: 'ok' });
  },
);
