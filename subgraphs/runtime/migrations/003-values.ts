import type { RoomMigration } from '../migrate.js';
import { UNFIT_VALUE } from '../unfit.js';

/**
 * Says which column of a change its table would not take, and why. PostgreSQL names none where a text is no value of
 * the column's type; what it adds in detail (the other row, for one) is nobody's to know.
 */
export const runtime003: RoomMigration = {
  name: '003-values',
  sql: `
    create function runtime.refuse_value(target regclass, changes jsonb, broken_constraint text, empty_column text)
    returns void language plpgsql set search_path = pg_catalog as $$
    declare
      unfit text := nullif(empty_column, '');
      column_type text;
    begin
      if broken_constraint <> '' then
        select string_agg(attname, ', ' order by attname) into unfit
          from pg_constraint join pg_attribute on attrelid = conrelid and attnum = any(conkey)
          where conrelid = target and conname = broken_constraint and changes ? attname;
        raise exception 'the table does not take this (%)', broken_constraint
          using errcode = '${UNFIT_VALUE}', column = coalesce(unfit, 'changes');
      elsif unfit is not null then
        raise exception 'must not be empty' using errcode = '${UNFIT_VALUE}', column = unfit;
      end if;
      for unfit, column_type in
        select attname, format_type(atttypid, atttypmod) from pg_attribute
        where attrelid = target and changes ? attname order by attnum
      loop
        begin
          execute format('select (jsonb_populate_record(null::%s, $1)).%I', target, unfit)
            using jsonb_build_object(unfit, changes -> unfit);
        exception when data_exception then
          raise exception 'is no %', column_type using errcode = '${UNFIT_VALUE}', column = unfit;
        end;
      end loop;
      raise exception 'the table does not take these values' using errcode = '${UNFIT_VALUE}', column = 'changes';
    end $$;
    revoke execute on function runtime.refuse_value(regclass, jsonb, text, text) from public;
  `,
};
