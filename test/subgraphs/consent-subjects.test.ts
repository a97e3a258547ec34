import { aConsent, addScope, aScope } from '../world/admin.js';
import { smallCity, USCC_B, USCC_NORTH } from '../world/city.js';
import type { Caller } from '../world/caller.js';
import { USCC_A } from '../world/parties.js';
import { usccOf } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import { aRequest, ask, step } from './consent-steps.js';

const RECORD = 'mutation ($rows: [ConsentInput!]!) { recordConsents(consents: $rows) { subject } }';
/** Who records for an enterprise has its signed paper. */
const PAPER = 'ab'.repeat(32);
const onPaper = (rest: Parameters<typeof aConsent>[0]) => aConsent({ ...rest, evidenceSha256: PAPER });
const METERS = '{ meters { nodes { id } } }';

let world: World;
let district: Caller;
let service: Caller;
let enterprise: Caller;
let operator: Caller;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  district = world.as('district-310101');
  [service, enterprise] = [world.as('service-co'), world.as('enterprise-a')];
  operator = world.as('municipal').for('SUPERVISION');
  for (const action of ['read', 'write']) {
    await addScope(
      world,
      aScope({ tenant: 'district-310101', category: 'consents', action, area: '310101' }),
    );
  }
}, 120_000);
afterAll(() => world.close());

test('a district cannot open the data of an enterprise of another district by claiming it for its own area', async () => {
  const { data, errors } = await district.ask(RECORD, { rows: [onPaper({ subject: USCC_NORTH })] });

  expect(data).toEqual({ recordConsents: null });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  await world.registryCatchesUp();
  expect(await world.as('service-co').ask(METERS)).toMatchObject({
    data: { meters: null },
    errors: [{ extensions: { code: 'CONSENT_REQUIRED' } }],
  });
});

test('nor of one that nobody registered, nor in an area where the enterprise is not', async () => {
  for (const row of [onPaper({ subject: usccOf(77) }), onPaper({ subject: USCC_B, area: '310104' })]) {
    const { errors } = await district.ask(RECORD, { rows: [row] });
    expect(errors?.[0]?.extensions.code).toMatch(/^(BAD_USER_INPUT|ROW_OUT_OF_REACH)$/);
  }
  expect(await world.sql('select id from tenants.consent')).toEqual([]);
});

