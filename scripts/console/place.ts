import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { readConfig } from '../../gateway/config.js';
import { stageUrl, type StageUrls, stageUrls } from '../../gateway/stage-urls.js';
import { rolePasswords } from '../../gateway/keys.js';
import { STAGES, type Stage } from '../../gateway/policy/grant.js';
import { Failure } from '../client/failure.js';
import { attachDatabase } from '../database/open.js';
import { readRecord } from '../database/record.js';
import { databaseUnavailable } from '../serving/plain-words.js';

/** The databases of a home, reached from the machine itself. Close it: the embedded server may run for this alone. */
export interface Place {
  /** Its absolute path. */
  home: string;
  urls: Record<Stage, StageUrls>;
  /** As the owner of the tables. It holds a password: never log it. */
  ownerUrl(stage: Stage): string;
  close(): Promise<void>;
}

const NO_SUCH_DATABASE = '3D000';

/** Whether a home has a database, or DATABASE_URL names one: without, nothing was ever registered there. */
export async function hasDatabase(home: string): Promise<boolean> {
  return readConfig(process.env).databaseUrl !== undefined || (await readRecord(resolve(home))) !== undefined;
}

/**
 * The hub's databases, whether a hub runs or not; the embedded server is started when none does. A database that was
 * prepared before is used as it is: another home's passwords must not be set on it.
 *
 * @param mayPrepare makes the databases of a home that never ran.
 * @throws Failure NO_HUB_HERE, DATABASE_UNAVAILABLE
 */
export async function openPlace(home: string, { mayPrepare }: { mayPrepare: boolean }): Promise<Place> {
  const path = resolve(home);
  const canExist = mayPrepare ? existsSync(join(path, 'authority')) : await hasDatabase(path);
  if (!canExist) throw noHub(path, mayPrepare);
  const url = readConfig(process.env).databaseUrl;
  const database = await attachDatabase({ home: path, url, log: () => undefined }).catch(databaseUnavailable);
  try {
    const passwords = await rolePasswords(path);
    if (!(await isPrepared(database.url))) {
      if (!mayPrepare) throw noHub(path, mayPrepare);
      // Loaded only here: it brings every room along, which those who find a database do without.
      const { prepareDatabases } = await import('../../gateway/databases.js');
      await prepareDatabases(database.url, passwords);
    }
    const entries = STAGES.map(
      (stage) => [stage, stageUrls(stageUrl(database.url, stage), passwords)] as const,
    );
    return {
      home: path,
      urls: Object.fromEntries(entries) as Record<Stage, StageUrls>,
      ownerUrl: (stage) => stageUrl(database.url, stage),
      close: () => database.stop(),
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function isPrepared(ownerUrl: string): Promise<boolean> {
  for (const stage of STAGES) {
    const owner = new Client({ connectionString: stageUrl(ownerUrl, stage) });
    try {
      await owner.connect();
      const { rows } = await owner.query<{ is: boolean }>(
        `select to_regclass('tenants.tenant') is not null and to_regclass('ledger.entry') is not null as is`,
      );
      if (!rows[0]?.is) return false;
    } catch (error) {
      if ((error as { code?: unknown }).code === NO_SUCH_DATABASE) return false;
      throw error;
    } finally {
      await owner.end().catch(() => undefined);
    }
  }
  return true;
}

function noHub(home: string, mayPrepare: boolean): Failure {
  const makeOne = mayPrepare ? 'hub cert init makes one' : 'npm start makes one';
  return new Failure({
    code: 'NO_HUB_HERE',
    message: `There is no hub in ${home}.`,
    remedy: `Name its home with --home or HUB_HOME; ${makeOne}.`,
  });
}
