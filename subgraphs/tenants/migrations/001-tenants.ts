import type { RoomMigration } from '../../runtime/migrate.js';
import { reachPolicies } from '../../runtime/reach.js';

export const tenants001: RoomMigration = {
  name: '001-tenants',
  sql: `
    create schema tenants;
    grant usage on schema tenants to hub_rooms, hub_gateway;

    create table tenants.tenant (
      id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
      name text not null check (name <> ''),
      tier text not null check (tier in ('NATIONAL', 'MUNICIPAL', 'DISTRICT', 'ENTERPRISE', 'THIRD_PARTY')),
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      uscc text null check (uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
      status text not null default 'ACTIVE' check (status in ('ACTIVE', 'SUSPENDED', 'CLOSED')),
      registered_at timestamptz not null default now(),
      check (tier <> 'ENTERPRISE' or uscc is not null)
    );
    ${reachPolicies('tenants.tenant', 'tenants', { subject: null })}
    create policy own on tenants.tenant for select to hub_rooms using (id = (select runtime.caller()));
    grant select, insert, update on tenants.tenant to hub_rooms;

    -- What the gateway asks on every change: one number to compare, one document to read.
    create table tenants.revision (place smallint primary key default 1 check (place = 1), number bigint not null);
    insert into tenants.revision (number) values (1);
    alter table tenants.revision enable row level security;

    create function tenants.bump_revision() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      update tenants.revision set number = number + 1;
      return null;
    end $$;
    create trigger revised after insert or update or delete on tenants.tenant
      for each statement execute function tenants.bump_revision();
    revoke execute on function tenants.bump_revision() from public;
  `,
};