test('an enterprise cannot move its own consent to an area where a third party has a scope', async () => {
  const { errors } = await world.as('enterprise-a').ask(RECORD, { rows: [aConsent({ area: '310104' })] });

  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('no platform asks for a consent, and none is granted to a tenant that has become one since it asked', async () => {
  const { recipient: _, ...request } = aConsent();
  const requesting =
    'mutation ($request: ConsentRequestInput!) { done: requestConsent(request: $request) { id } }';
  const withoutEffect = {
    code: 'CONSENT_WITHOUT_EFFECT',
    rule: 'consents/third-party',
    remedy: 'Others receive by their scopes.',
  };
  const platform = await world.as('municipal').for('SUPERVISION').ask(requesting, { request });
  expect(platform.errors).toMatchObject([{ extensions: withoutEffect }]);

  const { done } = await world.as('service-co').mustAsk<{ done: { id: string } }>(requesting, { request });
  await world.sql(`update tenants.tenant set tier = 'DISTRICT' where id = 'service-co'`);
  const granting = (id: string) =>
    world.as('enterprise-a').ask('mutation ($id: ID!) { grantConsent(id: $id) { status } }', { id });
  expect((await granting(done.id)).errors).toMatchObject([{ extensions: withoutEffect }]);
  await world.sql(`update tenants.tenant set tier = 'THIRD_PARTY' where id = 'service-co'`);
  await world.registryCatchesUp();
  expect((await granting(done.id)).data).toEqual({ grantConsent: { status: 'GRANTED' } });
});

test('nor refuse what an enterprise of another district is asked, where the request names its area wrongly', async () => {
  const { recipient: _, ...request } = aConsent({ subject: USCC_NORTH });
  const { done } = await world.as('service-co').mustAsk<{
    done: { id: string };
  }>('mutation ($request: ConsentRequestInput!) { done: requestConsent(request: $request) { id } }', { request });
  const { errors } = await district.ask(
    'mutation ($id: ID!, $paper: String) { refuseConsent(id: $id, evidenceSha256: $paper) { id } }',
    { id: done.id, paper: 'ab'.repeat(32) },
  );

  expect(errors?.[0]?.extensions.code).toMatch(/^(BAD_USER_INPUT|ROW_OUT_OF_REACH)$/);
  expect(await world.sql('select status from tenants.consent where id = $1', [done.id])).toEqual([
    { status: 'REQUESTED' },
  ]);
});

test('a district records the consent of an enterprise that it sees, under enterprises:read', async () => {
  expect(await district.ask(RECORD, { rows: [onPaper({ subject: USCC_B })] })).toEqual({
    data: { recordConsents: [{ subject: USCC_B }] },
  });

  await world.sql(
    `update tenants.scope set valid_to = now() where tenant = 'district-310101' and category = 'enterprises'`,
  );
  await world.registryCatchesUp();
  const { errors } = await district.ask(RECORD, { rows: [onPaper({ subject: USCC_B })] });
  expect(errors).toMatchObject([{ extensions: { code: 'SCOPE_MISSING' } }]);
});

const MORE: [string, object][] = [
  ['another category', { categories: ['buildings', 'readings'] }],
  ['another energy kind', { energyKinds: ['01', '02'] }],
  ['another meter level', { meterLevels: [1, 2, 3] }],
  ['finer readings', { finest: 'AS_METERED' }],
  ['an earlier start', { validFrom: '2019-01-01T00:00:00Z' }],
  ['a longer period', { validTo: '2091-01-01T00:00:00Z' }],
  ['a later erasure', { eraseBy: '2099-01-01T00:00:00Z' }],
];

test('a subject grants no more than was asked for, in no respect', async () => {
  const id = await ask(
    service,
    aRequest({
      categories: ['buildings', 'meters'],
      energyKinds: ['01'],
      meterLevels: [1, 2],
      finest: 'HOUR',
      eraseBy: '2090-06-01T00:00:00Z',
    }),
  );

  for (const [what, terms] of MORE)
    expect([what, await step(enterprise, 'grantConsent', { id, terms })]).toEqual([what, 'BAD_USER_INPUT']);
  expect(await step(enterprise, 'refuseConsent', { id, reason: 'Too much' })).toBe('REFUSED');
  expect(await world.sql('select id from tenants.erasure_notice where consent = $1', [id])).toEqual([]);
});

test('nobody asks twice at once, for what is over, of nobody, for what is no data of theirs or undeclared, or where the subject is not', async () => {
  const text = 'mutation ($request: ConsentRequestInput!) { requestConsent(request: $request) { id } }';
  const code = async (request: object) => (await service.ask(text, { request })).errors?.[0]?.extensions.code;
  const id = await ask(service);

  expect(await code(aRequest())).toBe('CONFLICT');
  expect(await code(aRequest({ purpose: 'STATISTICS', validTo: '2021-01-01T00:00:00Z' }))).toBe(
    'BAD_USER_INPUT',
  );
  expect(await step(enterprise, 'refuseConsent', { id })).toBe('REFUSED');
  const mistyped = `${USCC_A.slice(0, -1)}${USCC_A.endsWith('0') ? '1' : '0'}`;
  expect(await code(aRequest({ subject: mistyped }))).toBe('BAD_USER_INPUT');
  expect(await code(aRequest({ categories: ['buildings', 'packages'] }))).toBe('BAD_USER_INPUT');
  expect(await code(aRequest({ purpose: 'STATISTICS' }))).toBe('PURPOSE_NOT_DECLARED');
  const { errors } = await service.ask(text, { request: aRequest({ area: '310104' }) });
  expect(errors).toMatchObject([
    { message: `${USCC_A} lies elsewhere.`, extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

test('an operator takes no step for a subject without its paper', async () => {
  const id = await ask(service);

  expect(await step(operator, 'grantConsent', { id })).toBe('BAD_USER_INPUT');
  expect(await step(operator, 'refuseConsent', { id })).toBe('BAD_USER_INPUT');
  expect(await step(operator, 'grantConsent', { id, evidenceSha256: PAPER })).toBe('GRANTED');
  expect(await step(operator, 'revokeConsent', { id })).toBe('BAD_USER_INPUT');
  expect(await step(operator, 'revokeConsent', { id, evidenceSha256: PAPER })).toBe('REVOKED');
});
