import type { PoolClient } from 'pg';

/** A dozen overloads; here statements come as their text and parameters, and the answer is a promise. */
type Query = (text: unknown, values?: unknown, ...others: unknown[]) => Promise<unknown>;

/** A plan takes some 300 KB of a connection's memory, for the policies of its tables are in it. */
const MOST_PREPARED = 64;
/** What comes less often is planned each time. */
const OFTEN = 3;
const MOST_SEEN = 1_000;

const names = new Map<string, string>();
const seen = new Map<string, number>();

/**
 * Says that a statement is one of those that come again and again with other parameters: PostgreSQL then plans it once
 * a connection. With row-level security on every table, planning takes longer than most statements.
 */
export function comesAgain(sql: string): void {
  if (names.size >= MOST_PREPARED || names.has(sql)) return;
  const times = (seen.get(sql) ?? 0) + 1;
  if (seen.size >= MOST_SEEN) seen.clear();
  if (times < OFTEN) return void seen.set(sql, times);
  seen.delete(sql);
  names.set(sql, `room ${names.size + 1}`);
}

const BEGIN = /^(begin|start transaction)( read only)?$/i;
const BEGUN = { command: 'BEGIN', rowCount: null, rows: [], fields: [] };

/**
 * Saves a connection's round trips: what {@link comesAgain} is prepared, and the beginning of a transaction is sent
 * together with what follows it, which is the grant that it is for.
 */
export function sparing(client: PoolClient): void {
  const send = client.query.bind(client) as Query;
  let begin: string | undefined;
  const spared: Query = (text, values, ...others) => {
    const isPlain = typeof text === 'string' && others.length === 0;
    const hasValues = Array.isArray(values) ? values.length > 0 : values !== undefined;
    if (isPlain && !hasValues && BEGIN.test(text)) {
      begin = text;
      return Promise.resolve(BEGUN);
    }
    const before = begin;
    begin = undefined;
    if (before !== undefined && isPlain && !hasValues) return send(`${before}; ${text}`).then(lastOf);
    // In order all the same; what follows a beginning that failed fails as well.
    if (before !== undefined) send(before).catch(() => undefined);
    const name = isPlain && hasValues ? names.get(text) : undefined;
    return name === undefined ? send(text, values, ...others) : send({ name, text, values });
  };
  client.query = spared as typeof client.query;
}

/** Of several statements sent as one text there is a list of results. */
function lastOf(results: unknown): unknown {
  return Array.isArray(results) ? results.at(-1) : results;
}
