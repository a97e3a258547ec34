import type { RoomMigration } from '../../runtime/migrate.js';

/** What was recorded lately lies together, so that a summary of every few pages finds it; it costs a writer next to nothing. */
export const metering006: RoomMigration = {
  name: '006-late-days',
  sql: `create index day_block_recorded on metering.day_block using brin (recorded_at);`,
};
