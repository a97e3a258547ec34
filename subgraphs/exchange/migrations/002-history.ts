import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';

/** What a recipient was given, and that it came: no later day may tell another story. */
export const exchange002: RoomMigration = {
  name: '002-history',
  sql: ['exchange.package', 'exchange.package_part', 'exchange.acknowledgement']
    .map((table) => appendOnly(table))
    .join(''),
};
