import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo, mayRead, mayWrite, referencePolicies } from '../../runtime/reach.js';
import { readReference, referenceTable } from '../../runtime/reference.js';
import { KINDS, REQUIREMENTS } from '../applications/lists.js';
import { ACTS, OFFICES, STATES, TRANSITIONS, type Office } from '../applications/states.js';

const CALLER = '(select runtime.caller())';

const quoted = (text: string): string => `'${text}'`;
const oneOf = (column: string, list: object): string =>
  `check (${column} in (${Object.keys(list).map(quoted).join(', ')}))`;
const array = (list: readonly string[] | undefined): string =>
  list ? `array[${list.map(quoted).join(', ')}]` : 'null';

const APPLICATION = `
  create table tenants.application (
    id text primary key,
    kind text not null ${oneOf('kind', KINDS)},
    applicant text not null references tenants.tenant,
    tenant text not null check (tenant ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
    name text not null check (name <> ''),
    tier text not null check (tier in ('MUNICIPAL', 'DISTRICT', 'ENTERPRISE')),
    area text not null check (area ~ '^[1-9][0-9]{5}$'),
    subject text null check (subject ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
    -- A way to hand in, with no state of its own.
    batch text null check (batch ~ '^apb_'),
    -- Follow from the events.
    state text not null default 'DRAFT' ${oneOf('state', STATES)},
    suspended_from text null,
    version integer not null default 1,
    made_at timestamptz not null default now(),
    check ((state = 'SUSPENDED') = (suspended_from is not null)),
    check (kind = 'PLATFORM' or subject is not null)
  );
  create unique index application_open on tenants.application (tenant) where state not in ('CONNECTED', 'WITHDRAWN');
  create index application_applicant on tenants.application (applicant, id);
  create index application_batch on tenants.application (batch, id) where batch is not null;
  alter table tenants.application enable row level security;
  create policy reading on tenants.application for select to hub_rooms
    using (${mayRead('applications', { tenant: 'applicant' })});
  create policy applying on tenants.application for insert to hub_rooms
    with check (applicant = ${CALLER} and ${mayWrite('applications', { subject: null })});
  grant select, insert (id, kind, applicant, tenant, name, tier, area, subject, batch) on tenants.application to hub_rooms;
`;

/** A version and its list are written in one transaction, and never again. */
const VERSION = `
  create table tenants.application_version (
    id text primary key,
    application text not null references tenants.application,
    number integer not null,
    form jsonb not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    made_at timestamptz not null default now(),
    made_in xid8 not null default pg_current_xact_id(),
    unique (application, number)
  );
  alter table tenants.application_version enable row level security;
  create policy reading on tenants.application_version for select to hub_rooms
    using (application in (select id from tenants.application));
  create policy adding on tenants.application_version for insert to hub_rooms
    with check ((select runtime.granted_to('applications', 'write'))
      and exists (select from tenants.application as its
        where its.id = application and its.applicant = ${CALLER} and its.version = number));
  grant select, insert (id, application, number, form, sha256) on tenants.application_version to hub_rooms;

  create table tenants.application_unit (
    id text primary key,
    version text not null references tenants.application_version,
    uscc text not null,
    name text not null,
    industry text not null,
    place text not null,
    nature text not null,
    energy_kinds text[] not null,
    energy jsonb not null,
    consumption jsonb,
    acceptance jsonb,
    unique (version, uscc)
  );
  create index application_unit_listed on tenants.application_unit (uscc);
  alter table tenants.application_unit enable row level security;
  create policy reading on tenants.application_unit for select to hub_rooms
    using (version in (select id from tenants.application_version));
  create policy adding on tenants.application_unit for insert to hub_rooms
    with check (exists (select from tenants.application_version as its join tenants.application on application.id = its.application
      where its.id = application_unit.version and its.made_in = pg_current_xact_id() and applicant = ${CALLER}));
  grant select, insert on tenants.application_unit to hub_rooms;
`;

const mayAct = (Object.keys(OFFICES) as Office[])
  .map((office) => `office = '${office}' and ${mayDo('applications', office)}`)
  .join(' or ');

/**
 * The series of steps. The trigger holds what the code says before it: the table of transitions, four eyes, opinions
 * on the present version; and it alone moves the application on. Two who act at once wait for each other here.
 */
