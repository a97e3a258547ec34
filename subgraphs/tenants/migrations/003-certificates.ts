import { MOST_LIVE_CERTIFICATES } from '../../../gateway/policy/certificates.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo, mayRead, mayWrite, reachPolicies } from '../../runtime/reach.js';

const BY_AREA = { subject: null };

/**
 * Certificates, how long a tenant may hold any, and the notices of their ends. Row-level security lets a tenant renew
 * its own within what was approved, and give one up; nobody approves for itself.
 */
export const tenants003: RoomMigration = {
  name: '003-certificates',
  sql: `
    create table tenants.certificate_approval (
      id text primary key,
      tenant text not null references tenants.tenant,
      area text not null,
      basis text not null check (basis in ('APPLICATION', 'DECISION', 'REGISTRATION')),
      months smallint null check (months in (12, 24, 36, 48, 60)),
      approved_until timestamptz not null,
      reason text not null check (reason <> ''),
      application text null check ((basis = 'APPLICATION') = (application is not null)),
      approved_by text not null,
      approved_at timestamptz not null default now(),
      check ((basis = 'REGISTRATION') = (months is null))
    );
    create index certificate_approval_tenant on tenants.certificate_approval (tenant, id);
    alter table tenants.certificate_approval enable row level security;
    create policy reading on tenants.certificate_approval for select to hub_rooms using (${mayRead('tenants', BY_AREA)});
    create policy own on tenants.certificate_approval for select to hub_rooms using (tenant = (select runtime.caller()));
    create policy adding on tenants.certificate_approval for insert to hub_rooms with check (
      approved_by = (select runtime.caller()) and tenant <> approved_by
      and (${mayDo('applications', 'approve', BY_AREA)} or (basis = 'REGISTRATION' and ${mayWrite('tenants', BY_AREA)})));
    grant select, insert (id, tenant, area, basis, months, approved_until, reason, application, approved_by)
      on tenants.certificate_approval to hub_rooms;

    create table tenants.certificate (
      fingerprint text primary key check (fingerprint ~ '^[0-9a-f]{64}$'),
      tenant text not null references tenants.tenant,
      area text not null,
      serial text not null,
      not_before timestamptz not null,
      not_after timestamptz not null,
      status text not null default 'ACTIVE' check (status in ('ACTIVE', 'SUSPENDED', 'REVOKED')),
      registered_at timestamptz not null default now(),
      registered_by text not null,
      renewed_from text null references tenants.certificate,
      suspended_at timestamptz null,
      revoked_at timestamptz null,
      reason text null,
      check (not_before < not_after)
    );
    create index certificate_tenant on tenants.certificate (tenant, fingerprint);
    create index certificate_end on tenants.certificate (not_after, fingerprint) where status <> 'REVOKED';
    ${reachPolicies('tenants.certificate', 'tenants', BY_AREA)}
    create policy own on tenants.certificate for select to hub_rooms using (tenant = (select runtime.caller()));
    -- Of two who ask at once for the last place, one is refused: the lock ends with the transaction.
    create function tenants.has_room(holder text) returns boolean language plpgsql security definer set search_path = '' as $$
    begin
      perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('tenants.certificate ' || holder, 0));
      return (select count(*) < ${MOST_LIVE_CERTIFICATES} from tenants.certificate
              where tenant = holder and status <> 'REVOKED' and not_after > now());
    end $$;
    revoke execute on function tenants.has_room(text) from public;
    grant execute on function tenants.has_room(text) to hub_rooms;
    create policy two_live on tenants.certificate as restrictive for insert to hub_rooms
      with check (not_after <= now() or tenants.has_room(tenant));
    create policy renewing on tenants.certificate for insert to hub_rooms with check (
      tenant = (select runtime.caller()) and registered_by = tenant and renewed_from is not null
      and area = (select mine.area from tenants.tenant as mine where mine.id = (select runtime.caller()))
      and not_after <= (select max(approved.approved_until) from tenants.certificate_approval as approved
                        where approved.tenant = (select runtime.caller())));
    create policy retiring on tenants.certificate for update to hub_rooms
      using (tenant = (select runtime.caller())) with check (tenant = (select runtime.caller()) and status = 'REVOKED');
    grant select, insert (fingerprint, tenant, area, serial, not_before, not_after, registered_by, renewed_from),
      update (status, suspended_at, revoked_at, reason) on tenants.certificate to hub_rooms;

    -- A revocation is for ever, whoever asks: what came after it was refused, and must stay so.
    create function tenants.keep_revoked() returns trigger language plpgsql set search_path = '' as $$
    begin
      if old.status = 'REVOKED' and to_jsonb(new) - 'area' <> to_jsonb(old) - 'area' then
        raise exception 'certificate % is revoked for ever', old.fingerprint
          using errcode = 'check_violation', constraint = 'certificate_revoked_for_ever';
      end if;
      return new;
    end $$;
    create trigger revoked_for_ever before update on tenants.certificate
      for each row execute function tenants.keep_revoked();
    create trigger certificate_follows after update of area on tenants.tenant for each row
      when (old.area <> new.area) execute function tenants.moved_with_tenant('certificate', 'area');
    create trigger approval_follows after update of area on tenants.tenant for each row
      when (old.area <> new.area) execute function tenants.moved_with_tenant('certificate_approval', 'area');
    create trigger revised after insert or update or delete on tenants.certificate
      for each statement execute function tenants.bump_revision();

    create table tenants.certificate_notice (
      fingerprint text not null references tenants.certificate,
      days smallint not null,
      noticed_at timestamptz not null default now(),
      primary key (fingerprint, days)
    );
    alter table tenants.certificate_notice enable row level security;
    create policy reading on tenants.certificate_notice for select to hub_rooms
      using (exists (select from tenants.certificate as its where its.fingerprint = certificate_notice.fingerprint));
    create policy noticing on tenants.certificate_notice for insert to hub_rooms
      with check ((select runtime.caller()) = 'hub');
    grant select, insert (fingerprint, days) on tenants.certificate_notice to hub_rooms;
  `,
};
