import type { Pool } from 'pg';
import type { ActFacts } from './ledger/entry.js';
import type { Ledger } from './ledger/ledger.js';

/** What a mutation did, as its room wrote it down with the change: one entry that the ledger has yet to hold. */
export interface UnrecordedActs extends Pick<ActFacts, 'request' | 'tenant' | 'purpose' | 'acts'> {
  id: string;
}

const SELECT = 'select id, request, tenant, purpose, acts from runtime.act_outbox';

/** The gateway of a request records its acts with its answer; later than this, that gateway is gone. */
const LEFT = `${SELECT} where written_at < now() - interval '30 seconds' order by id limit 500`;

/** What the rooms did for a request. */
export async function actsOf(pool: Pool, request: string): Promise<UnrecordedActs[]> {
  return (await pool.query<UnrecordedActs>(`${SELECT} where request = $1 order by id`, [request])).rows;
}

/**
 * Records what mutations did, to which objects, in an entry each. Resolves when that is committed, with those that it
 * recorded: others were recorded by somebody else. Called in the same tick as the answer's own entry is appended, it
 * goes into the same batch.
 */
export async function appendActs(
  ledger: Ledger,
  unrecorded: readonly UnrecordedActs[],
): Promise<UnrecordedActs[]> {
  const appended = await Promise.all(
    unrecorded.map(({ id, ...facts }) => ledger.appendFromOutbox({ event: 'ACT', ...facts }, id)),
  );
  return unrecorded.filter((_, place) => appended[place]);
}

/**
 * Records what is left of gateways that ended between a room's commit and their own entry, under the request that did
 * it. Any number of gateways may do so at once.
 *
 * @returns the requests, each once; the rest of very many stays for the next time.
 */
export async function recordLeft({ pool, ledger }: { pool: Pool; ledger: Ledger }): Promise<string[]> {
  const { rows } = await pool.query<UnrecordedActs>(LEFT);
  const recorded = await appendActs(ledger, rows);
  return [...new Set(recorded.map(({ request }) => request))];
}
