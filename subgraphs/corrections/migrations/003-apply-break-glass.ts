import type { RoomMigration } from '../../runtime/migrate.js';

/** SQLSTATE of our own: the row is not what was approved to be changed. */
export const STALE = 'HB412';

/** For the owner alone, at the machine: snapshot, change and record in one transaction, or none of them. */
const APPLY = `
  create function corrections.apply_break_glass(wanted text, operator text) returns jsonb
  language plpgsql set search_path = pg_catalog as $$
  declare
    stored corrections.break_glass;
    fault text;
    key_columns text;
    assignments text;
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
    select string_agg(format('target_row.%1$I = given.%1$I', name), ' and ') into key_columns
      from jsonb_object_keys(stored.key) as name;
    select string_agg(format('%1$I = given.%1$I', name), ', ') into assignments
      from jsonb_object_keys(stored.changes) as name;
    -- A version of a day says what made it.
    if exists (select from pg_attribute where attrelid = stored.target::regclass and attname = 'batch') then
      assignments := assignments || format(', batch = %L', wanted);
    end if;
    before := corrections.break_glass_row(stored.target, stored.key);
    if before is null then raise exception 'there is no such row in %', stored.target using errcode = 'no_data_found'; end if;
    if exists (select from jsonb_each(stored.before) as kept (name, value) where before -> name is distinct from value) then
      raise exception 'the values have changed since they were approved to be changed' using errcode = '${STALE}';
    end if;
    execute format('update %1$s as target_row set %2$s from jsonb_populate_record(null::%1$s, $1) as given where %3$s returning to_jsonb(target_row)',
      stored.target, assignments, key_columns) into after using stored.changes || stored.key;
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

export const corrections003: RoomMigration = { name: '003-apply-break-glass', sql: APPLY };
