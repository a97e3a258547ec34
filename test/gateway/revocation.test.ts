import { aScope, addScope, endScope, until } from '../world/admin.js';
import { smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';

const AS_OPERATOR = { 'x-hub-purpose': 'PLATFORM_OPERATION' };
const SEEN = '{ buildings { nodes { id } } }';

describe('what is taken away works within a second, on connections that are open', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await smallCity(world);
  }, 60_000);
  afterAll(() => world.close());

  const operator = (text: string, variables: object) =>
    world.as('municipal').mustAsk(text, { ...variables }, AS_OPERATOR);
  const codeOf = async (name: string, query = '{ me { tenant } }') =>
    (await world.as(name).ask(query)).errors?.[0]?.extensions.code;

  test('a scope', async () => {
    const id = await addScope(world, aScope({ tenant: 'scopeless', area: '310106', category: 'buildings' }));
    expect(await world.as('scopeless').ask(SEEN)).toEqual({ data: { buildings: { nodes: [] } } });

    await endScope(world, id);

    expect(await until(async () => (await codeOf('scopeless', SEEN)) === 'SCOPE_MISSING')).toBeLessThan(
      1_000,
    );
  });

  test('a scope that ends by itself', async () => {
    const validTo = new Date(Date.now() + 1_500);
    await addScope(world, aScope({ tenant: 'scopeless', area: '310106', validTo: validTo.toISOString() }));
    expect(await codeOf('scopeless', SEEN)).toBeUndefined();

    await until(async () => (await codeOf('scopeless', SEEN)) === 'SCOPE_MISSING');

    expect(Math.abs(Date.now() - validTo.getTime())).toBeLessThan(1_000);
  });

  test('a tenant’s standing, and it comes back as quickly', async () => {
    const set = (status: string) =>
      operator(
        'mutation ($status: String!) { setTenantStatus(id: "district-310104", status: $status) { status } }',
        { status },
      );
    expect(await codeOf('district-310104')).toBeUndefined();

    await set('SUSPENDED');
    expect(await until(async () => (await codeOf('district-310104')) === 'TENANT_INACTIVE')).toBeLessThan(
      1_000,
    );
    await set('ACTIVE');
    expect(await until(async () => (await codeOf('district-310104')) === undefined)).toBeLessThan(1_000);
  });

  test('a certificate, for ever', async () => {
    const { me } = await world
      .as('enterprise-a')
      .mustAsk<{ me: { fingerprint: string } }>('{ me { fingerprint } }');

    await operator(
      'mutation ($fingerprint: ID!) { revokeCertificate(fingerprint: $fingerprint, reason: "KEY_COMPROMISE") { status } }',
      me,
    );

    expect(await until(async () => (await codeOf('enterprise-a')) === 'CERTIFICATE_REVOKED')).toBeLessThan(
      1_000,
    );
    const again = await world.as('municipal').ask(
      'mutation ($fingerprint: ID!) { revokeCertificate(fingerprint: $fingerprint, reason: "UNSPECIFIED") { status } }', me, AS_OPERATOR); // prettier-ignore
    expect(again.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  test('an operator changes nothing of tenants outside its area', async () => {
    await world.sql(
      `insert into tenants.tenant (id, name, tier, area) values ('beijing', 'Beijing', 'MUNICIPAL', '110000')`,
    );
    const refused = await world.as('municipal').ask(
      'mutation { setTenantStatus(id: "beijing", status: "CLOSED") { status } }', {}, AS_OPERATOR); // prettier-ignore
    expect(refused.errors).toMatchObject([{ message: 'beijing is no tenant that you may see.' }]);
    const scope = await world.as('municipal').ask(
      'mutation ($scopes: [ScopeInput!]!) { addScopes(scopes: $scopes) { id } }', { scopes: [aScope({ tenant: 'beijing', area: '110000' })] }, AS_OPERATOR); // prettier-ignore
    expect(scope.errors).toMatchObject([
      { message: 'beijing is no tenant that you may see.', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(await world.sql(`select status from tenants.tenant where id = 'beijing'`)).toEqual([
      { status: 'ACTIVE' },
    ]);
  });

  test('nobody but an operator gives scopes, least of all to itself', async () => {
    for (const name of ['district-310101', 'national', 'enterprise-a', 'service-co', 'scopeless']) {
      const { data, errors } = await world.as(name).ask(
        'mutation ($scopes: [ScopeInput!]!) { done: addScopes(scopes: $scopes) { id } }', { scopes: [aScope({ tenant: name, area: '310000' })] }); // prettier-ignore
      if (name === 'enterprise-a') expect(errors?.[0]?.extensions.code).toBe('CERTIFICATE_REVOKED');
      else
        expect([name, data, errors]).toMatchObject([
          name,
          { done: null },
          [{ extensions: { code: 'SCOPE_MISSING' } }],
        ]);
    }
  });
});
