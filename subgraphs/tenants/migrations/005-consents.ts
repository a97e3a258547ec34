import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayRead, mayWrite } from '../../runtime/reach.js';
import { CONSENT_TRANSITIONS } from '../consents/transitions.js';

const TERMS = `
  subject text not null check (subject ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
  area text not null check (area ~ '^[1-9][0-9]{5}$'),
  recipient text not null references tenants.tenant,
  categories text[] not null check (cardinality(categories) > 0),
  -- Null is every kind, every level.
  energy_kinds text[] null check (energy_kinds <> '{}'),
  meter_levels smallint[] null check (meter_levels <> '{}' and meter_levels <@ '{1,2,3}'),
  finest text not null default 'AS_METERED' check (finest in ('AS_METERED', 'HOUR', 'DAY', 'MONTH')),
  purpose text not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  -- By when the recipient has erased what it received, where that was agreed.
  erase_by timestamptz null,
  check (valid_from < valid_to),
  check (erase_by >= valid_to)
`;

const TERM_COLUMNS =
  'categories, energy_kinds, meter_levels, finest, purpose, valid_from, valid_to, erase_by'.split(', ');

/** How a consent stands now: what its events come to, written by their trigger and by nobody else. */
const CONSENT = `
  create table tenants.consent (
    id text primary key,
    ${TERMS},
    status text not null default 'GRANTED',
    last_event integer not null default 1,
    requested_at timestamptz null,
    answer_by timestamptz null,
    granted_by text null,
    granted_at timestamptz null,
    evidence_sha256 text null,
    ended_at timestamptz null
  );
  create index consent_recipient on tenants.consent (recipient, id);
  create index consent_subject on tenants.consent (subject, id);
  create index consent_due on tenants.consent (coalesce(answer_by, valid_to)) where status in ('REQUESTED', 'GRANTED');
  -- A subject is asked one thing at a time.
  create unique index consent_asked on tenants.consent (recipient, subject, purpose) where status = 'REQUESTED';
  alter table tenants.consent enable row level security;
  create policy reading on tenants.consent for select to hub_rooms using (${mayRead('consents')});
  create policy received on tenants.consent for select to hub_rooms using (recipient = (select runtime.caller()));
  grant select on tenants.consent to hub_rooms;
  create trigger revised after insert or update or delete on tenants.consent
    for each statement execute function tenants.bump_revision();
`;

const TRANSITIONS = `
  create table tenants.consent_transition (
    from_status text not null,
    to_status text not null,
    actor text not null,
    primary key (from_status, to_status, actor)
  );
  alter table tenants.consent_transition enable row level security;
  insert into tenants.consent_transition values
    ${CONSENT_TRANSITIONS.flatMap(({ from, to, by }) => by.map((actor) => `('${from}', '${to}', '${actor}')`)).join(',\n    ')};
`;

/**
 * What happened to a consent, in order. Who acts for whom is row-level security's to say: a subject for itself, an
 * operator by area with the paper's hash and never for its own benefit, a recipient for itself, the hub for time.
 */
const EVENTS = `
  create table tenants.consent_event (
    consent text not null,
    number integer not null,
    from_status text not null,
    status text not null,
    actor text not null,
    tenant text not null,
    at timestamptz not null,
    reason text null check (length(reason) between 1 and 500),
    evidence_sha256 text null check (evidence_sha256 ~ '^[0-9a-f]{64}$'),
    answer_by timestamptz null check ((status = 'REQUESTED') = (answer_by is not null)),
    ${TERMS},
    primary key (consent, number),
    constraint operator_has_evidence check (actor <> 'OPERATOR' or evidence_sha256 is not null)
  );
  alter table tenants.consent_event enable row level security;
  create policy reading on tenants.consent_event for select to hub_rooms using (${mayRead('consents')});
  create policy received on tenants.consent_event for select to hub_rooms
    using (recipient = (select runtime.caller()));
  create policy adding on tenants.consent_event for insert to hub_rooms with check (case actor
    when 'SUBJECT' then subject = any((select runtime.subjects_to('consents', 'write'))::text[])
    when 'OPERATOR' then ${mayWrite('consents', { subject: null })} and (select runtime.caller()) not in (recipient, 'hub')
    when 'RECIPIENT' then recipient = (select runtime.caller()) and (select runtime.granted_to('consents', 'write'))
    when 'HUB' then (select runtime.caller()) = 'hub' and (select runtime.granted_to('consents', 'write'))
    else false end);
  grant select on tenants.consent_event to hub_rooms;
  grant insert (consent, status, actor, reason, evidence_sha256, answer_by, subject, area, recipient,
    ${TERM_COLUMNS.join(', ')}) on tenants.consent_event to hub_rooms;
`;

const copied = (columns: readonly string[]): string =>
  columns.map((column) => `new.${column} := held.${column};`).join(' ');

