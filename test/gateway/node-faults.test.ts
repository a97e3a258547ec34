import { nodesSubgraph } from '../../gateway/plan/nodes.js';
import { RemoteRoom } from '../../subgraphs/runtime/remote.js';
import { smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';

describe('node(id) tells what is absent from what could not be asked', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await smallCity(world);
  }, 60_000);
  afterAll(() => world.close());

  test('a fault of the room is told as a fault, by its incident', async () => {
    await world.sql('alter table metering.meter rename to elsewhere');
    const asked = await world.as('district-310101').ask('{ node(id: "a-gate") { id } me { tenant } }');
    await world.sql('alter table metering.elsewhere rename to meter');

    expect(asked).toMatchObject({
      data: { node: null, me: { tenant: 'district-310101' } },
      errors: [{ path: ['node'], extensions: { code: 'INTERNAL' } }],
    });
  });

  test('what is not there is null, and no error', async () => {
    expect(await world.as('district-310101').ask('{ node(id: "no-such-meter") { id } }')).toEqual({
      data: { node: null },
    });
  });
});

test('a room that nobody answers for is told as unavailable', async () => {
  const nobody = new RemoteRoom('metering', 'https://127.0.0.1:1', () => ({
    ca: '',
    certificate: '',
    key: '',
  }));
  const types = [
    { name: 'Meter', shape: /^m/, room: 'metering', key: 'id', permission: 'meters:read' } as const,
  ];
  const client = nodesSubgraph(
    types,
    () => nobody,
    () => 'an incident',
  );

  const { data, errors } = await client.graphql({ query: '{ node(id: "m1") { id } }' }, '');
  await nobody.close();

  expect(data).toEqual({ node: null });
  expect(errors).toMatchObject([{ path: ['node'], extensions: { code: 'ROOM_UNAVAILABLE' } }]);
});
