import type { Permission } from '../../../../gateway/policy/categories.js';
import { quarantine, type Receipt, type Rejected } from '../../../exchange/sample.js';
import { addScope } from '../../../world/admin.js';
import type { Caller, Reply } from '../../../world/caller.js';
import { aBuilding, aMeter, anEnterprise, has, usccOf } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

export const GRID = 'service-co';
export const OTHER = usccOf(7);

/**
 * Enterprise A with two electricity meters, a daily one and one of gas; another enterprise with a meter in the same
 * district; a neighbouring district. The service company supplies electricity in the city, enterprise A gas in its district.
 */
export async function suppliedCity(): Promise<World> {
  const world = await openWorld();
  await has(world.as('district-310101'), {
    enterprises: [anEnterprise(), anEnterprise({ uscc: OTHER, name: 'Other' })],
    buildings: [aBuilding(), aBuilding({ id: '310101A002', ownerUscc: OTHER })],
    meters: [
      aMeter({ id: 'm1' }),
      aMeter({ id: 'm2', unit: 'MWh' }),
      aMeter({ id: 'daily', intervalMinutes: 1440 }),
      aMeter({ id: 'gas', energyItem: '03000', unit: 'm3', externalScheme: 'gas', externalValue: 'G-17' }),
      aMeter({ id: 'other', buildingId: '310101A002' }),
    ],
  });
  await has(world.as('district-310104'), {
    buildings: [aBuilding({ id: '310104A001' })],
    meters: [aMeter({ id: 'south', buildingId: '310104A001' })],
  });
  const may = async (tenant: string, permissions: Permission[], area: string, kinds?: string[]) => {
    for (const permission of permissions) {
      const [category = '', action = ''] = permission.split(':');
      const limited = category === 'supplies' && kinds ? { energyKinds: kinds } : {};
      await addScope(world, { tenant, category, action, area, purposes: [PURPOSES[tenant]!], ...limited });
    }
  };
  await may(GRID, ['supplies:read', 'supplies:write', 'batches:read'], '310000', ['01']);
  await may(
    'enterprise-a',
    ['supplies:read', 'supplies:write', 'supplies:approve', 'batches:read'],
    '310101',
  );
  for (const area of ['310101', '310104'])
    await may(`district-${area}`, ['supplies:read', 'supplies:approve'], area);
  return world;
}

const PURPOSES: Record<string, string> = {
  [GRID]: 'ENERGY_SERVICE',
  'enterprise-a': 'OWN_MANAGEMENT',
  'district-310101': 'DATA_REPORTING',
  'district-310104': 'DATA_REPORTING',
};

/** A record of January's days 5 and 6 for customer 0012, unless said otherwise. */
export function aSupply(rest: Record<string, unknown> = {}): Record<string, unknown> {
  const period = { from: '2026-01-05', to: '2026-01-06' };
  return {
    customer: '0012',
    item: '01',
    ...period,
    amount: '48',
    unit: 'kWh',
    record: 'B1',
    area: '310101',
    ...rest,
  };
}

export const NDJSON = { 'content-type': 'application/x-ndjson' };
export const lines = (...supplies: object[]): string =>
  supplies.map((supply) => `${JSON.stringify(supply)}\n`).join('');

export async function supply(
  world: World,
  body: string | Buffer,
  { headers = NDJSON, as = GRID }: { headers?: Record<string, string>; as?: string } = {},
): Promise<Reply & { receipt: Receipt & { kind: string } }> {
  const reply = await world.as(as).send('POST', '/upload/supplies', body, headers);
  return { ...reply, receipt: JSON.parse(reply.body.toString('utf8')) as Receipt & { kind: string } };
}

export function rejected(world: World, path: string, as = GRID): Promise<Rejected[]> {
  return quarantine(world, path, as);
}

export interface SupplyRow {
  id: string;
  customer: string;
  amount: string;
  version: number;
  fromAt: string;
  toAt: string;
}

export async function suppliesOf(by: Caller, args = 'first: 100'): Promise<SupplyRow[]> {
  const query = `{ supplies(${args}) { nodes { id customer energyItem amount unit version fromAt toAt area supplierMeter } } }`;
  return (await by.mustAsk<{ supplies: { nodes: SupplyRow[] } }>(query)).supplies.nodes;
}

export function link(by: Caller, rest: Record<string, unknown> = {}): ReturnType<Caller['ask']> {
  const said = { supplier: GRID, customer: '0012', meters: ['m1'], validFrom: '2026-01-01', ...rest };
  return by.ask(
    'mutation ($link: CustomerLinkInput!) { done: linkCustomer(link: $link) { id isConfirmed energyItem validTo meter { id } } }',
    { link: said },
  );
}

export async function linked(by: Caller, rest: Record<string, unknown> = {}): Promise<string[]> {
  const { data, errors } = await link(by, rest);
  if (errors) throw new Error(JSON.stringify(errors));
  return (data!['done'] as { id: string }[]).map(({ id }) => id);
}
