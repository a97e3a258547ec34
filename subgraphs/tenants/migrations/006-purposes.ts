import { BASES } from '../../../gateway/policy/purposes.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { appendOnly } from '../../runtime/history.js';
import { mayDo, mayRead, mayWrite } from '../../runtime/reach.js';
import {
  DECLARATION_STATES,
  DECLARATION_TRANSITIONS,
  type DeclarationActor,
} from '../purposes/transitions.js';

const BY_TENANT = { area: 'tenant_area', subject: null } as const;
const IS_OWN = 'tenant = (select runtime.caller())';

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
const pairs = (actor?: DeclarationActor): string =>
  DECLARATION_TRANSITIONS.filter(({ by }) => actor === undefined || by.includes(actor))
    .map(({ from, to }) => `('${from}', '${to}')`)
    .join(', ');

/** What a tenant declares never changes; what was decided about it is added, and the state follows from that. */
export const tenants006: RoomMigration = {
  name: '006-purposes',
  sql: `
    create table tenants.purpose_declaration (
      id text primary key,
      tenant text not null references tenants.tenant,
      tenant_area text not null,
      purpose text not null,
      basis text not null check (basis in (${quoted(Object.keys(BASES))})),
      basis_text text not null check (length(basis_text) between 1 and 2000),
      document_sha256 text null check (document_sha256 ~ '^[0-9a-f]{64}$'),
      valid_from timestamptz not null,
      valid_to timestamptz null,
      declared_by text not null,
      declared_at timestamptz not null default now(),
      -- Follows from the events below.
      status text not null default 'DECLARED' check (status in (${quoted(DECLARATION_STATES)})),
      check (valid_from < valid_to)
    );
    create index purpose_declaration_tenant on tenants.purpose_declaration (tenant, id);

    create table tenants.purpose_event (
      id bigint generated always as identity primary key,
      declaration text not null references tenants.purpose_declaration,
      kind text not null check (kind in (${quoted(DECLARATION_STATES.slice(1))})),
      by text not null,
      at timestamptz not null default now(),
      reason text null check (length(reason) between 1 and 2000),
      check (kind = 'APPROVED' or reason is not null)
    );
    create index purpose_event_declaration on tenants.purpose_event (declaration, id);

    create trigger placed before insert on tenants.purpose_declaration
      for each row execute function tenants.placed_by_tenant();
    create trigger purpose_declaration_follows after update of area on tenants.tenant for each row
      when (old.area <> new.area) execute function tenants.moved_with_tenant('purpose_declaration', 'tenant_area');

    create function tenants.judge_purpose_event() returns trigger language plpgsql security definer set search_path = '' as $$
    declare
      was text;
    begin
      select status into was from tenants.purpose_declaration where id = new.declaration for update;
      if (was, new.kind) not in (${pairs()}) then
        raise check_violation using constraint = 'purpose_event_follows',
          message = format('a declaration that is %s cannot become %s', was, new.kind);
      end if;
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

    -- Who sees a declaration sees what was decided about it.
    alter table tenants.purpose_event enable row level security;
    create policy reading on tenants.purpose_event for select to hub_rooms
      using (exists (select from tenants.purpose_declaration where id = declaration));
    create policy adding on tenants.purpose_event for insert to hub_rooms
      with check (by = (select runtime.caller()) and exists (
        select from tenants.purpose_declaration where id = declaration and case when ${IS_OWN}
          then (status, kind) in (${pairs('TENANT')})
          else (status, kind) in (${pairs('APPROVER')}) and ${mayDo('purposes', 'approve', BY_TENANT)} end));
    ${appendOnly('tenants.purpose_event')}
    grant select, insert on tenants.purpose_declaration, tenants.purpose_event to hub_rooms;

    -- Who records a consent sees no declarations of its recipient, and need not.
    create function tenants.has_approved_purpose(declarant text, named text) returns boolean
    language sql stable security definer set search_path = '' as $$
      select exists (select from tenants.purpose_declaration where tenant = declarant and purpose = named
        and status = 'APPROVED' and (valid_to is null or now() < valid_to))
    $$;
    revoke execute on function tenants.has_approved_purpose(text, text) from public;
    grant execute on function tenants.has_approved_purpose(text, text) to hub_rooms;

    create trigger revised after insert or update or delete on tenants.purpose_declaration
      for each statement execute function tenants.bump_revision();
  `,
};
