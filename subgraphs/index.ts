import audits from './audits/room.js';
import buildings from './buildings/room.js';
import corrections from './corrections/room.js';
import enterprises from './enterprises/room.js';
import exchange from './exchange/room.js';
import inspections from './inspections/room.js';
import metering from './metering/room.js';
import { runtime001 } from './runtime/migrations/001-grant.js';
import { runtime002 } from './runtime/migrations/002-history.js';
import { runtime003 } from './runtime/migrations/003-values.js';
import { runtime004 } from './runtime/migrations/004-outbox.js';
import type { MigrationSet } from './runtime/migrate.js';
import type { DeclaredRoom } from './runtime/room.js';
import tenants from './tenants/room.js';

/** Every room of the hub. A new room is added here and nowhere else. */
export const rooms: readonly DeclaredRoom[] = [
  tenants,
  enterprises,
  buildings,
  metering,
  audits,
  inspections,
  exchange,
  corrections,
];

/** All schema steps, the runtime's first because the rooms' row-level security calls it. */
export const roomMigrations: MigrationSet[] = [
  { room: 'runtime', migrations: [runtime001, runtime002, runtime003, runtime004] },
  ...rooms.map(({ name, migrations }) => ({ room: name, migrations })),
];
