import { CONSOLE, TIERS_BELOW } from '../../../gateway/policy/administration.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { reachPolicies } from '../../runtime/reach.js';

const BELOW = Object.entries(TIERS_BELOW)
  .map(([tier, below]) => `when '${tier}' then array[${below.map((name) => `'${name}'`).join(', ')}]::text[]`)
  .join(' ');

export const tenants001: RoomMigration = {
  name: '001-tenants',
  sql: `
    create schema tenants;
    grant usage on schema tenants to hub_rooms, hub_gateway;

    create table tenants.tenant (
      id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
      -- The operator at the machine and the hub itself act under these names.
      check (id not in ('console', 'hub')),
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
    grant select, insert (id, name, tier, area, uscc), update (name, tier, area, uscc, status) on tenants.tenant to hub_rooms;

    -- Tier and area decide what a tenant may, so nobody sets them for itself or for those above.
    create function tenants.ranks_above(its_tier text) returns boolean language sql stable as $$
      select runtime.caller() = '${CONSOLE}'
        or its_tier = any(case nullif(current_setting('hub.grant', true), '')::jsonb -> 'caller' ->> 'tier' ${BELOW} end)
    $$;
    create policy below_adding on tenants.tenant as restrictive for insert to hub_rooms
      with check (tenants.ranks_above(tier) and id <> (select runtime.caller()));
    create policy below_changing on tenants.tenant as restrictive for update to hub_rooms
      using (tenants.ranks_above(tier) and id <> (select runtime.caller())) with check (tenants.ranks_above(tier));

    -- Whether the caller administers a tenant, and it lies where it is said to lie.
    create function tenants.administers(target text, its_area text) returns boolean
    language sql stable security definer set search_path = '' as $$
      select target <> runtime.caller() and exists
        (select from tenants.tenant where id = target and area = its_area and tenants.ranks_above(tier))
    $$;
    revoke execute on function tenants.ranks_above(text), tenants.administers(text, text) from public;
    grant execute on function tenants.ranks_above(text), tenants.administers(text, text) to hub_rooms;

    -- What stands about a tenant that has moved is seen and administered where it lies now.
    create function tenants.moved_with_tenant() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      execute format('update tenants.%I set %I = $1 where tenant = $2', tg_argv[0], tg_argv[1]) using new.area, new.id;
      return null;
    end $$;

    -- Where a tenant lies is not for the one who adds something about it to say.
    create function tenants.placed_by_tenant() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      select area into new.tenant_area from tenants.tenant where id = new.tenant;
      new.valid_from := coalesce(new.valid_from, now());
      return new;
    end $$;

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
    revoke execute on function
      tenants.bump_revision(), tenants.placed_by_tenant(), tenants.moved_with_tenant() from public;
  `,
};