/** Gives an event its place and refuses what no transition allows; the row lock keeps two from taking the same step. */
const TAKING = `
  create function tenants.take_consent_event() returns trigger
  language plpgsql security definer set search_path = '' as $$
  declare held tenants.consent;
  begin
    select * into held from tenants.consent where id = new.consent for update;
    new.from_status := coalesce(held.status, 'NONE');
    new.number := coalesce(held.last_event, 0) + 1;
    new.tenant := runtime.caller();
    new.at := now();
    if not exists (select from tenants.consent_transition as known where known.from_status = new.from_status
        and known.to_status = new.status and known.actor = new.actor)
      or new.status = 'EXPIRED' and now() < (case held.status when 'REQUESTED' then held.answer_by else held.valid_to end)
    then
      raise exception 'a consent that is % does not become % by the %', new.from_status, new.status, new.actor
        using errcode = 'HB409';
    end if;
    if new.status in ('REQUESTED', 'GRANTED') and tenants.receives_without_consent(coalesce(held.recipient, new.recipient)) then
      raise exception 'a consent opens nothing to %', coalesce(held.recipient, new.recipient)
        using errcode = '23514', constraint = 'recipient_is_third_party';
    end if;
    if held.id is null then return new; end if;
    ${copied(['subject', 'area', 'recipient', 'purpose'])}
    if new.status <> 'GRANTED' then
      ${copied(TERM_COLUMNS.filter((column) => column !== 'purpose'))}
    elsif not (new.categories <@ held.categories
      and (held.energy_kinds is null or coalesce(new.energy_kinds <@ held.energy_kinds, false))
      and (held.meter_levels is null or coalesce(new.meter_levels <@ held.meter_levels, false))
      and array_position(array['AS_METERED', 'HOUR', 'DAY', 'MONTH'], new.finest)
        >= array_position(array['AS_METERED', 'HOUR', 'DAY', 'MONTH'], held.finest)
      and new.valid_from >= held.valid_from and new.valid_to <= held.valid_to
      and (held.erase_by is null or coalesce(new.erase_by <= held.erase_by, false)))
    then
      raise exception 'more is granted than was asked' using errcode = '23514', constraint = 'granted_within_asked';
    end if;
    return new;
  end $$;
  create trigger taken before insert on tenants.consent_event
    for each row execute function tenants.take_consent_event();

  create function tenants.project_consent_event() returns trigger
  language plpgsql security definer set search_path = '' as $$
  begin
    if new.number = 1 then
      insert into tenants.consent (id, subject, area, recipient, ${TERM_COLUMNS.join(', ')}, status, requested_at, answer_by)
        values (new.consent, new.subject, new.area, new.recipient, ${TERM_COLUMNS.map((column) => `new.${column}`).join(', ')},
          new.status, case new.status when 'REQUESTED' then new.at end, new.answer_by);
    end if;
    update tenants.consent set status = new.status, last_event = new.number,
        ${TERM_COLUMNS.map((column) => `${column} = new.${column}`).join(', ')},
        granted_by = case new.status when 'GRANTED' then new.tenant else granted_by end,
        granted_at = case new.status when 'GRANTED' then new.at else granted_at end,
        evidence_sha256 = case new.status when 'GRANTED' then new.evidence_sha256 else evidence_sha256 end,
        ended_at = case when new.status in ('REQUESTED', 'GRANTED') then null else new.at end
      where id = new.consent;
    return null;
  end $$;
  create trigger projected after insert on tenants.consent_event
    for each row execute function tenants.project_consent_event();
  revoke execute on function tenants.take_consent_event(), tenants.project_consent_event() from public;
`;

/** What opens data comes from an event, at the owner's hand too, as long as nobody takes the trigger off. */
const EVENTS_ALONE = `
  create function tenants.events_alone_change() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if tg_op in ('INSERT', 'UPDATE') and pg_trigger_depth() > 1 then return null; end if;
    raise exception '%.% is what its events come to: % is refused', tg_table_schema, tg_table_name, lower(tg_op)
      using errcode = 'insufficient_privilege', hint = 'What is to change is a further event.';
  end $$;
  revoke execute on function tenants.events_alone_change() from public;
  create trigger refuse_change before insert or update or delete or truncate on tenants.consent
    for each statement execute function tenants.events_alone_change();
  alter table tenants.consent enable always trigger refuse_change;
`;

/** Who asks or answers does not see the tenants; it learns of an area, or of a recipient, only that it is wrong. */
const PLACE = `
  create function tenants.receives_without_consent(named text) returns boolean
  language sql stable security definer set search_path = '' as $$
    select exists (select from tenants.tenant where id = named and tier <> 'THIRD_PARTY')
  $$;
  revoke execute on function tenants.receives_without_consent(text) from public;
  grant execute on function tenants.receives_without_consent(text) to hub_rooms;

  create function tenants.lies_elsewhere(code text, claimed text) returns boolean
  language sql stable security definer set search_path = '' as $$
    select exists (select from tenants.tenant where uscc = code and tier = 'ENTERPRISE')
      and not exists (select from tenants.tenant where uscc = code and tier = 'ENTERPRISE' and area = claimed)
  $$;
  revoke execute on function tenants.lies_elsewhere(text, text) from public;
  grant execute on function tenants.lies_elsewhere(text, text) to hub_rooms;
`;

export const tenants005: RoomMigration = {
  name: '005-consents',
  sql: `
    -- Names of the hub itself in grants and events; no tenant may be taken for it.
    alter table tenants.tenant add constraint not_the_hub_itself check (id not in ('hub', 'console'));
    ${CONSENT}
    ${TRANSITIONS}
    ${EVENTS}
    ${TAKING}
    ${EVENTS_ALONE}
    ${PLACE}
    ${appendOnly('tenants.consent_event')}
    ${appendOnly('tenants.consent_transition')}
  `,
};
