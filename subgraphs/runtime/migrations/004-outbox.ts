import { MOST_ACTS_TEXT } from '../acts.js';
import type { RoomMigration } from '../migrate.js';

/**
 * Where a room writes what its mutation did, in the transaction of the change, until the ledger holds it. A room gives
 * the acts and nothing else: request, tenant and purpose are those of its grant. It can neither read nor take back what
 * it wrote. The gateway reads; a row goes by `take_acts` alone, in the statement that appends its entry.
 */
export const runtime004: RoomMigration = {
  name: '004-outbox',
  sql: `
    create function runtime.purpose() returns text language sql stable parallel safe as $$
      select nullif(current_setting('hub.grant', true), '')::jsonb ->> 'purpose'
    $$;

    create table runtime.act_outbox (
      id bigint generated always as identity primary key,
      request text not null default runtime.request(),
      tenant text not null default runtime.caller(),
      purpose text not null default runtime.purpose(),
      acts json not null check (json_typeof(acts) = 'array' and length(acts::text) <= ${MOST_ACTS_TEXT}),
      written_at timestamptz not null default clock_timestamp()
    );
    create index on runtime.act_outbox (request);
    comment on table runtime.act_outbox is 'What mutations did and no entry of the ledger holds yet; a row an entry';
    comment on column runtime.act_outbox.written_at is 'Just before the commit of the change';
    grant insert (acts) on runtime.act_outbox to hub_rooms;
    grant select on runtime.act_outbox to hub_gateway;
    alter table runtime.act_outbox enable row level security;
    create policy room_writes on runtime.act_outbox for insert to hub_rooms
      with check (request = runtime.request() and tenant = runtime.caller());
    create policy gateway_reads on runtime.act_outbox for select to hub_gateway using (true);

    -- Those that came back are the caller's to record: who else asks for them at this moment is passed over, and never
    -- kept waiting. Should the caller's transaction fail, they are there again.
    create function runtime.take_acts(ids bigint[]) returns setof bigint
    language sql security definer set search_path = pg_catalog as $$
      delete from runtime.act_outbox where id = any(array(
        select id from runtime.act_outbox where id = any(ids) for update skip locked))
      returning id
    $$;
    revoke execute on function runtime.take_acts(bigint[]) from public;
    grant execute on function runtime.take_acts(bigint[]) to hub_gateway;
  `,
};
