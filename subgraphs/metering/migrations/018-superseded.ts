import { keepVersions } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';

/** Whether a meter is nested follows from the chain; places that should have a meter are a register too. */
export const metering018: RoomMigration = {
  name: '018-superseded',
  sql:
    keepVersions({ table: 'metering.meter', category: 'meters', computed: ['is_nested'] }) +
    keepVersions({ table: 'metering.metered_place', category: 'meters' }),
};
