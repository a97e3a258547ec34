import { keepVersions } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';

export const buildings004: RoomMigration = {
  name: '004-superseded',
  sql: keepVersions({ table: 'buildings.building', category: 'buildings' }),
};
