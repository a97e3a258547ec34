import type { RoomMigration } from '../../runtime/migrate.js';

/** What the gateway asks on every change: one number to compare, one document to read. Made last, of all the tables. */
export const tenants009: RoomMigration = {
  name: '009-registry',
  sql: `
    create function tenants.current_revision() returns bigint language sql stable security definer set search_path = '' as $$
      select number from tenants.revision
    $$;
    create function tenants.registry() returns jsonb language sql stable security definer set search_path = '' as $$
      select jsonb_build_object(
        'revision', (select number from tenants.revision),
        'tenants', coalesce((select jsonb_agg(to_jsonb(tenant)) from tenants.tenant), '[]'),
        'certificates', coalesce((select jsonb_agg(to_jsonb(certificate)) from tenants.certificate), '[]'),
        'declarations', coalesce((select jsonb_agg(to_jsonb(declaration))
          from tenants.purpose_declaration as declaration where status = 'APPROVED'), '[]'),
        'scopes', coalesce((select jsonb_agg(to_jsonb(scope)) from tenants.scope), '[]'),
        'consents', coalesce((select jsonb_agg(to_jsonb(consent)) from tenants.consent where status = 'GRANTED'), '[]'))
    $$;
    revoke execute on function tenants.current_revision(), tenants.registry() from public;
    grant execute on function tenants.current_revision(), tenants.registry() to hub_gateway;
  `,
};
