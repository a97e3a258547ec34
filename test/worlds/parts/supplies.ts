import type { PoolClient } from 'pg';
import { insert } from '../insert.js';
import { type PolicyWorld, READING_DAY } from '../model.js';
import type { Part } from './part.js';

interface Listed {
  customer: string;
}

/** What was supplied, and which meter each customer number stands for: the hub itself says whom that makes it about. */
export const supplies: Part = {
  tables: ['metering.supply', 'metering.customer_link'],
  plant,
  fields: `
  supplies(first: 500) { nodes { customer } pageInfo { hasNextPage } }
  customerLinks(first: 500) { nodes { customer meter { id } } pageInfo { hasNextPage } }
  supplyDifferences(first: 500, from: "${READING_DAY}", to: "${READING_DAY}") {
    nodes { customer state metered } pageInfo { hasNextPage }
  }`,
  tell(answer) {
    const { told } = answer;
    const meters = new Map(answer.world.supplies.map(({ id, meter }) => [id, meter]));
    answer.list<Listed>('supplies', ({ customer }) => customer);
    answer.list<Listed>(
      'customerLinks',
      ({ customer }) => `${customer} is ${meters.get(customer)}`,
      'supplies links',
    );
    answer.list<Listed & { state: string; metered: string | null }>(
      'supplyDifferences',
      ({ customer, state, metered }) => [customer, state, metered].filter(Boolean).join(' '),
      'supplies differences',
    );
    for (const { customer, meter } of answer.nodes<Listed & { meter: { id: string } | null }>(
      'customerLinks',
    ))
      told[`meter of supplies ${customer}`] = answer.beside('CustomerLink.meter', meter?.id);
  },
};

async function plant(owner: PoolClient, world: PolicyWorld): Promise<void> {
  for (const { id, supplier, area, energyItem, meter, confirmedIn } of world.supplies) {
    const its = { supplier, customer: id, energy_item: energyItem, meter, valid_from: '2025-01-01' };
    if (meter) {
      await by(owner, 'loader', confirmedIn);
      const columns = 'id text, supplier text, customer text, energy_item text, meter text, valid_from date';
      await insert(owner, 'metering.customer_link', columns, [{ id: `${id}-link`, ...its }]);
    }
    await by(owner, supplier, area);
    const said = {
      amount: '1.00',
      unit: energyItem.startsWith('02') ? 'm3' : 'kWh',
      record: id,
      batch: 'none',
      area,
    };
    const period = { from_at: `${READING_DAY}T00:00+08:00`, to_at: `${READING_DAY}T24:00+08:00` };
    await insert(
      owner,
      'metering.supply',
      'id text, customer text, energy_item text, record text, from_at timestamptz, to_at timestamptz, amount numeric, unit text, area text, batch text',
      [{ id: `${id}-record`, ...its, ...said, ...period }],
    );
  }
  await owner.query(`select set_config('hub.grant', '', true)`);
}

/** Who did it is asked of the grant. */
async function by(owner: PoolClient, tenant: string, area: string): Promise<void> {
  const everywhere = { areas: [''], subjects: [] };
  const grant = { caller: { tenant, area }, reach: { 'supplies:approve': everywhere } };
  await owner.query(`select set_config('hub.grant', $1, true)`, [JSON.stringify(grant)]);
}
