import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIGRATIONS } from '../../gateway/databases.js';
import { rooms } from '../../subgraphs/index.js';
import { wallFaults } from './database-walls.js';
import { entityDrift } from './entity-drift.js';
import { lockDrift, namingFaults, readLock } from './migrations-lock.js';
import type { Check } from './report.js';
import { schemaDrift, schemaFiles } from './schema-files.js';
import type { ScratchDatabase } from './scratch-database.js';

const MEND = 'hub schema writes schema/ anew; look at the difference before committing it.';

/**
 * Everything that `hub check` holds the project to.
 *
 * @param schemaFolder schema/ of the checkout; `scratch` opens a prepared database when the first check needs it.
 */
export function allChecks(schemaFolder: string, scratch: () => Promise<ScratchDatabase>): Check[] {
  return [
    {
      name: 'schema/ says what the rooms say, and they compose',
      remedy: MEND,
      run: async () => schemaDrift(schemaFolder, await schemaFiles()),
    },
    {
      name: 'migrations are named in their order',
      run: async () => namingFaults(MIGRATIONS),
    },
    {
      name: 'migrations are those that were locked',
      remedy: `${MEND} A released step is never changed: add a further one.`,
      run: async () =>
        lockDrift(readLock(await readFile(join(schemaFolder, 'migrations.lock'), 'utf8')), MIGRATIONS),
    },
    {
      name: 'entities and tables agree',
      remedy: 'Mend the entity, or add a migration.',
      run: async () => entityDrift((await scratch()).owner, rooms),
    },
    {
      name: 'row-level security covers every table, and nobody may delete or own',
      run: async () => wallFaults((await scratch()).owner),
    },
  ];
}
