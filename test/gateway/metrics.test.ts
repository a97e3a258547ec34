import { ERRORS } from '../../gateway/errors.js';
import { TIERS } from '../../gateway/policy/grant.js';
import { rooms } from '../../subgraphs/index.js';
import { smallCity } from '../world/city.js';
import { USCC_A } from '../world/parties.js';
import { aMeter } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 120_000);
afterAll(() => world.close());

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

async function samples(): Promise<Sample[]> {
  const text = await (await fetch(`${world.hub.operationsUrl}/metrics`)).text();
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (!name) return [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, said]) => [label, said]);
    return [{ name, labels: Object.fromEntries(pairs) as Sample['labels'], value: Number(value) }];
  });
}

/** What has been counted under a name and labels, of samples taken before and after. */
async function countedBy(act: () => Promise<unknown>) {
  const before = await samples();
  await act();
  const after = await samples();
  return (name: string, labels: Record<string, string>): number => {
    const sum = (taken: Sample[]): number =>
      taken
        .filter((one) => one.name === name)
        .filter((one) => Object.entries(labels).every(([label, value]) => one.labels[label] === value))
        .reduce((total, { value }) => total + value, 0);
    return sum(after) - sum(before);
  };
}

const BUILDINGS = '{ buildings { nodes { id owner { name } } } }';
const district = () => world.as('district-310101');

test('requests are counted by operation, tier and status, and their latency by operation and tier', async () => {
  const counted = await countedBy(async () => {
    for (let asked = 0; asked < 3; asked += 1) await district().mustAsk(BUILDINGS);
    await district().mustAsk('mutation ($m: [MeterInput!]!) { registerMeters(meters: $m) { id } }', {
      m: [aMeter({ id: 'm-new' })],
    });
    await district().upload([{ meter: 'a-gate', date: '2026-01-05', interval: 1440, values: ['1'] }]);
    await district().ask('{ nothing }');
  });

  const ofDistrict = { tier: 'DISTRICT', stage: 'FORMAL' };
  expect(counted('hub_requests_total', { operation: 'QUERY', status: '200', ...ofDistrict })).toBe(3);
  expect(counted('hub_requests_total', { operation: 'MUTATION', ...ofDistrict })).toBe(1);
  expect(counted('hub_requests_total', { operation: 'POST /upload/readings', ...ofDistrict })).toBe(1);
  expect(counted('hub_requests_total', { operation: 'NONE', status: '400', ...ofDistrict })).toBe(1);
  expect(counted('hub_request_seconds_count', { operation: 'QUERY', tier: 'DISTRICT' })).toBe(3);
  expect(counted('hub_releases_total', { kind: 'UPLOAD', ...ofDistrict })).toBe(1);
  expect(counted('hub_room_seconds_count', { room: 'buildings', kind: 'OPERATION' })).toBe(3);
  expect(counted('hub_room_seconds_count', { room: 'exchange', kind: 'DOOR' })).toBe(1);
});

test('an operation that is asked again comes out of the caches, and they say how large they are', async () => {
  const query = '{ buildings { nodes { id yearBuilt } } }';
  const counted = await countedBy(async () => {
    for (let asked = 0; asked < 4; asked += 1) await district().mustAsk(query);
  });

  for (const cache of ['documents', 'plans']) {
    expect([cache, counted(`hub_${cache}_misses`, {})]).toEqual([cache, 1]);
    expect([cache, counted(`hub_${cache}_hits`, {})]).toEqual([cache, 3]);
    expect([cache, counted(`hub_${cache}_kept`, {})]).toEqual([cache, 1]);
    expect([cache, counted(`hub_${cache}_kept_bytes`, {}) > query.length]).toEqual([cache, true]);
  }
});

test('refusals are counted by code and rule, of a request as of a field', async () => {
  const counted = await countedBy(async () => {
    await world.as('scopeless').ask(BUILDINGS);
    await district().ask(`{ ${'a'.repeat(3)} }`, {}, { 'x-hub-purpose': 'NO_SUCH' });
    await district().ask('{ me { tenant } }', {}, { 'x-hub-purpose': 'NO_SUCH' });
    await district().send('GET', '/nowhere');
  });

  expect(counted('hub_refusals_total', { code: 'SCOPE_MISSING' })).toBeGreaterThanOrEqual(1);
  expect(counted('hub_refusals_total', { code: 'PURPOSE_UNKNOWN' })).toBe(1);
  expect(counted('hub_refusals_total', { code: 'NOT_FOUND' })).toBe(1);
});

test('the ledger says what waits', async () => {
  const names = (await samples()).filter(({ name }) => name.startsWith('hub_ledger_'));
  expect(names.map(({ name, labels }) => `${name} ${labels['stage']}`).toSorted()).toEqual([
    'hub_ledger_lag_seconds FORMAL',
    'hub_ledger_lag_seconds TEST',
    'hub_ledger_waiting FORMAL',
    'hub_ledger_waiting TEST',
  ]);
});

test('labels are of closed lists: no tenant, no subject, nothing that a caller has named', async () => {
  await district().ask('query Mine { building(id: "310101A001") { id } }');
  await world.as('enterprise-a').ask(`query { enterprise(uscc: "${USCC_A}") { name } }`);
  await district().send('GET', '/packages/pkg_mine/manifest');
  const own = (await samples()).filter(({ name }) => /^hub_(request|refus|release|room|ledger)/.test(name));
  const known: Record<string, (value: string) => boolean> = {
    tier: (value) => ['NONE', ...TIERS].includes(value),
    stage: (value) => ['NONE', 'FORMAL', 'TEST'].includes(value),
    status: (value) => /^[1-5]\d\d$/.test(value),
    code: (value) => Object.hasOwn(ERRORS, value),
    rule: (value) => /^([a-z-]+\/[a-z-]+)?$/.test(value),
    room: (value) => ['nodes', 'ledger', ...rooms.map(({ name }) => name)].includes(value),
    kind: (value) => /^[A-Z]+$/.test(value),
    le: () => true,
    operation: (value) =>
      ['NONE', 'QUERY', 'MUTATION'].includes(value) || rooms.some(({ doors }) => Object.hasOwn(doors, value)),
  };
  const strange = own.flatMap(({ name, labels }) =>
    Object.entries(labels)
      .filter(([label, value]) => !known[label]?.(value))
      .map(([label, value]) => `${name} ${label}=${value}`),
  );
  expect(strange).toEqual([]);
  expect(own.length).toBeGreaterThan(30);
});
