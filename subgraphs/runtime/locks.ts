import { Client, type ClientConfig } from 'pg';

/** Ends a lock; never throws: a connection that is gone has ended it already. */
export type Unlock = () => Promise<void>;

/**
 * Named locks that several processes share and that end with the process. All of one process are held by one
 * connection beside the pool, so that a slow caller who holds one keeps no connection from others.
 */
export class Locks {
  readonly #config: ClientConfig;
  readonly #held = new Set<string>();
  #client: Promise<Client> | undefined;
  /** One statement at a time: a connection takes no second one while it is busy. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(config: ClientConfig) {
    this.#config = config;
  }

  /** Null while another holds it. */
  async tryLock(name: string): Promise<Unlock | null> {
    // PostgreSQL would give a connection the lock that it holds already.
    if (this.#held.has(name)) return null;
    this.#held.add(name);
    try {
      const client = await this.#connection();
      if (await this.#call(client, 'pg_try_advisory_lock', name)) return () => this.#unlock(client, name);
    } catch (error) {
      this.#held.delete(name);
      throw error;
    }
    this.#held.delete(name);
    return null;
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    await client?.end();
  }

  async #unlock(client: Client, name: string): Promise<void> {
    await this.#call(client, 'pg_advisory_unlock', name).catch(() => undefined);
    this.#held.delete(name);
  }

  #call(
    client: Client,
    name: 'pg_try_advisory_lock' | 'pg_advisory_unlock',
    lock: string,
  ): Promise<boolean | undefined> {
    const called = this.#turn.then(async () => {
      const sql = `select ${name}(hashtextextended($1, 0)) as done`;
      return (await client.query<{ done: boolean }>(sql, [lock])).rows[0]?.done;
    });
    this.#turn = called.catch(() => undefined);
    return called;
  }

  #connection(): Promise<Client> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<Client> {
    const client = new Client({ ...this.#config, application_name: 'hub locks' });
    const forget = (): void => void (this.#client = undefined);
    client.on('error', forget);
    client.on('end', forget);
    await client.connect().catch((error: unknown) => {
      forget();
      throw error;
    });
    return client;
  }
}
