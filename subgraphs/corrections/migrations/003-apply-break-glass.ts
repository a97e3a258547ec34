import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo } from '../../runtime/reach.js';
import { mayReadByHand } from '../visible/seen.js';
import { refusingUnfit } from '../../runtime/unfit.js';

/** SQLSTATE of our own: no row is there to be asked for. */
export const NO_SUCH_ROW = 'HB404';

/** SQLSTATE of our own: the row is not what was approved to be changed. */
export const STALE = 'HB412';

/** Raised to take back a change that was only tried. */
const UNDONE = 'HB001';

/**
 * What the approvers are to see changed is looked up by the database as it is asked for, under `corrections:write` over
 * the area and the right to read the row: of any other nothing is told, not even that it is there.
 */
const BEFORE = `
  -- One way to read the row, so that what was found and what is there later are the same text for the same value.
  create function corrections.break_glass_row(target text, key jsonb) returns jsonb
  language plpgsql set search_path = pg_catalog set timezone = 'UTC' as $$
  declare
    key_columns text;
    found_row jsonb;
  begin
    select string_agg(format('target_row.%1$I = given.%1$I', name), ' and ') into key_columns
      from jsonb_object_keys(key) as name;
    execute format('select to_jsonb(target_row) from %1$s as target_row, jsonb_populate_record(null::%1$s, $1) as given where %2$s for update of target_row',
      target, key_columns) into found_row using key;
    return found_row;
  end $$;
  revoke execute on function corrections.break_glass_row(text, jsonb) from public;

  create function corrections.keep_before() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
  declare
    found_row jsonb;
  begin
    if not coalesce(${mayDo('corrections', 'write', { area: 'new.area', subject: null })}, false)
      or corrections.break_glass_fault(new.target, new.key, new.changes, new.area) is not null then
      raise exception 'not to be asked for by %', runtime.caller() using errcode = 'insufficient_privilege';
    end if;
    found_row := corrections.break_glass_row(new.target, new.key);
    new.subject := coalesce(found_row ->> 'subject', found_row ->> 'uscc');
    new.row_area := found_row ->> 'area';
    if not (coalesce(corrections.lies_in(new.row_area, new.area), false) and ${mayReadByHand('new.')}) then
      raise exception 'there is no such row of % in %', new.target, new.area using errcode = '${NO_SUCH_ROW}';
    end if;
    begin
      perform corrections.changed_row(new.target, new.key, new.changes, new.id);
      raise exception using errcode = '${UNDONE}';
    exception when sqlstate '${UNDONE}' then null;
    end;
    select jsonb_object_agg(name, found_row -> name) into new.before from jsonb_object_keys(new.changes) as name;
    return new;
  end $$;
  revoke execute on function corrections.keep_before() from public;
  create trigger keep_before before insert on corrections.break_glass
    for each row execute function corrections.keep_before();
`;

/** What a table does not take is refused by the column and the reason: as it is asked for, and as it is applied. */
const CHANGE = `
  create function corrections.changed_row(target text, key jsonb, changes jsonb, made_by text) returns jsonb
  language plpgsql set search_path = pg_catalog set timezone = 'UTC' set hub.by_hand = 'on' as $$
  declare
    key_columns text;
    assignments text;
    changed jsonb;
    broken_constraint text;
    empty_column text;
  begin
    select string_agg(format('target_row.%1$I = given.%1$I', name), ' and ') into key_columns
      from jsonb_object_keys(key) as name;
    select string_agg(format('%1$I = given.%1$I', name), ', ') into assignments from jsonb_object_keys(changes) as name;
    -- A version of a day says what made it.
    if exists (select from pg_attribute where attrelid = target::regclass and attname = 'batch') then
      assignments := assignments || format(', batch = %L', made_by);
    end if;
    execute format('update %1$s as target_row set %2$s from jsonb_populate_record(null::%1$s, $1) as given where %3$s returning to_jsonb(target_row)',
      target, assignments, key_columns) into changed using changes || key;
    return changed;
  exception ${refusingUnfit('target::regclass', 'changes')}
  end $$;
  revoke execute on function corrections.changed_row(text, jsonb, jsonb, text) from public;
`;

/** For the owner alone, at the machine: snapshot, change and record in one transaction, or none of them. */
const APPLY = `
  create function corrections.apply_break_glass(wanted text, operator text) returns jsonb
  language plpgsql set search_path = pg_catalog as $$
  declare
    stored corrections.break_glass;
    fault text;
    before jsonb;
    after jsonb;
  begin
    select * into stored from corrections.break_glass where id = wanted for update;
    if not found then raise exception 'there is no break-glass request %', wanted using errcode = 'no_data_found'; end if;
    if stored.state <> 'READY' or now() >= stored.expires_at then
      raise exception 'the request is %, valid until %', stored.state, stored.expires_at
        using errcode = 'object_not_in_prerequisite_state';
    end if;
    fault := corrections.break_glass_fault(stored.target, stored.key, stored.changes, stored.area);
    if fault is not null then raise exception '%', fault using errcode = 'object_not_in_prerequisite_state'; end if;
    before := corrections.break_glass_row(stored.target, stored.key);
    if before is null then raise exception 'there is no such row in %', stored.target using errcode = 'no_data_found'; end if;
    if exists (select from jsonb_each(stored.before) as kept (name, value) where before -> name is distinct from value) then
      raise exception 'the values have changed since they were approved to be changed' using errcode = '${STALE}';
    end if;
    after := corrections.changed_row(stored.target, stored.key, stored.changes, wanted);
    if not (corrections.lies_in(before ->> 'area', stored.area) and corrections.lies_in(after ->> 'area', stored.area)) then
      raise exception 'the row lies outside %, the area of the request', stored.area
        using errcode = 'object_not_in_prerequisite_state';
    end if;
    insert into corrections.break_glass_snapshot (break_glass, area, before, after)
      values (wanted, stored.area, before, after);
    insert into corrections.break_glass_event (break_glass, kind, note) values (wanted, 'APPLIED', operator);
    return jsonb_build_object('before', before, 'after', after);
  end $$;
  revoke execute on function corrections.apply_break_glass(text, text) from public;
`;

export const corrections003: RoomMigration = { name: '003-apply-break-glass', sql: CHANGE + BEFORE + APPLY };
