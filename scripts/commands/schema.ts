import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { MIGRATIONS } from '../../gateway/databases.js';
import { type MigrationsLock, nextLock, readLock, writeLock } from '../checks/migrations-lock.js';
import { schemaFiles, writeSchemaFiles } from '../checks/schema-files.js';

interface Options {
  out: string;
  release?: boolean;
  json?: boolean;
}

/** `hub schema`: writes what the rooms say into schema/, to be committed. */
export function schemaCommand(): Command {
  return new Command('schema')
    .summary('write the GraphQL schemas and the list of migrations into schema/')
    .description(
      'Writes the subgraph of every room, the supergraph, the schema that clients see, and the hashes of all migrations.',
    )
    .option('--out <folder>', 'where to write', 'schema')
    .option('--release', 'mark every migration as released: none of them may change from then on')
    .option('--json', 'print JSON')
    .action(write);
}

async function write({ out, release, json }: Options): Promise<void> {
  const files = await schemaFiles();
  const lockPath = join(out, 'migrations.lock');
  const lock = nextLock(await knownLock(lockPath), MIGRATIONS, release === true);
  await mkdir(out, { recursive: true });
  await writeSchemaFiles(out, files);
  await writeFile(lockPath, writeLock(lock));
  const written = [...files.keys(), 'migrations.lock'].map((name) => join(out, name));
  console.log(json ? JSON.stringify({ written }) : written.join('\n'));
}

async function knownLock(path: string): Promise<MigrationsLock> {
  const text = await readFile(path, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return '';
    throw fault;
  });
  return readLock(text);
}
