import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { openAuthority } from '../../certs/authority.js';
import { GRANT_HEADER } from '../../subgraphs/runtime/remote.js';
import { smallCity } from '../world/city.js';
import { aGrant, brokenSeals, sealed } from '../world/grants.js';
import { openWorld, type World } from '../world/world.js';

const QUERY = { query: '{ buildings { nodes { id } } }' };

describe('a room in a process of its own', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ rooms: 'each' });
    await smallCity(world);
  }, 120_000);
  afterAll(() => world.close());

  /** POSTs the query to the room of buildings, with a certificate or none; status and body, or how TLS failed. */
  async function call(
    pair: { cert?: string; key?: string },
    seal?: string,
  ): Promise<[number, unknown] | string> {
    const pool = new Pool(world.config.rooms['buildings'] ?? '', {
      connect: { ca: readFileSync(join(world.home, 'certs', 'ca.crt'), 'utf8'), ...pair },
    });
    try {
      const headers = {
        'content-type': 'application/json',
        ...(seal !== undefined && { [GRANT_HEADER]: seal }),
      };
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/graphql',
        headers,
        body: JSON.stringify(QUERY),
      });
      return [statusCode, await body.json()];
    } catch (error) {
      return (error as Error).message;
    } finally {
      await pool.destroy();
    }
  }

  const tenantPair = (name: string) => ({
    cert: readFileSync(join(world.home, 'certs', `${name}.crt`), 'utf8'),
    key: readFileSync(join(world.home, 'certs', `${name}.key`), 'utf8'),
  });
  const gatewayPair = async () => {
    const { certificate, key } = await (await openAuthority(world.home)).gatewayCredentials();
    return { cert: certificate, key };
  };
  const REFUSED = { errors: [{ extensions: { code: 'GRANT_INVALID' } }] };

  test('answers the gateway under a good grant', async () => {
    const answer = await call(await gatewayPair(), await sealed(world, aGrant()));

    expect(answer).toMatchObject([200, { data: { buildings: { nodes: [{ id: '310101A001' }, {}, {}] } } }]);
  });

  test('refuses even the gateway without a good grant', async () => {
    const pair = await gatewayPair();
    for (const [what, seal] of await brokenSeals(world)) {
      expect([what, await call(pair, seal)]).toMatchObject([what, [401, REFUSED]]);
    }
    expect(await call(pair)).toMatchObject([401, REFUSED]);
  });

  test('refuses a tenant’s certificate, of any stage, with a good grant in its hands', async () => {
    const seal = await sealed(world, aGrant());
    for (const name of ['district-310101', 'municipal', 'newcomer'])
      expect([name, await call(tenantPair(name), seal)]).toMatchObject([
        name,
        [401, { errors: [{ message: 'Only the gateway is answered.' }] }],
      ]);
  });

  test('refuses a caller without a certificate, and a plain connection', async () => {
    expect(await call({}, await sealed(world, aGrant()))).toMatch(
      /certificate required|socket|ECONNRESET|closed/i,
    );
    const plain = new Pool((world.config.rooms['buildings'] ?? '').replace('https', 'http'));
    await expect(plain.request({ method: 'GET', path: '/ready' })).rejects.toThrow();
    await plain.destroy();
  });

  test('a grant that a tenant sends to the front door is no grant', async () => {
    const seal = await sealed(world, aGrant({ reach: { 'buildings:read': { areas: [''], subjects: [] } } }));

    expect(
      await world.as('scopeless').ask('{ buildings { nodes { id } } }', {}, { [GRANT_HEADER]: seal }),
    ).toMatchObject({
      data: { buildings: null },
      errors: [{ extensions: { code: 'SCOPE_MISSING' } }],
    });
  });
});
