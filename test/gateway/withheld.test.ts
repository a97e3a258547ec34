import { aConsent, recordConsents } from '../world/admin.js';
import { smallCity } from '../world/city.js';
import type { Caller, GraphqlReply } from '../world/caller.js';
import { openWorld, type World } from '../world/world.js';

/**
 * `service-co` may read enterprises, buildings, meters, readings and audits of those who consented, and nothing of
 * reviews and inspections; enterprise A consented to buildings and meters.
 */
describe('what a caller may not see is null, says why, and takes nothing else with it', () => {
  let world: World;
  let service: Caller;
  beforeAll(async () => {
    world = await openWorld();
    await smallCity(world);
    await recordConsents(world, world.as('enterprise-a'), aConsent());
    service = world.as('service-co');
  }, 60_000);
  afterAll(() => world.close());

  /** Path of the first null, how many there are, the field, the code and the rule of each error. */
  function reasons({ errors = [] }: GraphqlReply): unknown[] {
    return errors.map(({ path, extensions }) => {
      const { field, places, code, rule, remedy } = extensions as Record<string, string>;
      expect(remedy).toBeTruthy();
      return [path?.join('.'), places, field, code, rule];
    });
  }

  const OWNER = ['Building.owner', 'CONSENT_REQUIRED', 'third-party/consent'];

  test('a root field', async () => {
    const answer = await service.ask('{ inspections { nodes { id } } buildings { nodes { id } } }');

    expect(answer.data).toEqual({
      inspections: null,
      buildings: { nodes: [{ id: '310101A001' }, { id: '310101B001' }] },
    });
    expect(reasons(answer)).toEqual([
      ['inspections', 1, 'Query.inspections', 'SCOPE_MISSING', 'scope/named'],
    ]);
  });

  test('a field inside a list: each null in its place, one error with the first place and their number', async () => {
    const answer = await service.ask(
      '{ buildings { nodes { id owner { name } meters(first: 1) { nodes { id owner { uscc } } } } } }',
    );

    const [gate] = [{ id: 'a-gate', owner: null }];
    expect(answer.data).toEqual({
      buildings: {
        nodes: [
          { id: '310101A001', owner: null, meters: { nodes: [gate] } },
          { id: '310101B001', owner: null, meters: { nodes: [] } },
        ],
      },
    });
    const [field, code, rule] = OWNER;
    expect(reasons(answer)).toEqual([
      ['buildings.nodes.0.owner', 2, field, code, rule],
      ['buildings.nodes.0.meters.nodes.0.owner', 1, 'Meter.owner', code, rule],
    ]);
  });

  test('fields under aliases, twice the same under two of them', async () => {
    const answer = await service.ask(
      '{ houses: buildings(first: 1) { all: nodes { code: id who: owner { uscc } whose: owner { name } } } }',
    );

    expect(answer.data).toEqual({ houses: { all: [{ code: '310101A001', who: null, whose: null }] } });
    expect(reasons(answer).map((reason) => (reason as string[])[0])).toEqual([
      'houses.all.0.who',
      'houses.all.0.whose',
    ]);
  });

  test('a field inside fragments, named, nested and used twice', async () => {
    const answer = await service.ask(`
      query { a: building(id: "310101A001") { ...House } b: building(id: "310101B001") { ...House } }
      fragment House on Building { id ...Owned }
      fragment Owned on Building { owner { ...Name } name }
      fragment Name on Enterprise { name }`);

    const house = (id: string) => ({ id, owner: null, name: `House ${id}` });
    expect(answer.data).toEqual({ a: house('310101A001'), b: house('310101B001') });
    expect(reasons(answer).map((reason) => (reason as string[])[0])).toEqual(['a.owner', 'b.owner']);
  });

  test('selections of nothing but what is withheld', async () => {
    const answer = await service.ask('{ buildings(first: 1) { nodes { owner { name } } } }');
    expect(answer.data).toEqual({ buildings: { nodes: [{ owner: null }] } });

    const nothing = await service.ask('{ tenants { nodes { id } } scopes { nodes { id } } }');
    expect(nothing.data).toEqual({ tenants: null, scopes: null });
    expect(nothing.errors).toHaveLength(2);

    const inFragment = await service.ask(
      '{ ... { tenants { nodes { id } } } ...All } fragment All on Query { inspections { nodes { id } } }',
    );
    expect(inFragment.data).toEqual({ tenants: null, inspections: null });
  });

  test('nothing is withheld where nothing is: an empty list, a null parent', async () => {
    const answer = await service.ask(
      '{ building(id: "310101Z999") { owner { name } } meters(energyItem: "99") { nodes { owner { name } } } }',
    );

    expect(answer).toEqual({ data: { building: null, meters: { nodes: [] } } });
  });

  test('what the client skips is not withheld', async () => {
    const query = `query ($no: Boolean = false, $yes: Boolean!) { buildings(first: 1) { nodes { id
      a: owner @include(if: $no) { name } b: owner @skip(if: $yes) { name } ... @include(if: $no) { c: owner { name } }
      ... on Building @skip(if: true) { d: owner { name } } ...Owned @skip(if: $yes) e: owner @skip(if: false) { name } } } }
      fragment Owned on Building { f: owner { name } }`;
    const answer = await service.ask(query, { yes: true });

    expect(answer.data).toEqual({ buildings: { nodes: [{ id: '310101A001', e: null }] } });
    expect(reasons(answer)).toHaveLength(1);
  });

  test('what the client includes is withheld', async () => {
    const query = `query ($yes: Boolean = true) { buildings(first: 1) { nodes { a: owner @include(if: $yes) { name }
      ... @include(if: $yes) { b: owner { name } } } } }`;

    expect((await service.ask(query)).data).toEqual({ buildings: { nodes: [{ a: null, b: null }] } });
  });

  test('variables that only withheld fields use are no fault, and wrong ones are still refused', async () => {
    const query = 'query ($n: Int!) { me { tenant } inspections(first: $n) { nodes { id } } }';

    expect((await service.ask(query, { n: 5 })).data).toEqual({
      me: { tenant: 'service-co' },
      inspections: null,
    });
    expect((await service.ask(query, { n: 'five' })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test('a fragment on a type that is withheld selects nothing; on a type beside it, no null of its own', async () => {
    const query = `query ($id: ID!) { node(id: $id) { __typename ... on Inspection { taskNumber } ... on Meter { name owner { name } }
      ... on Building { name } } }`;

    expect(await service.ask(query, { id: '310101A001' })).toEqual({
      data: { node: { __typename: 'Building', name: 'House 310101A001' } },
    });
    const meter = await service.ask(query, { id: 'a-gate' });
    expect(meter.data).toEqual({ node: { __typename: 'Meter', name: 'Gate', owner: null } });
    expect(reasons(meter)).toMatchObject([
      ['node.owner', 1, 'Meter.owner', 'CONSENT_REQUIRED', 'third-party/consent'],
    ]);
  });

  test('a field that needs two categories is withheld for the lack of one', async () => {
    const answer = await service.ask(
      '{ building(id: "310101A001") { id consumption(from: "2026-01-01", to: "2026-01-02") { total } } }',
    );

    expect(answer.data).toEqual({ building: { id: '310101A001', consumption: null } });
    expect(reasons(answer)).toEqual([
      ['building.consumption', 1, 'Building.consumption', 'CONSENT_REQUIRED', 'third-party/consent'],
    ]);
  });

  test('a client’s own key of any name is left alone', async () => {
    const answer = await service.ask(
      '{ _withheld: me { _withheld: tenant _withheld_0: name } tenants { nodes { id } } }',
    );

    expect(answer.data).toEqual({
      _withheld: { _withheld: 'service-co', _withheld_0: 'Service company' },
      tenants: null,
    });
  });

  test('the keys of an answer stand in the order of the query', async () => {
    const { data } = await service.ask(
      '{ tenants { nodes { id } } building(id: "310101A001") { owner { name } id } me { tenant } }',
    );

    expect(JSON.stringify(data)).toBe(
      '{"tenants":null,"building":{"owner":null,"id":"310101A001"},"me":{"tenant":"service-co"}}',
    );
  });
});
