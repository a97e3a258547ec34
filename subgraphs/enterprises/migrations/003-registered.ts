import type { RoomMigration } from '../../runtime/migrate.js';
import { mayRead } from '../../runtime/reach.js';

/** Which of the units of an application are registered, for who handles it and may see no enterprise. */
export const enterprises003: RoomMigration = {
  name: '003-registered',
  sql: `
    create function enterprises.registered(of_codes text[]) returns setof text
    language sql stable security definer set search_path = pg_catalog as $$
      select uscc from enterprises.enterprise
      where uscc = any(of_codes) and ${mayRead('applications', { subject: 'uscc', tenant: 'platform' })}
    $$;
    revoke execute on function enterprises.registered(text[]) from public;
    grant execute on function enterprises.registered(text[]) to hub_rooms;
  `,
};
