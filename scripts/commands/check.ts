import { Command } from 'commander';
import { allChecks } from '../checks/all.js';
import { lineOf, type Result, runChecks } from '../checks/report.js';
import { type ScratchDatabase, scratchDatabase } from '../checks/scratch-database.js';
import { startTestCluster } from '../database/test-cluster.js';

interface Options {
  schema: string;
  json?: boolean;
}

/** `hub check`: whether what is committed, what the code says and what the database becomes are one; status 1 if not. */
export function checkCommand(): Command {
  return new Command('check')
    .summary('compare schema/, the migrations, the entities and the database’s walls')
    .description(
      'Compares schema/ with the rooms, the migrations with their lock, and a database made from nothing with the ' +
        'entities and with the rules of access. Uses the server of DATABASE_URL, or an embedded one of its own.',
    )
    .option('--schema <folder>', 'the committed schema', 'schema')
    .option('--json', 'print JSON')
    .action(check);
}

async function check({ schema, json }: Options): Promise<void> {
  const closing: (() => Promise<void>)[] = [];
  const results: Result[] = [];
  try {
    const passed = await runChecks(allChecks(schema, scratchOnce(closing)), (result) => {
      results.push(result);
      if (!json) console.log(lineOf(result));
    });
    if (json) console.log(JSON.stringify({ passed, checks: results }, null, 2));
    process.exitCode = passed ? 0 : 1;
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

/** One server and one database for all checks, opened when the first of them needs it. */
function scratchOnce(closing: (() => Promise<void>)[]): () => Promise<ScratchDatabase> {
  let opened: Promise<ScratchDatabase> | undefined;
  const open = async (): Promise<ScratchDatabase> => {
    const server = await startTestCluster();
    closing.push(() => server.stop());
    const scratch = await scratchDatabase(server.url);
    closing.push(() => scratch.drop());
    return scratch;
  };
  return () => (opened ??= open());
}
