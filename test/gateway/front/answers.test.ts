import { createHash } from 'node:crypto';
import { aConsent, recordConsents } from '../../world/admin.js';
import type { Reply } from '../../world/caller.js';
import { smallCity } from '../../world/city.js';
import { openWorld, type World } from '../../world/world.js';

const ASKED: [what: string, query: string, body: string | RegExp][] = [
  [
    'one room, in an order and under keys of the client’s',
    '{ buildings(first: 1) { nodes { name: id id __typename } } }',
    '{"data":{"buildings":{"nodes":[{"name":"310101A001","id":"310101A001","__typename":"Building"}]}}}',
  ],
  [
    'one room, with fragments and conditions',
    'query ($no: Boolean = false) { ...A } fragment A on Query { me { tier @include(if: $no) ...B tenant } } fragment B on Me { area }',
    '{"data":{"me":{"area":"310101","tenant":"district-310101"}}}',
  ],
  [
    'several rooms',
    '{ meter(id: "a-gate") { owner { uscc } id building { id } } me { tenant } }',
    /^\{"data":\{"meter":\{"owner":\{"uscc":"\w+"\},"id":"a-gate","building":\{"id":"310101A001"\}\},"me":\{"tenant":"district-310101"\}\}\}$/,
  ],
  ['one room that finds nothing', '{ building(id: "gone") { id } }', '{"data":{"building":null}}'],
  ['no room at all', '{ __type(name: "Me") { name } }', '{"data":{"__type":{"name":"Me"}}}'],
  [
    'letters beyond ASCII',
    '{ building(id: "310101A001") { name } }',
    /^\{"data":\{"building":\{"name":"[^"]+"\}\}\}$/,
  ],
];

describe.each(['together', 'each'] as const)('an answer is written once, rooms %s', (rooms) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ rooms });
    await smallCity(world);
  }, 120_000);
  afterAll(() => world.close());

  const ask = (name: string, query: string): Promise<Reply> =>
    world
      .as(name)
      .send('POST', '/graphql', JSON.stringify({ query }), { 'content-type': 'application/json' });
  const released = async (): Promise<{ sha256: string; bytes: number }> => {
    const [row] = await world.sql<{ facts: string }>(
      `select facts from ledger.entry where facts::json ->> 'release' is not null order by sequence desc limit 1`,
    );
    return (JSON.parse(row!.facts) as { release: { sha256: string; bytes: number } }).release;
  };
  const hash = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

  test.each(ASKED)(
    '%s: the bytes that are sent are those that the ledger knows',
    async (_what, query, body) => {
      const reply = await ask('district-310101', query);

      expect(reply.body.toString('utf8')).toMatch(
        body instanceof RegExp ? body : new RegExp(`^${escaped(body)}$`),
      );
      expect(await released()).toMatchObject({ sha256: hash(reply.body), bytes: reply.body.length });
      expect(reply.headers['content-length']).toBe(String(reply.body.length));
    },
  );

  test('errors stand behind the data, so that what is before them is what the ledger knows', async () => {
    const { body } = await ask('service-co', '{ inspections { nodes { id } } me { tenant } }');
    const text = body.toString('utf8');

    expect(text).toMatch(/^\{"data":\{"inspections":null,"me":\{"tenant":"service-co"\}\},"errors":\[/);
    expect(await released()).toMatchObject({ sha256: hash(`${text.slice(0, text.indexOf(',"errors"'))}}`) });
  });

  test('what is withheld within what one room answers is null, and what stands for it in the plan leaves nobody', async () => {
    await recordConsents(world, world.as('enterprise-a'), aConsent());
    const { body } = await ask('service-co', '{ buildings(first: 1) { nodes { owner { name } id } } }');

    expect(body.toString('utf8')).toMatch(
      /^\{"data":\{"buildings":\{"nodes":\[\{"owner":null,"id":"310101A001"\}\]\}\},"errors":\[/,
    );
  });

  test('a room’s error says path, room and code', async () => {
    const { body } = await ask('district-310101', '{ meters(first: 1, after: "x") { nodes { id } } }');

    expect(JSON.parse(body.toString('utf8'))).toMatchObject({
      data: { meters: null },
      errors: [{ path: ['meters'], extensions: { code: 'BAD_USER_INPUT', subgraph: 'metering' } }],
    });
  });
});

function escaped(text: string): string {
  return text.replace(/[[\]{}().*+?^$|\\]/g, '\\$&');
}
