import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo, mayRead, mayWrite } from '../../runtime/reach.js';

const BY_TENANT = { area: 'tenant_area', subject: null } as const;
const IS_OWN = 'tenant = (select runtime.caller())';

/** What a tenant declares never changes; what was decided about it is added, and the state follows from that. */
export const tenants006: RoomMigration = {
  name: '006-purposes',
  sql: `
    create table tenants.purpose_declaration (
      id text primary key,
      tenant text not null references tenants.tenant,
      tenant_area text not null,
      purpose text not null,
      basis text not null check (basis in ('LAW', 'REGULATION', 'STATUTORY_DUTY', 'CONTRACT', 'CONSENT', 'OWN_DATA')),
      basis_text text not null check (length(basis_text) between 1 and 2000),
      document_sha256 text null check (document_sha256 ~ '^[0-9a-f]{64}$'),
      valid_from timestamptz not null,
      valid_to timestamptz null,
      declared_by text not null,
      declared_at timestamptz not null default now(),
      -- Follows from the events below.
      status text not null default 'DECLARED' check (status in ('DECLARED', 'APPROVED', 'REFUSED', 'ENDED')),
      check (valid_from < valid_to)
    );
    create index purpose_declaration_tenant on tenants.purpose_declaration (tenant, id);

    create table tenants.purpose_event (
      id bigint generated always as identity primary key,
      declaration text not null references tenants.purpose_declaration,
      -- Of the declaration: they decide who sees and adds the event.
      tenant text not null,
      tenant_area text not null,
      kind text not null check (kind in ('APPROVED', 'REFUSED', 'ENDED')),
      by text not null,
      at timestamptz not null default now(),
      reason text null check (length(reason) between 1 and 2000),
      check (kind = 'APPROVED' or reason is not null)
    );
    create index purpose_event_declaration on tenants.purpose_event (declaration, id);

    create trigger placed before insert on tenants.purpose_declaration
      for each row execute function tenants.placed_by_tenant();

    create function tenants.judge_purpose_event() returns trigger language plpgsql security definer set search_path = '' as $$
    declare
      declaration tenants.purpose_declaration;
    begin
      select * into declaration from tenants.purpose_declaration where id = new.declaration for update;
      if (declaration.status, new.kind) not in
        (('DECLARED', 'APPROVED'), ('DECLARED', 'REFUSED'), ('DECLARED', 'ENDED'), ('APPROVED', 'ENDED'))
      then
        raise check_violation using constraint = 'purpose_event_follows',
          message = format('a declaration that is %s cannot become %s', declaration.status, new.kind);
      end if;
      new.tenant := declaration.tenant;
      new.tenant_area := declaration.tenant_area;
      return new;
    end $$;
    create trigger judged before insert on tenants.purpose_event
      for each row execute function tenants.judge_purpose_event();

    create function tenants.project_purpose_event() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      update tenants.purpose_declaration set status = new.kind where id = new.declaration;
      return null;
    end $$;
    create trigger projected after insert on tenants.purpose_event
      for each row execute function tenants.project_purpose_event();
    revoke execute on function tenants.judge_purpose_event(), tenants.project_purpose_event() from public;

    alter table tenants.purpose_declaration enable row level security;
    create policy reading on tenants.purpose_declaration for select to hub_rooms
      using (${IS_OWN} or ${mayRead('purposes', BY_TENANT)});
    -- A scope names only purposes that its tenant has declared, so who sets scopes sees the declarations.
    create policy reading_for_scopes on tenants.purpose_declaration for select to hub_rooms
      using (${mayWrite('scopes', BY_TENANT)});
    create policy adding on tenants.purpose_declaration for insert to hub_rooms
      with check (status = 'DECLARED' and declared_by = (select runtime.caller())
        and (${IS_OWN} or ${mayWrite('purposes', BY_TENANT)}));

    alter table tenants.purpose_event enable row level security;
    create policy reading on tenants.purpose_event for select to hub_rooms
      using (${IS_OWN} or ${mayRead('purposes', BY_TENANT)});
    -- Nobody approves or refuses its own declaration; both sides may end it.
    create policy adding on tenants.purpose_event for insert to hub_rooms
      with check (by = (select runtime.caller())
        and (${mayDo('purposes', 'approve', BY_TENANT)} and not ${IS_OWN} or kind = 'ENDED' and ${IS_OWN}));
    grant select, insert on tenants.purpose_declaration, tenants.purpose_event to hub_rooms;

    create trigger revised after insert or update or delete on tenants.purpose_declaration
      for each statement execute function tenants.bump_revision();
  `,
};
