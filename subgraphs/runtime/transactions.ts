import { escapeLiteral, type PoolClient } from 'pg';
import { Refusal } from '../../gateway/errors.js';
import { asRefusal } from './session.js';

/** Gives the connection back when `work` is done. */
export async function withClient<T>(
  client: PoolClient,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  let failure: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    failure = error instanceof Refusal ? undefined : (error as Error);
    throw error;
  } finally {
    // After a fault the connection may be in any state: it is closed, not reused.
    client.release(failure);
  }
}

/** Commits when `work` resolves, rolls back when it throws; row-level security works by the grant meanwhile. */
export async function inTransaction<T>(
  client: PoolClient,
  grant: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  // One round trip for both; a simple query takes no parameters, so the grant goes in as a quoted literal.
  await client.query(`begin; select set_config('hub.grant', ${escapeLiteral(grant)}, true)`);
  try {
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw asRefusal(error);
  }
}
