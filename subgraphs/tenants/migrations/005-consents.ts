import type { RoomMigration } from '../../runtime/migrate.js';
import { reachPolicies } from '../../runtime/reach.js';

export const tenants005: RoomMigration = {
  name: '005-consents',
  sql: `
    create table tenants.consent (
      id text primary key,
      subject text not null check (subject ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      recipient text not null references tenants.tenant,
      categories text[] not null check (cardinality(categories) > 0),
      -- Null is every kind, every level.
      energy_kinds text[] null check (energy_kinds <> '{}'),
      meter_levels smallint[] null check (meter_levels <> '{}' and meter_levels <@ '{1,2,3}'),
      finest text not null default 'AS_METERED' check (finest in ('AS_METERED', 'HOUR', 'DAY')),
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
    grant select, insert, update on tenants.consent to hub_rooms;
    create trigger revised after insert or update or delete on tenants.consent
      for each statement execute function tenants.bump_revision();
  `,
};
