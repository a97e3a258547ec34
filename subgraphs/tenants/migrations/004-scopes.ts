import { ACTIONS } from '../../../gateway/policy/categories.js';
import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayRead, mayWrite } from '../../runtime/reach.js';

const OF_TENANT = { area: 'tenant_area', subject: null } as const;
/** Both the tenant and what the scope covers lie where the caller administers, and the tenant ranks below it. */
const IS_ADMIN = `(${mayWrite('scopes', OF_TENANT)} and ${mayWrite('scopes', { subject: null })}
        and tenants.administers(tenant, tenant_area))`;

/** What a scope says never changes; it ends, and another one replaces it. */
export const tenants004: RoomMigration = {
  name: '004-scopes',
  sql: `
    create table tenants.scope (
      id text primary key,
      tenant text not null references tenants.tenant,
      tenant_area text not null,
      category text not null,
      action text not null check (action in (${ACTIONS.map((action) => `'${action}'`).join(', ')})),
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      -- Null is every kind, every type.
      energy_kinds text[] null check (energy_kinds <> '{}'),
      building_types text[] null check (building_types <> '{}'),
      purposes text[] not null check (cardinality(purposes) > 0),
      valid_from timestamptz not null default now(),
      valid_to timestamptz null,
      replaces text null unique references tenants.scope,
      set_by text not null,
      set_at timestamptz not null default now(),
      ended_by text null
    );
    create index scope_tenant on tenants.scope (tenant, id);
    create trigger placed before insert on tenants.scope for each row execute function tenants.placed_by_tenant();
    create trigger scope_follows after update of area on tenants.tenant for each row
      when (old.area <> new.area) execute function tenants.moved_with_tenant('scope', 'tenant_area');

    alter table tenants.scope enable row level security;
    create policy reading on tenants.scope for select to hub_rooms using (${mayRead('scopes', OF_TENANT)});
    create policy own on tenants.scope for select to hub_rooms using (tenant = (select runtime.caller()));
    create policy adding on tenants.scope for insert to hub_rooms
      with check (set_by = (select runtime.caller()) and ended_by is null and ${IS_ADMIN});
    create policy ending on tenants.scope for update to hub_rooms
      using (${IS_ADMIN}) with check (ended_by = (select runtime.caller()) and ${IS_ADMIN});
    grant select, insert (id, tenant, tenant_area, category, action, area, energy_kinds, building_types, purposes,
      valid_from, valid_to, replaces, set_by), update (valid_to, ended_by) on tenants.scope to hub_rooms;
    create trigger revised after insert or update or delete on tenants.scope
      for each statement execute function tenants.bump_revision();
    -- It ends, and its area follows the tenant that moves.
    ${appendOnly('tenants.scope', 'valid_to', 'ended_by', 'tenant_area')}
  `,
};
