import { generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { sealGrant } from '../../../gateway/policy/seal.js';
import buildings from '../../../subgraphs/buildings/room.js';
import { Database } from '../../../subgraphs/runtime/database.js';
import { RoomHost } from '../../../subgraphs/runtime/host.js';
import { asRefusal } from '../../../subgraphs/runtime/session.js';
import { aGrant } from '../../world/grants.js';
import { noServices } from '../../world/services.js';
import { openWorld } from '../../world/world.js';

test('a door whose database cannot be reached says so, and the fault is logged', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const database = new Database({ url: 'postgresql://nobody@127.0.0.1:1/nothing' });
  const faults: string[] = [];
  const host = new RoomHost(await buildings.build(), {
    databaseOf: async () => database,
    grantKey: publicKey,
    services: {
      ...noServices,
      fault: (_error, where) => {
        faults.push(where);
        return 'incident';
      },
    },
    roomOf: () => host,
  });
  const request = { params: {}, query: {}, headers: {}, body: Readable.from(['[]']) };

  await expect(
    host.door('POST /lookup', request, await sealGrant(aGrant(), privateKey)),
  ).rejects.toMatchObject({ code: 'ROOM_UNAVAILABLE' });
  expect(faults).toEqual(['database of room buildings']);
  await database.close();
});

test('an operation’s statements have half a minute each, and are refused in words after it', async () => {
  const world = await openWorld();
  await world.sql(
    `alter policy reading on metering.energy_item using (current_setting('statement_timeout') = '30s')`,
  );

  const answer = await world
    .as('district-310101')
    .mustAsk<{ energyItems: { nodes: object[] } }>('{ energyItems(first: 1) { nodes { code } } }');
  await world.close();

  expect(answer.energyItems.nodes).toHaveLength(1);
  expect(asRefusal({ code: '57014' })).toMatchObject({ code: 'QUERY_TOO_WIDE' });
});
