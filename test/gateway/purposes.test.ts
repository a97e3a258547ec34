import { aScope, addScope, declarePurpose, until } from '../world/admin.js';
import { smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';

describe('purposes', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await smallCity(world);
  }, 60_000);
  afterAll(() => world.close());

  const ask = (name: string, query: string, purpose?: string) =>
    world.as(name).ask(query, {}, purpose === undefined ? {} : { 'x-hub-purpose': purpose });

  test.each(['', 'supervision', 'SUPERVISION, STATISTICS', 'toString', '__proto__'])(
    'a purpose that is not in the list is refused whole: "%s"',
    async (purpose) => {
      const reply = await world.as('municipal').send('POST', '/graphql', '{"query":"{ me { tenant } }"}', {
        'content-type': 'application/json',
        'x-hub-purpose': purpose,
      });

      const { errors, data } = JSON.parse(reply.body.toString('utf8')) as { errors: object[]; data?: object };
      expect([reply.status, data]).toEqual([400, undefined]);
      expect(errors).toMatchObject([
        { extensions: { code: 'PURPOSE_UNKNOWN', rule: 'purpose/listed', remedy: expect.any(String) } },
      ]);
    },
  );

  test('a tenant of several purposes must say which, and is told its own', async () => {
    const answer = await ask('municipal', '{ me { tenant } }');

    expect(answer).toMatchObject({
      errors: [
        {
          message: 'Say for which purpose: PLATFORM_OPERATION, SUPERVISION.',
          extensions: { code: 'PURPOSE_REQUIRED', rule: 'purpose/stated' },
        },
      ],
    });
    expect(answer.data ?? null).toBeNull();
  });

  test('a purpose that the tenant has not declared is refused whole, with its rule; without it the tenant may declare', async () => {
    const refused = await world
      .as('district-310101')
      .send('POST', '/graphql', '{"query":"{ me { tenant } }"}', {
        'content-type': 'application/json',
        'x-hub-purpose': 'STATISTICS',
      });
    expect([refused.status, JSON.parse(refused.body.toString('utf8'))]).toMatchObject([
      403,
      { errors: [{ extensions: { code: 'PURPOSE_NOT_DECLARED', rule: 'purpose/declared' } }] },
    ]);
    const line = { meter: 'a-gate', date: '2026-01-05', interval: 60, values: Array(24).fill(1) };
    const upload = await world.as('district-310101').upload([line], { 'x-hub-purpose': 'STATISTICS' });
    expect([upload.status, upload.json]).toMatchObject([
      403,
      { errors: [{ extensions: { code: 'PURPOSE_NOT_DECLARED' } }] },
    ]);
    expect(await world.sql(`select date from metering.day_block where date = '2026-01-05'`)).toEqual([]);
  });

  test('a purpose that no scope of the category serves withholds the category, and says which would do', async () => {
    await declarePurpose(world, 'district-310101', 'STATISTICS');
    const answer = await ask(
      'district-310101',
      '{ me { purpose } buildings { nodes { id } } }',
      'STATISTICS',
    );

    expect(answer).toMatchObject({
      data: { me: { purpose: 'STATISTICS' }, buildings: null },
      errors: [
        {
          message: 'Query.buildings: buildings:read is allowed for DATA_REPORTING, not for STATISTICS.',
          path: ['buildings'],
          extensions: { code: 'PURPOSE_NOT_ALLOWED', rule: 'scope/purpose' },
        },
      ],
    });
  });

  test('the same at a door: nothing is received, nothing is given', async () => {
    const district = world.as('district-310101');
    const line = { meter: 'a-gate', date: '2026-01-05', interval: 60, values: Array(24).fill(1) };
    const refused = await district.upload([line], { 'x-hub-purpose': 'STATISTICS' });
    expect([refused.status, refused.json]).toMatchObject([
      403,
      { errors: [{ extensions: { code: 'PURPOSE_NOT_ALLOWED' } }] },
    ]);
    const unknown = await district.upload([line], { 'x-hub-purpose': 'FUN' });
    expect([unknown.status, unknown.json]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'PURPOSE_UNKNOWN' } }] },
    ]);

    expect(await world.sql(`select date from metering.day_block where date = '2026-01-05'`)).toEqual([]);
    expect(await world.sql('select id from exchange.batch')).toHaveLength(2);
  });

  test('a tenant of one purpose needs no header, with scopes or without', async () => {
    const query = '{ me { tenant purpose purposes } }';

    expect((await ask('district-310104', query)).data).toEqual({
      me: { tenant: 'district-310104', purpose: 'DATA_REPORTING', purposes: ['DATA_REPORTING'] },
    });
    expect((await ask('scopeless', query)).data).toEqual({
      me: { tenant: 'scopeless', purpose: 'DATA_REPORTING', purposes: ['DATA_REPORTING'] },
    });
    expect((await ask('municipal', query, 'SUPERVISION')).data).toEqual({
      me: { tenant: 'municipal', purpose: 'SUPERVISION', purposes: ['PLATFORM_OPERATION', 'SUPERVISION'] },
    });
  });

  test('a purpose that has ended is gone within a second: as the default, and when it is named', async () => {
    const second = await declarePurpose(world, 'scopeless', 'INSPECTION');
    expect((await ask('scopeless', '{ me { tenant } }')).errors).toMatchObject([
      { extensions: { code: 'PURPOSE_REQUIRED' } },
    ]);
    expect((await ask('scopeless', '{ me { purpose } }', 'INSPECTION')).errors).toBeUndefined();

    const end = 'mutation ($id: ID!) { endPurposeDeclaration(id: $id, reason: "Done") { status } }';
    await world.as('scopeless').for('INSPECTION').mustAsk(end, { id: second });
    await until(async () => (await ask('scopeless', '{ me { tenant } }')).errors === undefined);

    expect((await ask('scopeless', '{ me { purpose purposes } }')).data).toEqual({
      me: { purpose: 'DATA_REPORTING', purposes: ['DATA_REPORTING'] },
    });
    expect((await ask('scopeless', '{ me { purpose } }', 'INSPECTION')).errors).toMatchObject([
      { extensions: { code: 'PURPOSE_NOT_DECLARED' } },
    ]);
  });

  test('one tenant, two purposes, two reaches: each request has that of its purpose alone', async () => {
    const tenant = 'district-310104';
    await declarePurpose(world, tenant, 'STATISTICS');
    await addScope(world, aScope({ tenant, area: '310104', category: 'consents', purposes: ['STATISTICS'] }));

    const reporting = await ask(
      tenant,
      '{ buildings { nodes { id } } consents { nodes { id } } }',
      'DATA_REPORTING',
    );
    expect(reporting.data).toEqual({ buildings: { nodes: [{ id: '310104A001' }] }, consents: null });
    const statistics = await ask(
      tenant,
      '{ buildings { nodes { id } } consents { nodes { id } } }',
      'STATISTICS',
    );
    expect(statistics.data).toEqual({ buildings: null, consents: { nodes: [] } });
  });
});
