import { MikroORM, type EntityClass } from '@mikro-orm/postgresql';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { PostgresDialect } from 'kysely';
import { Pool, type PoolConfig, TypeOverrides } from 'pg';
import { lending } from './cancelling.js';
import { mustBeCounted } from './disclosures.js';
import { FairShare } from './fair-share.js';
import { Locks } from './locks.js';
import { sparing } from './round-trips.js';
import { observe } from './statements.js';

/** Dates and times stay text, as PostgreSQL wrote them: a `Date` would move a day by the server's time zone. */
const TEXTUAL_TYPES = [1082, 1114, 1184, 1186];

export interface DatabaseOptions {
  /** Connection of a login role that is a member of `hub_rooms` and owns nothing. */
  url: string;
  /** Most connections at once. */
  size?: number;
  /** Told of every statement before it is sent: for tests and measurements. */
  onStatement?: (sql: string) => void;
}

/** Of the connections, by how deep the work stands that asks for one: a request, what a room asks of another for it … */
const SHARES = [1 / 2, 5 / 16, 3 / 16];

/** Who waits longer for a connection is told so: the caller would give up without a word. */
const PATIENCE_MS = 30_000;

/** To connect, and to answer, for who asks whether the database is there. */
const READY_WITHIN_MS = 1_500;

/**
 * The rooms' connections to one database of one stage, shared by the rooms of a process. Work that holds a connection
 * while it waits for a neighbour's must not take both from one pool, or a crowd would wait for itself for ever; so
 * each depth has a pool of its own.
 */
export class Database {
  readonly locks: Locks;
  readonly #options: DatabaseOptions;
  readonly #pools: { pool: Pool; share: FairShare }[];
  /** Beside the others: these two are needed when all of those are busy. */
  readonly #cancelling: Pool;
  readonly #looking: Pool;
  #look: Promise<boolean> | undefined;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#pools = SHARES.map((part) => {
      const size = Math.max(1, Math.floor((options.size ?? 16) * part));
      return { pool: this.#open(size), share: new FairShare(size, PATIENCE_MS) };
    });
    this.#cancelling = this.#open(1);
    this.#looking = this.#open(1, {
      connectionTimeoutMillis: READY_WITHIN_MS,
      query_timeout: READY_WITHIN_MS,
    });
    this.locks = new Locks({ connectionString: options.url });
  }

  /** The connections of requests themselves. */
  get pool(): Pool {
    return this.poolAt(0);
  }

  /** The connections of work that `depth` others wait for. */
  poolAt(depth: number): Pool {
    return this.#at(depth).pool;
  }

  /** Does a tenant's work that takes one connection at `depth`, when it is its turn; not when `leaving` is aborted. */
  lend<T>(tenant: string, depth: number, work: () => Promise<T>, leaving?: AbortSignal): Promise<T> {
    return this.#at(depth).share.lend(tenant, work, leaving);
  }

  #at(depth: number): { pool: Pool; share: FairShare } {
    return this.#pools[Math.min(depth, this.#pools.length - 1)]!;
  }

  /** Whether the database answers. Whoever asks meanwhile shares the answer. */
  answers(): Promise<boolean> {
    this.#look ??= this.#looking
      .query('select 1')
      .then(
        () => true,
        () => false,
      )
      .finally(() => (this.#look = undefined));
    return this.#look;
  }

  /** Ends what runs on a connection of these pools, by the number of its backend. */
  async cancel(backend: number): Promise<void> {
    await this.#cancelling.query('select pg_cancel_backend($1)', [backend]);
  }

  #open(size: number, limits: PoolConfig = { connectionTimeoutMillis: PATIENCE_MS }): Pool {
    const { url, onStatement } = this.#options;
    const types = new TypeOverrides();
    for (const oid of TEXTUAL_TYPES) types.setTypeParser(oid, (text: string) => text);
    const pool = new Pool({
      connectionString: url,
      max: size,
      types,
      ...limits,
      application_name: 'hub rooms',
    });
    // A dropped idle connection is replaced by the pool; without a listener it would end the process.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => {
      client.on('error', () => undefined);
      sparing(client);
      observe(client, onStatement);
    });
    return lending(pool);
  }

  /** A room's entity manager over one of the pools. */
  async orm(entities: EntityClass<object>[], pool = this.pool): Promise<MikroORM> {
    const orm = await MikroORM.init({
      dbName: 'hub',
      entities,
      metadataProvider: ReflectMetadataProvider,
      driverOptions: new PostgresDialect({ pool }),
      discovery: { warnWhenNoEntities: false },
      ensureDatabase: false,
      // Rooms write with statements of their own: nobody looks for what was changed in an entity.
      propagationOnPrototype: false,
    });
    mustBeCounted(orm);
    return orm;
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.map(({ pool }) => pool), this.#cancelling, this.#looking];
    await Promise.all([...pools.map((pool) => pool.end()), this.locks.close()]);
  }
}
