import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayRead } from '../../runtime/reach.js';

/** What the recipient is told when a consent that was granted ends, whatever ended it; and its answer. */
export const tenants007: RoomMigration = {
  name: '007-erasures',
  sql: `
  create table tenants.erasure_notice (
    id text primary key,
    consent text not null unique references tenants.consent,
    subject text not null,
    area text not null,
    recipient text not null,
    cause text not null,
    issued_at timestamptz not null,
    erase_by timestamptz not null,
    notice text not null,
    signature text not null,
    state text not null default 'OPEN' check (state in ('OPEN', 'ACKNOWLEDGED'))
  );
  create index erasure_recipient on tenants.erasure_notice (recipient, id);
  create index erasure_open on tenants.erasure_notice (erase_by) where state = 'OPEN';
  alter table tenants.erasure_notice enable row level security;
  create policy reading on tenants.erasure_notice for select to hub_rooms using (${mayRead('consents')});
  create policy received on tenants.erasure_notice for select to hub_rooms
    using (recipient = (select runtime.caller()) and (select runtime.granted('erasures')));
  create policy adding on tenants.erasure_notice for insert to hub_rooms
    with check ((select runtime.granted_to('consents', 'write'))
      and exists (select from tenants.consent where consent.id = erasure_notice.consent));
  grant select, insert (id, consent, issued_at, erase_by, notice, signature) on tenants.erasure_notice to hub_rooms;

  create table tenants.erasure_acknowledgement (
    notice text primary key references tenants.erasure_notice,
    subject text not null,
    area text not null,
    recipient text not null,
    acknowledged_at timestamptz not null,
    erased_at timestamptz not null,
    method text not null check (length(method) between 1 and 500),
    receipt text not null,
    signature text not null,
    check (erased_at <= acknowledged_at)
  );
  alter table tenants.erasure_acknowledgement enable row level security;
  create policy reading on tenants.erasure_acknowledgement for select to hub_rooms using (${mayRead('consents')});
  create policy received on tenants.erasure_acknowledgement for select to hub_rooms
    using (recipient = (select runtime.caller()) and (select runtime.granted('erasures')));
  create policy adding on tenants.erasure_acknowledgement for insert to hub_rooms
    with check (recipient = (select runtime.caller()) and (select runtime.granted_to('erasures', 'write')));
  grant select, insert (notice, acknowledged_at, erased_at, method, receipt, signature)
    on tenants.erasure_acknowledgement to hub_rooms;

  create function tenants.take_erasure_notice() returns trigger
  language plpgsql security definer set search_path = '' as $$
  declare held tenants.consent;
  begin
    select * into held from tenants.consent where id = new.consent;
    if held.granted_at is null or held.ended_at is null then
      raise exception 'nothing that was granted has ended' using errcode = 'HB409';
    end if;
    new.subject := held.subject; new.area := held.area; new.recipient := held.recipient; new.cause := held.status;
    return new;
  end $$;
  create trigger taken before insert on tenants.erasure_notice
    for each row execute function tenants.take_erasure_notice();

  create function tenants.take_erasure_acknowledgement() returns trigger
  language plpgsql security definer set search_path = '' as $$
  begin
    update tenants.erasure_notice set state = 'ACKNOWLEDGED' where id = new.notice
      returning subject, area, recipient into new.subject, new.area, new.recipient;
    return new;
  end $$;
  create trigger taken before insert on tenants.erasure_acknowledgement
    for each row execute function tenants.take_erasure_acknowledgement();

  create function tenants.ending_must_be_noticed() returns trigger
  language plpgsql security definer set search_path = '' as $$
  begin
    if not exists (select from tenants.erasure_notice where consent = new.consent) then
      raise exception 'the consent % ended without a notice of erasure', new.consent;
    end if;
    return null;
  end $$;
  create constraint trigger noticed after insert on tenants.consent_event deferrable initially deferred
    for each row when (new.from_status = 'GRANTED') execute function tenants.ending_must_be_noticed();

  ${appendOnly('tenants.erasure_notice', 'state')}
  ${appendOnly('tenants.erasure_acknowledgement')}
  revoke execute on function tenants.take_erasure_notice(), tenants.take_erasure_acknowledgement(), tenants.ending_must_be_noticed() from public;
`,
};
