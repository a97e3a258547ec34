import type { ClientBase, Pool } from 'pg';
import type { RecordedFacts } from './entry.js';

/** One entry as stored; `recordedAt` is ISO 8601 in UTC with microseconds. */
export interface Row {
  sequence: number;
  recordedAt: string;
  facts: string;
  leaf: Buffer;
  chain: Buffer;
}

/** One entry as read by a person; `hash` is the chain after it, in hexadecimal. */
export interface Entry {
  sequence: number;
  hash: string;
  facts: RecordedFacts;
}

/** Rows in memory at once; an entry is at most 16 KiB and usually well below one. */
const PAGE = 2_000;

/** Row security hides rows from a role outside hub_gateway instead of refusing it, the owner included; this throws. */
export async function mustSeeAll(db: Pool | ClientBase): Promise<void> {
  const { rows } = await db.query<{ sees: boolean; role: string }>(
    `select current_user as role,
       not row_security_active('ledger.entry') or pg_has_role('hub_gateway', 'usage') as sees`,
  );
  if (!rows[0]?.sees) {
    throw new Error(
      `Role ${rows[0]?.role} cannot see the ledger: grant hub_gateway to it, or use another role.`,
    );
  }
}

/** The number of the last entry, 0 when there is none. */
export async function lastSequence(db: Pool | ClientBase): Promise<number> {
  const { rows } = await db.query<{ last: string | null }>('select max(sequence) as last from ledger.entry');
  return Number(rows[0]?.last ?? 0);
}

/** The newest `count` entries, oldest of them first. */
export async function recentEntries(db: Pool | ClientBase, count: number): Promise<Entry[]> {
  await mustSeeAll(db);
  const { rows } = await db.query<{ sequence: string; hash: string; facts: string }>(
    `select sequence, encode(chain, 'hex') as hash, facts from ledger.entry order by sequence desc limit $1`,
    [count],
  );
  return rows.toReversed().map(({ sequence, hash, facts }) => ({
    sequence: Number(sequence),
    hash,
    facts: JSON.parse(facts) as RecordedFacts,
  }));
}

/**
 * All rows numbered up to `last`, in order, a page at a time. Pages by place as well as number: with the primary
 * key dropped a number could stand twice, and the second row must not be lost between two pages. The first page has
 * no lower bound, so a row numbered below 1 is met too.
 */
export async function* pages(db: Pool | ClientBase, last: number): AsyncGenerator<Row[]> {
  let after: [number | null, string | null] = [null, null];
  for (;;) {
    const { rows } = await db.query<Omit<Row, 'sequence'> & { sequence: string; place: string }>(
      `select sequence, ctid as place, facts, leaf, chain,
         to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "recordedAt"
       from ledger.entry
       where ($1::bigint is null or (sequence, ctid) > ($1, $2::tid)) and sequence <= $3
       order by sequence, ctid limit $4`,
      [...after, last, PAGE],
    );
    yield rows.map((row) => ({ ...row, sequence: Number(row.sequence) }));
    const end = rows.at(-1);
    if (!end || rows.length < PAGE) return;
    after = [Number(end.sequence), end.place];
  }
}
