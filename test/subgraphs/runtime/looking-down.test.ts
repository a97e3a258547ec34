import { Readable } from 'node:stream';
import { openAuthority } from '../../../certs/authority.js';
import { grantKeys } from '../../../gateway/keys.js';
import type { Stage } from '../../../gateway/policy/grant.js';
import buildings from '../../../subgraphs/buildings/room.js';
import { bodyJson } from '../../../subgraphs/runtime/answers.js';
import { Database } from '../../../subgraphs/runtime/database.js';
import type { BulkSession } from '../../../subgraphs/runtime/bulk.js';
import { RoomHost } from '../../../subgraphs/runtime/host.js';
import type { RoomClient } from '../../../subgraphs/runtime/neighbours.js';
import { RemoteRoom } from '../../../subgraphs/runtime/remote.js';
import { aGrant, sealed } from '../../world/grants.js';
import { noServices } from '../../world/services.js';
import { aBuilding, anEnterprise, has, usccOf } from '../../world/things.js';
import { openWorld, type World } from '../../world/world.js';

const HOUSE = '310115A001';

describe('from FORMAL one may look down into TEST, never up', () => {
  let world: World;
  const rooms = new Map<string, RoomClient>();
  const closing: (() => Promise<void>)[] = [];
  let held: BulkSession | undefined;

  beforeAll(async () => {
    world = await openWorld({ rooms: 'apart' });
    await has(world.as('newcomer'), {
      enterprises: [anEnterprise({ uscc: usccOf(15), area: '310115' })],
      buildings: [aBuilding({ id: HOUSE, ownerUscc: usccOf(15) })],
    });
    rooms.set('in one process', await together());
    rooms.set('apart', await apart());
  }, 60_000);
  afterAll(async () => {
    for (const close of closing) await close();
    await world.close();
  });

  async function together(): Promise<RoomClient> {
    const opened: Partial<Record<Stage, Database>> = {};
    closing.push(async () => {
      for (const database of Object.values(opened)) await database.close();
    });
    const room = await buildings.build();
    const host: RoomHost = new RoomHost(
      {
        ...room,
        doors: {
          ...room.doors,
          // Keeps its session, so that a test can work as the code behind a door does.
          'POST /hold': {
            requires: ['buildings:read'],
            audience: 'inner',
            handle: async (_request, session) => {
              held = session;
              return { status: 200, headers: {}, body: '' };
            },
          },
        },
      },
      {
        databaseOf: async (stage) => (opened[stage] ??= new Database({ url: world.databases[stage].rooms })),
        grantKey: (await grantKeys(world.home)).publicKey,
        services: noServices,
        roomOf: () => host,
      },
    );
    return host;
  }

  async function apart(): Promise<RoomClient> {
    const authority = await openAuthority(world.home);
    const { certificate, key } = await authority.gatewayCredentials();
    const ca = (await authority.authorities()).join('\n');
    const remote = new RemoteRoom('buildings', world.config.rooms['buildings'] ?? '', () => ({
      ca,
      certificate,
      key,
    }));
    closing.push(() => remote.close());
    return remote;
  }

  const city = (stage: Stage) =>
    aGrant({
      caller: { ...aGrant().caller, tenant: 'municipal', tier: 'MUNICIPAL', area: '310000', stage },
      reach: { 'buildings:read': { areas: ['31'], subjects: [] } },
    });

  async function lookUp(
    where: string,
    caller: Stage,
    stage?: Stage,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    const request = { params: {}, query: {}, headers, body: Readable.from([JSON.stringify([HOUSE])]) };
    const seal = await sealed(world, city(caller));
    const answer = rooms.get(where)!.door('POST /lookup', request, seal, stage ? { stage } : {});
    return answer.then(
      (found) => bodyJson<object[]>(found),
      ({ code }: { code: string }) => code,
    );
  }

  const FOUND = [{ id: HOUSE, area: '310115', subject: usccOf(15) }];

  test.each(['in one process', 'apart'])('%s', async (where) => {
    expect(await lookUp(where, 'TEST', 'FORMAL')).toBe('GRANT_INVALID');
    expect(await lookUp(where, 'FORMAL')).toEqual([]);
    expect(await lookUp(where, 'FORMAL', undefined, { 'x-hub-stage': 'TEST' })).toEqual([]);
    expect(await lookUp(where, 'FORMAL', 'TEST')).toEqual(FOUND);
    expect(await lookUp(where, 'TEST')).toEqual(FOUND);
  });

  test('what works in TEST stays there, its neighbours and entities too', async () => {
    const request = { params: {}, query: {}, headers: {}, body: Readable.from([]) };
    const seal = await sealed(world, city('FORMAL'));
    await rooms.get('in one process')!.door('POST /hold', request, seal, { stage: 'TEST' });
    const ids = { body: Readable.from([JSON.stringify([HOUSE])]) };

    await expect(
      held!.neighbours.call('buildings', 'POST /lookup', ids, { stage: 'FORMAL' }),
    ).rejects.toMatchObject({ code: 'GRANT_INVALID' });
    expect(await bodyJson(await held!.neighbours.call('buildings', 'POST /lookup', ids))).toEqual(FOUND);
    expect(await held!.unit((session) => session.rows('select id from buildings.building'))).toEqual([
      { id: HOUSE },
    ]);
    expect(held!.grant.caller).toMatchObject({ tenant: 'municipal', stage: 'TEST' });
    const bad = held!.unit((session) => session.rows(`update buildings.building set name = 'mine'`));
    await expect(bad).resolves.toEqual([]);
    const insert = `insert into buildings.building (id, name, type_code, area, subject, platform)
      values ('310115A002', 'x', 'A', '310115', '${usccOf(15)}', 'x')`;
    await expect(held!.unit((session) => session.rows(insert))).rejects.toMatchObject({
      code: 'ROW_OUT_OF_REACH',
    });
  });
});
