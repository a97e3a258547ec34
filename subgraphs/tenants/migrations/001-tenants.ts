import type { RoomMigration } from '../../runtime/migrate.js';
import { reachPolicies } from '../../runtime/reach.js';

const OWN_BY_AREA = { subject: null } as const;

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
    ${reachPolicies('tenants.tenant', 'tenants', OWN_BY_AREA)}
    create policy own on tenants.tenant for select to hub_rooms using (id = (select runtime.caller()));

    create table tenants.certificate (
      fingerprint text primary key check (fingerprint ~ '^[0-9a-f]{64}$'),
      tenant text not null references tenants.tenant,
      area text not null,
      serial text not null,
      not_before timestamptz not null,
      not_after timestamptz not null,
      status text not null default 'ACTIVE' check (status in ('ACTIVE', 'REVOKED')),
      registered_at timestamptz not null default now(),
      revoked_at timestamptz null,
      reason text null
    );
    create index certificate_tenant on tenants.certificate (tenant, fingerprint);
    ${reachPolicies('tenants.certificate', 'tenants', OWN_BY_AREA)}
    create policy own on tenants.certificate for select to hub_rooms using (tenant = (select runtime.caller()));

    create table tenants.scope (
      id text primary key,
      tenant text not null references tenants.tenant,
      tenant_area text not null,
      category text not null,
      action text not null check (action in ('read', 'write')),
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      purposes text[] not null check (cardinality(purposes) > 0),
      valid_from timestamptz not null default now(),
      valid_to timestamptz null,
      set_by text not null,
      set_at timestamptz not null default now()
    );
    create index scope_tenant on tenants.scope (tenant, id);
    ${reachPolicies('tenants.scope', 'scopes', { ...OWN_BY_AREA, area: 'tenant_area' })}
    create policy own on tenants.scope for select to hub_rooms using (tenant = (select runtime.caller()));

    create table tenants.consent (
      id text primary key,
      subject text not null check (subject ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      recipient text not null references tenants.tenant,
      categories text[] not null check (cardinality(categories) > 0),
      purpose text not null,
      valid_from timestamptz not null,
      valid_to timestamptz not null,
      status text not null default 'GRANTED' check (status in ('GRANTED', 'REVOKED')),
      granted_by text not null,
      evidence_sha256 text null check (evidence_sha256 ~ '^[0-9a-f]{64}$'),
      granted_at timestamptz not null default now(),
      revoked_at timestamptz null,
      check (valid_from < valid_to)
    );
    create index consent_recipient on tenants.consent (recipient, id);
    create index consent_subject on tenants.consent (subject, id);
    ${reachPolicies('tenants.consent', 'consents')}
    create policy received on tenants.consent for select to hub_rooms using (recipient = (select runtime.caller()));

    grant select, insert, update on tenants.tenant, tenants.certificate, tenants.scope, tenants.consent to hub_rooms;

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
    create trigger revised after insert or update or delete on tenants.certificate
      for each statement execute function tenants.bump_revision();
    create trigger revised after insert or update or delete on tenants.scope
      for each statement execute function tenants.bump_revision();
    create trigger revised after insert or update or delete on tenants.consent
      for each statement execute function tenants.bump_revision();

    create function tenants.current_revision() returns bigint language sql stable security definer set search_path = '' as $$
      select number from tenants.revision
    $$;
    create function tenants.registry() returns jsonb language sql stable security definer set search_path = '' as $$
      select jsonb_build_object(
        'revision', (select number from tenants.revision),
        'tenants', coalesce((select jsonb_agg(to_jsonb(tenant)) from tenants.tenant), '[]'),
        'certificates', coalesce((select jsonb_agg(to_jsonb(certificate)) from tenants.certificate), '[]'),
        'scopes', coalesce((select jsonb_agg(to_jsonb(scope)) from tenants.scope), '[]'),
        'consents', coalesce((select jsonb_agg(to_jsonb(consent)) from tenants.consent where status = 'GRANTED'), '[]'))
    $$;
    revoke execute on function tenants.bump_revision(), tenants.current_revision(), tenants.registry() from public;
    grant execute on function tenants.current_revision(), tenants.registry() to hub_gateway;
  `,
};
