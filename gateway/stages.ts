import pg from 'pg';
import type { StageUrls } from './stage-urls.js';
import { Registry } from './identity/registry.js';
import { Checkpoints } from './ledger/checkpoints.js';
import { Ledger } from './ledger/ledger.js';
import { Witness } from './ledger/witness.js';
import { sealKey } from './keys.js';
import { STAGES, type Stage } from './policy/grant.js';
import type { StageServices } from './requests.js';

export interface StagesOptions {
  home: string;
  urls: Record<Stage, StageUrls>;
  /** The hub's signature over a text. */
  sign: (text: string) => Promise<string>;
  fault: (error: unknown, where: string) => string;
  checkpointEveryMs: number;
}

/** A proof looks up some dozens of rows by their numbers; what takes longer is somebody's mistake. */
const LONGEST_READING_MS = 30_000;

/** What the gateway holds of each stage's database. */
export async function openStages(
  options: StagesOptions,
  closing: (() => unknown)[],
): Promise<Record<Stage, StageServices>> {
  const stages = {} as Record<Stage, StageServices>;
  for (const stage of STAGES) stages[stage] = await openStage(stage, options, closing);
  return stages;
}

async function openStage(
  stage: Stage,
  { home, urls, sign, fault, checkpointEveryMs }: StagesOptions,
  closing: (() => unknown)[],
): Promise<StageServices> {
  const pool = poolOf(urls[stage].gateway, { max: 4 });
  // Who reads the ledger must never keep an entry waiting, for then no answer would leave.
  const readingPool = poolOf(urls[stage].gateway, { max: 2, statement_timeout: LONGEST_READING_MS });
  const witness = new Witness({ home, stage, pool, fault });
  const ledger = await new Ledger(pool, { sealKey: await sealKey(home, stage), witness }).open();
  const registry = await new Registry(pool).open();
  const checkpoints = new Checkpoints({ pool: readingPool, stage, sign });
  const signing = setInterval(
    () => void checkpoints.sign().catch((error: unknown) => fault(error, `checkpoint of ${stage}`)),
    checkpointEveryMs,
  );
  signing.unref();
  closing.push(async () => {
    clearInterval(signing);
    registry.close();
    await ledger.close();
    await Promise.all([pool.end(), readingPool.end()]);
  });
  return { registry, ledger, pool, reading: { pool: readingPool, checkpoints } };
}

function poolOf(connectionString: string, options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    connectionTimeoutMillis: 5_000,
    application_name: 'hub gateway',
    ...options,
  });
  pool.on('error', () => undefined);
  return pool;
}
