import { MikroORM, type EntityClass } from '@mikro-orm/postgresql';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { PostgresDialect } from 'kysely';
import pg from 'pg';

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

/** The rooms' connections to one database of one stage, shared by the rooms of a process. */
export class Database {
  readonly pool: pg.Pool;

  constructor(options: DatabaseOptions) {
    const types = new pg.TypeOverrides();
    for (const oid of TEXTUAL_TYPES) types.setTypeParser(oid, (text: string) => text);
    this.pool = new pg.Pool({
      connectionString: options.url,
      max: options.size ?? 16,
      types,
      application_name: 'hub rooms',
    });
    // A dropped idle connection is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => {
      client.on('error', () => undefined);
      if (options.onStatement) observe(client, options.onStatement);
    });
  }

  /** A room's entity manager over these connections. */
  async orm(entities: EntityClass<object>[]): Promise<MikroORM> {
    return MikroORM.init({
      dbName: 'hub',
      entities,
      metadataProvider: ReflectMetadataProvider,
      driverOptions: new PostgresDialect({ pool: this.pool }),
      discovery: { warnWhenNoEntities: false },
      ensureDatabase: false,
    });
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** `query` has a dozen overloads; only the text of the first argument matters here. */
function observe(client: pg.PoolClient, onStatement: (sql: string) => void): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const observed = (...args: unknown[]): unknown => {
    const [first] = args;
    onStatement(
      typeof first === 'string' ? first : String((first as { text?: string } | undefined)?.text ?? 'COPY'),
    );
    return query(...args);
  };
  client.query = observed as typeof client.query;
}
