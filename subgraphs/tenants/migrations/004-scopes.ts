import type { RoomMigration } from '../../runtime/migrate.js';
import { reachPolicies } from '../../runtime/reach.js';

export const tenants004: RoomMigration = {
  name: '004-scopes',
  sql: `
    create table tenants.scope (
      id text primary key,
      tenant text not null references tenants.tenant,
      tenant_area text not null,
      category text not null,
      action text not null check (action in ('read', 'write', 'review_protocol', 'review_security', 'approve')),
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      -- Null is every kind, every type.
      energy_kinds text[] null check (energy_kinds <> '{}'),
      building_types text[] null check (building_types <> '{}'),
      purposes text[] not null check (cardinality(purposes) > 0),
      valid_from timestamptz not null default now(),
      valid_to timestamptz null,
      set_by text not null,
      set_at timestamptz not null default now()
    );
    create index scope_tenant on tenants.scope (tenant, id);
    ${reachPolicies('tenants.scope', 'scopes', { subject: null, area: 'tenant_area' })}
    create policy own on tenants.scope for select to hub_rooms using (tenant = (select runtime.caller()));
    grant select, insert, update on tenants.scope to hub_rooms;
    create trigger revised after insert or update or delete on tenants.scope
      for each statement execute function tenants.bump_revision();
  `,
};
