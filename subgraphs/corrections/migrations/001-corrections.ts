import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo, mayRead } from '../../runtime/reach.js';
import { mayReadCorrected } from '../visible/seen.js';

/**
 * A proposal says all of itself when it is made; then only its state moves, by events. A state is what the last event
 * says: the trigger sets it, and nobody else can.
 */
const PROPOSALS = `
  create table corrections.correction (
    id text primary key check (id ~ '^cor_'),
    kind text not null check (kind in ('METER_DAY', 'ENERGY_AUDIT', 'METERING_REVIEW', 'INSPECTION', 'INSPECTION_DOCUMENT',
      'INSPECTION_FINDING')),
    record text not null check (record <> ''),
    date date null,
    area text not null check (area ~ '^[1-9][0-9]{5}$'),
    subject text not null,
    before jsonb not null,
    after jsonb not null,
    version integer null,
    reason text not null check (btrim(reason) <> '' and length(reason) <= 2000),
    evidence_sha256 text null check (evidence_sha256 ~ '^[0-9a-f]{64}$'),
    proposed_by text not null default runtime.caller(),
    proposed_at timestamptz not null default now(),
    expires_at timestamptz not null,
    state text not null default 'PROPOSED' check (state in ('PROPOSED', 'APPROVED', 'REJECTED', 'WITHDRAWN', 'EXPIRED')),
    constraint only_days_have_a_date check ((kind = 'METER_DAY') = (date is not null and version is not null)),
    constraint something_changes check (before <> after),
    constraint open_for_a_while check (expires_at between proposed_at and proposed_at + interval '90 days')
  );
  create index correction_latest on corrections.correction (proposed_at desc, id desc);
  create index correction_record on corrections.correction (record, proposed_at desc, id desc);
  create index correction_open on corrections.correction (expires_at) where state = 'PROPOSED';
  alter table corrections.correction enable row level security;
  create policy reading on corrections.correction for select to hub_rooms using (${mayRead('corrections')});
  create policy proposing on corrections.correction for insert to hub_rooms
    with check (${mayDo('corrections', 'write')} and ${mayReadCorrected()} and proposed_by = (select runtime.caller()));
  -- Of the values only what corrections.visible_correction shows.
  grant select (id, kind, record, date, area, subject, version, reason, evidence_sha256, proposed_by, proposed_at,
      expires_at, state),
    insert (id, kind, record, date, area, subject, before, after, version, reason, evidence_sha256, expires_at)
    on corrections.correction to hub_rooms;
  ${appendOnly('corrections.correction', 'state')}

  create table corrections.event (
    correction text not null references corrections.correction,
    number smallint not null,
    kind text not null check (kind in ('PROPOSED', 'APPROVED', 'REJECTED', 'WITHDRAWN', 'EXPIRED')),
    actor text not null,
    note text null check (length(note) <= 2000),
    version integer null,
    area text not null,
    subject text not null,
    request text not null,
    recorded_at timestamptz not null,
    primary key (correction, number)
  );
  alter table corrections.event enable row level security;
  create policy reading on corrections.event for select to hub_rooms using (${mayRead('corrections')});
  create policy adding on corrections.event for insert to hub_rooms with check (actor = (select runtime.caller()));
  grant select, insert (correction, kind, note, version) on corrections.event to hub_rooms;
  ${appendOnly('corrections.event')}
`;

/** Who may make which event: what the resolver refuses kindly, the database refuses in any case. */
const DECIDING = `
  create function corrections.decide() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
  declare
    stored corrections.correction;
    is_due boolean;
  begin
    select * into stored from corrections.correction where id = new.correction for update;
    is_due := now() >= stored.expires_at;
    if not coalesce(stored.state = 'PROPOSED' and case new.kind
        when 'PROPOSED' then not exists (select from corrections.event where correction = new.correction)
          and stored.proposed_by = runtime.caller()
        when 'WITHDRAWN' then stored.proposed_by = runtime.caller()
        when 'EXPIRED' then is_due and runtime.caller() = 'hub'
        else not is_due and stored.proposed_by <> runtime.caller()
          and ${mayDo('corrections', 'approve', { area: 'stored.area', subject: null })}
          and ${mayReadCorrected('stored.')}
      end, false) then
      raise exception 'correction % takes no event % of %', new.correction, new.kind, runtime.caller()
        using errcode = 'insufficient_privilege';
    end if;
    new.number := (select count(*) + 1 from corrections.event where correction = new.correction);
    new.actor := runtime.caller();
    new.area := stored.area;
    new.subject := stored.subject;
    new.request := runtime.request();
    new.recorded_at := clock_timestamp();
    if new.kind <> 'PROPOSED' then
      update corrections.correction set state = new.kind where id = new.correction;
    end if;
    return new;
  end $$;
  revoke execute on function corrections.decide() from public;
  create trigger decide before insert on corrections.event for each row execute function corrections.decide();
`;

export const corrections001: RoomMigration = {
  name: '001-corrections',
  sql: `
    create schema corrections;
    grant usage on schema corrections to hub_rooms;
    ${PROPOSALS}
    ${DECIDING}
  `,
};