const EVENT = `
  create table tenants.application_transition (
    act text not null,
    office text not null,
    from_state text not null,
    to_state text not null,
    needs text[] null,
    since text null,
    primary key (act, office, from_state, to_state)
  );
  ${referencePolicies('tenants.application_transition')}
  insert into tenants.application_transition (act, office, from_state, to_state, needs, since) values
    ${TRANSITIONS.map(
      ({ act, office, from, to, needs, since }) =>
        `('${act}', '${office}', '${from}', '${to}', ${array(needs)}, ${since ? quoted(since) : 'null'})`,
    ).join(',\n    ')};

  create table tenants.application_event (
    id text primary key,
    application text not null references tenants.application,
    number integer not null,
    act text not null ${oneOf('act', ACTS)},
    office text not null ${oneOf('office', OFFICES)},
    actor text not null,
    -- Of the application: they decide who may act.
    area text not null,
    subject text null,
    from_state text not null,
    to_state text not null,
    version integer not null,
    opinion text null check (length(opinion) between 1 and 2000),
    requirement text null ${oneOf('requirement', REQUIREMENTS)},
    evidence_sha256 text null check (evidence_sha256 ~ '^[0-9a-f]{64}$'),
    at timestamptz not null default now(),
    unique (application, number),
    check ((act = 'WAIVE') = (requirement is not null)),
    constraint waived_by_letter check (act <> 'WAIVE' or opinion is not null and evidence_sha256 is not null)
  );
  create unique index waived_once on tenants.application_event (application, requirement) where act = 'WAIVE';
  alter table tenants.application_event enable row level security;
  create policy reading on tenants.application_event for select to hub_rooms
    using (application in (select id from tenants.application));
  create policy acting on tenants.application_event for insert to hub_rooms
    with check (actor = ${CALLER} and (${mayAct}));
  grant select, insert (application, act, office, actor, opinion, requirement, evidence_sha256)
    on tenants.application_event to hub_rooms;

  create function tenants.application_step() returns trigger language plpgsql security definer set search_path = '' as $$
  declare
    its tenants.application;
    step tenants.application_transition;
  begin
    select * into its from tenants.application where id = new.application for update;
    select * into step from tenants.application_transition
      where act = new.act and office = new.office and from_state = its.state
        and (act <> 'RESUME' or to_state = its.suspended_from);
    if not found then
      raise exception 'no such step from %', its.state using errcode = 'HB409';
    end if;
    if new.office = 'write' and new.actor <> its.applicant
      or new.office <> 'write' and (new.actor in (its.applicant, its.tenant)
        or exists (select from tenants.application_event as earlier
          where earlier.application = its.id and earlier.actor = new.actor
            and (earlier.office <> new.office or new.act = 'APPROVE_FORMAL' and earlier.act = 'WAIVE')))
    then
      raise exception 'not by who applies, gains or acts in another office' using errcode = '42501';
    end if;
    if exists (select from unnest(step.needs) as needed where not exists (select from tenants.application_event as given
      where given.application = its.id and given.act = needed and given.version = its.version
        and given.number > coalesce((select max(number) from tenants.application_event as earlier
          where earlier.application = its.id and earlier.act = step.since), 0)))
    then
      raise exception 'an opinion on the present version is missing' using errcode = 'HB409';
    end if;
    new.number := 1 + coalesce((select max(number) from tenants.application_event where application = its.id), 0);
    new.id := its.id || '#' || lpad(new.number::text, 4, '0');
    new.area := its.area;
    new.subject := its.subject;
    new.from_state := its.state;
    new.to_state := step.to_state;
    new.version := its.version + (new.act = 'AMEND')::int;
    update tenants.application set state = new.to_state, version = new.version,
      suspended_from = case when new.to_state = 'SUSPENDED' then its.state end where id = its.id;
    return new;
  end $$;
  revoke execute on function tenants.application_step() from public;
  create trigger step before insert on tenants.application_event
    for each row execute function tenants.application_step();
`;

const CERTIFICATE = `
  create table tenants.application_certificate (
    fingerprint text primary key check (fingerprint ~ '^[0-9a-f]{64}$'),
    application text not null references tenants.application,
    stage text not null check (stage in ('TEST', 'FORMAL')),
    certificate text not null,
    not_after timestamptz not null,
    issued_at timestamptz not null default now()
  );
  create index application_certificate_of on tenants.application_certificate (application, issued_at);
  alter table tenants.application_certificate enable row level security;
  create policy reading on tenants.application_certificate for select to hub_rooms
    using (application in (select id from tenants.application));
  create policy issuing on tenants.application_certificate for insert to hub_rooms
    with check (application in (select id from tenants.application where ${mayDo('applications', 'approve')}));
  grant select, insert (fingerprint, application, stage, certificate, not_after)
    on tenants.application_certificate to hub_rooms;

  -- A key is one tenant's: a request that somebody else's application brought before is foreign.
  create table tenants.application_key (
    sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
    tenant text not null
  );
  alter table tenants.application_key enable row level security;
  create function tenants.claim_key(key text, claimant text) returns boolean
  language plpgsql security definer set search_path = '' as $$
  begin
    if not runtime.granted_to('applications', 'write') then return false; end if;
    insert into tenants.application_key (sha256, tenant) values (key, claimant) on conflict do nothing;
    return (select tenant = claimant from tenants.application_key where sha256 = key);
  end $$;
  revoke execute on function tenants.claim_key(text, text) from public;
  grant execute on function tenants.claim_key(text, text) to hub_rooms;
`;

export const tenants008: RoomMigration = {
  name: '008-applications',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    const rules = referenceTable(
      'tenants.connection_rule',
      `code text primary key, value numeric not null check (value > 0), unit text not null,
        name_zh text not null, name_en text not null, note text`,
      readReference(import.meta.url, 'connection_rules.csv'),
    );
    return `${APPLICATION}${VERSION}${EVENT}${CERTIFICATE}${rules}`;
  },
};
