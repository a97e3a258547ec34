import { keepVersions } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';

export const enterprises005: RoomMigration = {
  name: '005-superseded',
  sql: keepVersions({
    table: 'enterprises.enterprise',
    category: 'enterprises',
    key: 'uscc',
    subject: 'uscc',
  }),
};
