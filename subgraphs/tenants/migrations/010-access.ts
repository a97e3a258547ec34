import type { RoomMigration } from '../../runtime/migrate.js';

/** How much there is to know about a tenant: who sees less of it than this does not get its decisions explained. */
export const tenants010: RoomMigration = {
  name: '010-access',
  sql: `
    create function tenants.number_of_facts(its_tenant text) returns bigint
    language sql stable security definer set search_path = '' as $$
      select (select count(*) from tenants.certificate where tenant = its_tenant)
        + (select count(*) from tenants.purpose_declaration where tenant = its_tenant)
        + (select count(*) from tenants.scope where tenant = its_tenant)
        + (select count(*) from tenants.consent where recipient = its_tenant)
    $$;
    revoke execute on function tenants.number_of_facts(text) from public;
    grant execute on function tenants.number_of_facts(text) to hub_rooms;
  `,
};
