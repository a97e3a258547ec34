import type { RoomMigration } from '../migrate.js';

/** What keeps history as it is: see {@link appendOnly} in history.ts. */
export const runtime002: RoomMigration = {
  name: '002-history',
  sql: `
    create function runtime.refuse_change() returns trigger language plpgsql set search_path = pg_catalog as $$
    begin
      raise exception '%.% is append-only: % is refused', tg_table_schema, tg_table_name, lower(tg_op)
        using errcode = 'insufficient_privilege', hint = 'What was wrong is put right by a further row.';
    end $$;

    create function runtime.refuse_other_change() returns trigger language plpgsql set search_path = pg_catalog as $$
    begin
      if to_jsonb(new) - tg_argv is distinct from to_jsonb(old) - tg_argv then
        raise exception '%.% keeps what was written: only % may change', tg_table_schema, tg_table_name,
            array_to_string(tg_argv, ', ')
          using errcode = 'insufficient_privilege';
      end if;
      return new;
    end $$;

    -- Of the register's key, subject and what it keeps by itself. Whoever changes a row holds it, so numbers are given once.
    create function runtime.keep_version() returns trigger language plpgsql security definer
    set search_path = pg_catalog set timezone = 'UTC' as $$
    declare
      before jsonb := to_jsonb(old);
      after jsonb := to_jsonb(new);
      was jsonb;
    begin
      select jsonb_object_agg(name, before ->> name) into was from jsonb_object_keys(before) as name
        where before -> name is distinct from after -> name and name <> all(tg_argv[2:]);
      if was is null then return null; end if;
      execute format('insert into %1$I.%2$I (key, number, area, subject, before, was, replaced_by, request)
          select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7 from %1$I.%2$I where key = $1',
          tg_table_schema, tg_table_name || '_superseded')
        using before ->> tg_argv[0], before ->> 'area', before ->> tg_argv[1], before, was,
          coalesce(runtime.caller(), 'console'), runtime.request();
      return null;
    end $$;
    revoke execute on function runtime.refuse_change(), runtime.refuse_other_change(), runtime.keep_version() from public;

    -- Whether this is a change by hand that two have approved: only the owner can make one, whatever is set.
    create function runtime.is_by_hand() returns boolean language sql stable set search_path = pg_catalog as $$
      select coalesce(current_setting('hub.by_hand', true), '') = 'on'
        and pg_has_role((select nspowner from pg_namespace where nspname = 'runtime'), 'usage')
    $$;

    create function runtime.request() returns text language sql stable parallel safe as $$
      select nullif(current_setting('hub.grant', true), '')::jsonb ->> 'request'
    $$;
  `,
};
