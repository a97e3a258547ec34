import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo, mayRead } from '../../runtime/reach.js';
import { mayReadByHand, TABLES } from '../visible/seen.js';

const REQUESTS = `
  create table corrections.break_glass (
    id text primary key check (id ~ '^brk_'),
    target text not null,
    key jsonb not null check (jsonb_typeof(key) = 'object'),
    changes jsonb not null check (jsonb_typeof(changes) = 'object'),
    area text not null check (area ~ '^[1-9][0-9]{5}$'),
    -- As the row was found when it was asked for: the columns to be changed, and whose and where it is.
    before jsonb not null,
    subject text null,
    row_area text not null,
    reason text not null check (btrim(reason) <> '' and length(reason) <= 2000),
    evidence_sha256 text null check (evidence_sha256 ~ '^[0-9a-f]{64}$'),
    requested_by text not null default runtime.caller(),
    requested_at timestamptz not null default now(),
    -- Until when it can be approved; once it is, until when it can be applied.
    expires_at timestamptz not null default now() + interval '24 hours',
    state text not null default 'REQUESTED'
      check (state in ('REQUESTED', 'APPROVED_ONCE', 'READY', 'APPLIED', 'REJECTED', 'WITHDRAWN', 'EXPIRED'))
  );
  create index break_glass_latest on corrections.break_glass (requested_at desc, id desc);
  create index break_glass_open on corrections.break_glass (expires_at) where state in ('REQUESTED', 'APPROVED_ONCE', 'READY');
  alter table corrections.break_glass enable row level security;
  create policy reading on corrections.break_glass for select to hub_rooms
    using (${mayRead('corrections', { subject: null })});
  create policy requesting on corrections.break_glass for insert to hub_rooms
    with check (${mayDo('corrections', 'write', { subject: null })} and requested_by = (select runtime.caller()));
  -- Of the values only what corrections.visible_break_glass shows.
  grant select (id, target, area, subject, row_area, reason, evidence_sha256, requested_by, requested_at, expires_at, state),
    insert (id, target, key, changes, area, reason, evidence_sha256) on corrections.break_glass to hub_rooms;
  ${appendOnly('corrections.break_glass', 'state', 'expires_at')}

  create table corrections.break_glass_event (
    break_glass text not null references corrections.break_glass,
    number smallint not null,
    kind text not null check (kind in ('REQUESTED', 'APPROVED', 'REJECTED', 'WITHDRAWN', 'EXPIRED', 'APPLIED')),
    actor text not null,
    note text null check (length(note) <= 2000),
    area text not null,
    request text null,
    recorded_at timestamptz not null,
    primary key (break_glass, number)
  );
  alter table corrections.break_glass_event enable row level security;
  create policy reading on corrections.break_glass_event for select to hub_rooms
    using (${mayRead('corrections', { subject: null })});
  create policy adding on corrections.break_glass_event for insert to hub_rooms with check (actor = (select runtime.caller()));
  grant select, insert (break_glass, kind, note) on corrections.break_glass_event to hub_rooms;
  ${appendOnly('corrections.break_glass_event')}

  -- The whole row as it was before, and after: written with the change, by the function that makes it.
  create table corrections.break_glass_snapshot (
    break_glass text primary key references corrections.break_glass,
    area text not null,
    before jsonb not null,
    after jsonb not null,
    applied_at timestamptz not null default clock_timestamp()
  );
  alter table corrections.break_glass_snapshot enable row level security;
  create policy reading on corrections.break_glass_snapshot for select to hub_rooms
    using (${mayRead('corrections', { subject: null })});
  grant select (break_glass, area, applied_at) on corrections.break_glass_snapshot to hub_rooms;
  ${appendOnly('corrections.break_glass_snapshot')}
`;

