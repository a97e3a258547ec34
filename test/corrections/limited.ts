import type { World } from '../world/world.js';

interface Limit {
  tenant: string;
  category: string;
  buildingTypes?: string[];
  energyKinds?: string[];
}

/** A tenant's scopes of a category reach only what a limit leaves them, while `work` is done. */
export async function limited<T>(world: World, limit: Limit, work: () => Promise<T>): Promise<T> {
  const { tenant, category, buildingTypes = null, energyKinds = null } = limit;
  const whole = `tenant = $1 and category = $2 and id not like '%-limited'`;
  await world.sql(
    `insert into tenants.scope (id, tenant, category, action, area, purposes, valid_from, set_by, building_types, energy_kinds)
     select id || gen_random_uuid() || '-limited', tenant, category, action, area, purposes, valid_from, set_by, $3, $4
     from tenants.scope where ${whole}`,
    [tenant, category, buildingTypes, energyKinds],
  );
  await world.sql(`update tenants.scope set valid_to = now() where ${whole}`, [tenant, category]);
  await world.registryCatchesUp();
  try {
    return await work();
  } finally {
    await world.sql(`update tenants.scope set valid_to = null where ${whole}`, [tenant, category]);
    await world.sql(`update tenants.scope set valid_to = now() where tenant = $1 and id like '%-limited'`, [
      tenant,
    ]);
    await world.registryCatchesUp();
  }
}
