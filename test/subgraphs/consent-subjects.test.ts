import { aConsent, addScope, aScope } from '../world/admin.js';
import { smallCity, USCC_B, USCC_NORTH } from '../world/city.js';
import type { Caller } from '../world/caller.js';
import { usccOf } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

const RECORD = 'mutation ($rows: [ConsentInput!]!) { recordConsents(consents: $rows) { subject } }';
/** Who records for an enterprise has its signed paper. */
const onPaper = (rest: Parameters<typeof aConsent>[0]) =>
  aConsent({ ...rest, evidenceSha256: 'ab'.repeat(32) });
const METERS = '{ meters { nodes { id } } }';

let world: World;
let district: Caller;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  district = world.as('district-310101');
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
