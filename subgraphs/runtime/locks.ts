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
      const { rows } = await client.query<{ locked: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
        [name],
      );
      if (rows[0]?.locked) return () => this.#unlock(client, name);
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
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => undefined);
    this.#held.delete(name);
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
