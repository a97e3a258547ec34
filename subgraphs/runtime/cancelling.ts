import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';

/** With the number of its backend, which pg's types leave out. */
type Connection = PoolClient & { processID?: number | null };

interface Lent {
  signal: AbortSignal;
  clients: Set<Connection>;
  cancelling: Promise<unknown>;
}

const lentTo = new AsyncLocalStorage<Lent | undefined>();

/** Cancels what a backend of the same role is at. */
export type Cancel = (backend: number) => Promise<unknown>;

/**
 * Does `work`; when `signal` is aborted, cancels the statements that it runs on connections of a {@link lending} pool.
 * What follows in their transactions is then refused by PostgreSQL.
 */
export async function cancellable<T>(
  signal: AbortSignal | undefined,
  cancel: Cancel,
  work: () => Promise<T>,
): Promise<T> {
  if (!signal) return work();
  signal.throwIfAborted();
  const lent: Lent = { signal, clients: new Set(), cancelling: Promise.resolve() };
  const leave = (): void => {
    const backends = [...lent.clients].flatMap(({ processID }) => processID ?? []);
    // What cannot be cancelled ends by itself.
    lent.cancelling = Promise.allSettled(backends.map(cancel));
  };
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await lentTo.run(lent, work);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** Does `work` to its end, whoever leaves: on behalf of work that may be cancelled. */
export function toItsEnd<T>(work: () => T): T {
  return lentTo.run(undefined, work);
}

/** A pool that knows to whom it lends a connection, so that it can be told what to cancel. */
export function lending(pool: Pool): Pool {
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => Promise<PoolClient>;
  const lend = async (lent: Lent): Promise<PoolClient> => {
    const client = await connect();
    if (lent.signal.aborted) {
      client.release();
      throw lent.signal.reason;
    }
    lent.clients.add(client);
    const release = client.release;
    // Whoever has the connection next must not be cancelled in place of this work.
    client.release = (reason) => {
      if (!lent.clients.delete(client)) throw new Error('the connection was given back before');
      void lent.cancelling.then(() => release(reason));
    };
    return client;
  };
  pool.connect = ((...args: unknown[]) => {
    const lent = args.length === 0 ? lentTo.getStore() : undefined;
    return lent ? lend(lent) : connect(...args);
  }) as Pool['connect'];
  return pool;
}
