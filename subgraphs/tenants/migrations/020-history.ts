import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';

/** What was applied for, approved, declared, decided and announced stays as it was written, whatever follows it. */
export const tenants020: RoomMigration = {
  name: '020-history',
  sql: [
    appendOnly('tenants.certificate_notice'),
    // Their area follows the tenant that moves.
    appendOnly('tenants.certificate_approval', 'area'),
    appendOnly('tenants.purpose_declaration', 'status', 'tenant_area'),
    appendOnly('tenants.application_version'),
    appendOnly('tenants.application_unit'),
    appendOnly('tenants.application_transition'),
    appendOnly('tenants.application_event'),
    appendOnly('tenants.application_certificate'),
    appendOnly('tenants.application_key'),
  ].join(''),
};
