import { refusalOf, refusals } from './refusals.js';
import type { Reply } from '../world/caller.js';
import { USCC_A } from '../world/parties.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world.close());

const ask = (query: string, variables?: Record<string, unknown>): Promise<Reply> =>
  world.as('district-310101').send('POST', '/graphql', JSON.stringify({ query, variables }), {
    'content-type': 'application/json',
  });

test.each([
  ['no GraphQL', 'what is the consumption of all buildings?'],
  ['an open brace', '{ me { tenant }'],
  ['an empty selection', '{ me { } }'],
  ['nothing but a comment', '# me'],
  ['a null byte', '{ me { \0tenant } }'],
  ['an open text', '{ node(id: "x) { id } }'],
  ['a number that is none', '{ meters(first: 1.) { nodes { id } } }'],
])('a document with %s is no GraphQL', async (_what, query) => {
  expect(refusalOf(await ask(query))).toEqual([400, 'GRAPHQL_PARSE_FAILED']);
});

test.each([
  ['an unknown field', '{ tenant }'],
  ['an unknown field of a known name but for a letter', '{ building(id: "1") { nam } }'],
  ['an unknown argument', '{ meters(frist: 1) { nodes { id } } }'],
  ['an unknown type', 'query ($x: Billding) { me { tenant } }'],
  ['an unknown fragment', '{ me { ...Gone } }'],
  ['an unknown directive', '{ me @admin { tenant } }'],
  ['a text where a number belongs', '{ meters(first: "5") { nodes { id } } }'],
  ['a number beyond 32 bits', '{ meters(first: 3000000000) { nodes { id } } }'],
  ['an argument missing', '{ dailyPackage { id } }'],
  ['a selection of a scalar', '{ me { tenant { id } } }'],
  ['no selection of an object', '{ me }'],
  ['a variable that is not declared', '{ meters(first: $n) { nodes { id } } }'],
  ['a variable of another type than its place', 'query ($n: String) { meters(first: $n) { nodes { id } } }'],
  ['a fragment that contains itself', '{ me { ...A } } fragment A on Me { ...A }'],
  ['fragments in a circle', '{ me { ...A } } fragment A on Me { ...B } fragment B on Me { ...A }'],
  ['two fields under one name', '{ me { a: tenant a: tier } }'],
  ['a subscription', 'subscription { me { tenant } }'],
  ['the federation’s own field', '{ _service { sdl } }'],
  ['the federation’s entities', '{ _entities(representations: []) { __typename } }'],
  ['a definition of a type', 'type Query { me: String }'],
])('a document with %s does not fit the schema', async (_what, query) => {
  expect(refusalOf(await ask(query))).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
});

test('a hundred faults are not all told', async () => {
  const reply = await ask(`{ me { ${Array.from({ length: 300 }, (_, n) => `unknown${n}`).join(' ')} } }`);
  expect(refusals(reply).length).toBeLessThanOrEqual(101);
});

const PAGE = 'query ($n: Int!) { meters(first: $n) { nodes { id } } }';
test.each([
  ['missing', PAGE, {}],
  ['null', PAGE, { n: null }],
  ['a text for a number', PAGE, { n: '5' }],
  ['a fraction for a whole number', PAGE, { n: 1.5 }],
  ['an object for a number', PAGE, { n: { $gt: 0 } }],
  ['a list for a text', 'query ($id: ID!) { meter(id: $id) { id } }', { id: ['m1', 'm2'] }],
  [
    'an input with an unknown member',
    'mutation ($m: [MeterInput!]!) { registerMeters(meters: $m) { id } }',
    { m: [{ id: 'm1', area_: '310101' }] },
  ],
])('a variable that is %s is refused', async (_what, query, variables) => {
  expect(refusalOf(await ask(query, variables))).toEqual([400, 'BAD_USER_INPUT']);
});

