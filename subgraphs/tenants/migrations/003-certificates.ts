import type { RoomMigration } from '../../runtime/migrate.js';
import { reachPolicies } from '../../runtime/reach.js';

export const tenants003: RoomMigration = {
  name: '003-certificates',
  sql: `
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
    ${reachPolicies('tenants.certificate', 'tenants', { subject: null })}
    create policy own on tenants.certificate for select to hub_rooms using (tenant = (select runtime.caller()));
    grant select, insert, update on tenants.certificate to hub_rooms;
    create trigger revised after insert or update or delete on tenants.certificate
      for each statement execute function tenants.bump_revision();
  `,
};