/** The owner of the tables is nobody in particular: what it records is an act of the console. */
const STEPS = `
  create function corrections.take_step() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
  declare
    stored corrections.break_glass;
    who text := coalesce(runtime.caller(), 'console');
    is_due boolean;
    may_decide boolean;
  begin
    select * into stored from corrections.break_glass where id = new.break_glass for update;
    is_due := now() >= stored.expires_at;
    may_decide := not is_due and stored.state in ('REQUESTED', 'APPROVED_ONCE') and stored.requested_by <> who
      and not exists (select from corrections.break_glass_event as event
        where event.break_glass = new.break_glass and event.actor = who)
      and ${mayDo('corrections', 'approve', { area: 'stored.area', subject: null })}
      and ${mayReadByHand('stored.')};
    if not coalesce(case new.kind
        when 'REQUESTED' then stored.requested_by = who
          and not exists (select from corrections.break_glass_event as event where event.break_glass = new.break_glass)
        when 'APPROVED' then may_decide
        when 'REJECTED' then may_decide
        when 'WITHDRAWN' then not is_due and stored.requested_by = who
          and stored.state in ('REQUESTED', 'APPROVED_ONCE', 'READY')
        when 'EXPIRED' then is_due and who = 'hub' and stored.state in ('REQUESTED', 'APPROVED_ONCE', 'READY')
        when 'APPLIED' then not is_due and who = 'console' and stored.state = 'READY'
      end, false) then
      raise exception 'break-glass request % takes no event % of %', new.break_glass, new.kind, who
        using errcode = 'insufficient_privilege';
    end if;
    select count(*) + 1 into new.number from corrections.break_glass_event as event
      where event.break_glass = new.break_glass;
    new.actor := who;
    new.area := stored.area;
    new.request := runtime.request();
    new.recorded_at := clock_timestamp();
    if new.kind = 'APPROVED' then
      update corrections.break_glass set state = case stored.state when 'REQUESTED' then 'APPROVED_ONCE' else 'READY' end,
          expires_at = case stored.state when 'REQUESTED' then stored.expires_at else now() + interval '2 hours' end
        where id = new.break_glass;
    elsif new.kind <> 'REQUESTED' then
      update corrections.break_glass set state = new.kind where id = new.break_glass;
    end if;
    return new;
  end $$;
  revoke execute on function corrections.take_step() from public;
  create trigger take_step before insert on corrections.break_glass_event
    for each row execute function corrections.take_step();
`;

/**
 * Set by the hub as it stores a row, or held together by it: a change of one of them alone would be a lie. The interval
 * that a meter is registered with is no such thing.
 */
const KEPT = ['version', 'recorded_at', 'registered_at', 'changed', 'batch', 'values', 'total', 'present']
  .concat(['scale', 'interval_minutes'])
  .map((column) => `'${column}'`)
  .join(', ');

/**
 * Why a row may not be changed by this way, or null. Only data of the archive and the registers may: history is marked
 * by the trigger that protects it, and who may see what (tenants, scopes, consents) has commands of its own.
 */
const FAULT = `
  -- GB/T 2260 codes nest by prefix: a code without its trailing pairs of zeros; that of the nation is empty.
  create function corrections.lies_in(inner_area text, outer_area text) returns boolean
  language sql immutable set search_path = pg_catalog as $$
    select starts_with(inner_area, case outer_area when '100000' then '' else regexp_replace(outer_area, '(00){1,2}$', '') end)
  $$;

  create function corrections.break_glass_fault(target text, key jsonb, changes jsonb, area text) returns text
  language plpgsql stable set search_path = pg_catalog as $$
  declare
    relation record;
    primary_key text[];
    unfit text;
  begin
    select pg_class.oid, relkind, relispartition, relname into relation
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where nspname || '.' || relname = target
        and nspname in ('buildings', 'enterprises', 'metering', 'audits', 'inspections');
    if not found or relation.relkind not in ('r', 'p') or relation.relispartition then
      return target || ' is no table of data';
    end if;
    if exists (select from pg_trigger where tgrelid = relation.oid and tgname = 'refuse_change') then
      return target || ' is history';
    end if;
    if not exists (select from pg_attribute where attrelid = relation.oid and attname = 'area' and not attisdropped) then
      return target || ' lies in no area';
    end if;
    if target not in (${Object.keys(TABLES)
      .map((table) => `'${table}'`)
      .join(', ')}) then
      return target || ' has no category';
    end if;
    select array_agg(attname::text order by attname) into primary_key
      from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
      where indrelid = relation.oid and indisprimary;
    if primary_key is distinct from (select array_agg(name order by name) from jsonb_object_keys(key) as name) then
      return 'the key of ' || target || ' is ' || array_to_string(primary_key, ', ');
    end if;
    select name into unfit from jsonb_object_keys(changes) as name
      where name = any(primary_key) or name in (${KEPT}) and (target, name) <> ('metering.meter', 'interval_minutes')
        or not exists (
        select from pg_attribute where attrelid = relation.oid and attname = name and attnum > 0 and not attisdropped
          and atttypid not in ('json'::regtype, 'jsonb'::regtype))
      order by name limit 1;
    return case when unfit is not null then unfit || ' of ' || target || ' is not changed by this way'
      when changes = '{}' then 'nothing is to be changed'
      when changes ? 'area' and not coalesce(corrections.lies_in(changes ->> 'area', area), false)
        then 'the row would leave ' || area || ', the area of the request' end;
  end $$;
  revoke execute on function corrections.break_glass_fault(text, jsonb, jsonb, text), corrections.lies_in(text, text)
    from public;
  grant execute on function corrections.break_glass_fault(text, jsonb, jsonb, text), corrections.lies_in(text, text)
    to hub_rooms;
`;

export const corrections002: RoomMigration = {
  name: '002-break-glass',
  sql: REQUESTS + STEPS + FAULT,
};