const DAYS = 'query ($from: LocalDate!) { dailyPackage(date: $from) { id } }';
test.each([
  ['a day that does not exist', '2026-02-30'],
  ['a day in another form', '30.1.2026'],
  ['a time for a day', '2026-01-01T00:00:00Z'],
  ['a day before all calendars', '0000-01-01'],
  ['a very late day', '9999-12-31'],
  ['SQL', "2026-01-01'; drop table metering.meter; --"],
])('%s is refused as a date, as a literal and as a variable', async (_what, date) => {
  for (const reply of [
    await ask(`{ dailyPackage(date: ${JSON.stringify(date)}) { id } }`),
    await ask(DAYS, { from: date }),
  ]) {
    expect(refusals(reply).map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  }
});

test.each([0, -1, 501, 2 ** 31 - 1])('first: %d is refused', async (first) => {
  const [refusal] = refusals(await ask(`{ meters(first: ${first}) { nodes { id } } }`));
  expect(['BAD_USER_INPUT', 'QUERY_TOO_WIDE']).toContain(refusal?.extensions.code);
});

test.each([
  'x',
  '',
  'W10',
  'bnVsbA',
  Buffer.from('[{"a":1}]').toString('base64url'),
  Buffer.from('["\\u0000"]').toString('base64url'),
])('the cursor %j is refused', async (after) => {
  const [refusal] = refusals(
    await ask('query ($a: String) { meters(after: $a) { nodes { id } } }', { a: after }),
  );
  expect(refusal?.extensions.code).toBe('BAD_USER_INPUT');
});

test.each([
  ['node', 'query ($id: ID!) { found: node(id: $id) { id } }'],
  ['meter', 'query ($id: ID!) { found: meter(id: $id) { id } }'],
  ['building', 'query ($id: ID!) { found: building(id: $id) { id } }'],
  ['enterprise', 'query ($id: String!) { found: enterprise(uscc: $id) { uscc } }'],
])('%s: an identifier of any bytes is found nowhere or refused, and never a fault', async (_what, query) => {
  for (const id of [
    '\0',
    'a\0b',
    '\ud800',
    "' or 1=1 --",
    "\\' or 1=1 --",
    '%',
    '../../etc/passwd',
    '😀'.repeat(100),
    'x'.repeat(500_000),
  ]) {
    const { status, body } = await ask(query.replace('$id: String!', '$id: ID!'), { id });
    const { data, errors } = JSON.parse(body.toString('utf8')) as {
      data?: { found: unknown };
      errors?: { extensions: { code: string } }[];
    };
    expect(data?.found ?? null).toBeNull();
    expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', undefined]).toContain(
      errors?.[0]?.extensions.code,
    );
    expect(status).toBeLessThan(500);
    expect(body.length).toBeLessThan(5_000);
  }
});

test('a null byte in a literal is refused as one in a variable', async () => {
  for (const literal of ['"a\\u0000"', '"a\\u{0}"']) {
    expect(refusalOf(await ask(`{ building(id: ${literal}) { id } }`))).toEqual([400, 'BAD_USER_INPUT']);
  }
});

test('variables nested a hundred thousand deep are refused', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const body = `{"query":"query ($n: Int!) { meters(first: $n) { nodes { id } } }","variables":{"n":${deep}}}`;

  const reply = await world
    .as('district-310101')
    .send('POST', '/graphql', body, { 'content-type': 'application/json' });

  expect(refusalOf(reply)).toEqual([400, 'BAD_USER_INPUT']);
});

test('a list of 10,000 inputs is refused, and none is written', async () => {
  const enterprises = Array.from({ length: 10_000 }, () => ({
    uscc: USCC_A,
    name: 'x',
    area: '310101',
  }));
  const [refusal] = refusals(
    await ask('mutation ($e: [EnterpriseInput!]!) { registerEnterprises(enterprises: $e) { uscc } }', {
      e: enterprises,
    }),
  );

  expect(refusal).toMatchObject({
    message: expect.stringContaining('500') as string,
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect(await world.sql('select from enterprises.enterprise')).toHaveLength(0);
});

test('no answer suggests names of the schema, and none names a place in the hub', async () => {
  const replies = await Promise.all(
    [
      '{ meterz { id } }',
      '{ me { tenan } }',
      'query ($x: Meterr) { me { tenant } }',
      '{ meters(frst: 1) { nodes { id } } }',
    ].map((q) => ask(q)),
  );
  for (const reply of replies) {
    expect(refusals(reply).length).toBeGreaterThan(0);
    expect(reply.body.toString('utf8')).not.toMatch(/"(meters|tenant|Meter|first)"/);
  }
});
