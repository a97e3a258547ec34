import type { ClientBase, Pool } from 'pg';
import type { RecordedFacts } from './entry.js';
import type { Checkpoint } from './ledger.js';

/** A row of ledger.checkpoint: what it says of itself, and the signed bytes, which may say something else. */
export interface StoredCheckpoint extends Checkpoint {
  body: string;
  signature: string;
}

/** One entry as stored; `recordedAt` is ISO 8601 in UTC with microseconds. */
export interface Row {
  sequence: number;
  recordedAt: string;
  facts: string;
  leaf: Buffer;
  chain: Buffer;
  /** The inner nodes of the tree that it completes, from level 1 up, one after the other. */
  nodes: Buffer;
  seal: Buffer;
}

/** One entry as read by a person; the leaf is in hexadecimal. */
export interface Entry {
  sequence: number;
  leaf: string;
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
  const { rows } = await db.query<{ sequence: string; leaf: string; facts: string }>(
    `select sequence, encode(leaf, 'hex') as leaf, facts from ledger.entry order by sequence desc limit $1`,
    [count],
  );
  return rows.toReversed().map(({ sequence, leaf, facts }) => ({
    sequence: Number(sequence),
    leaf,
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
      `select sequence, ctid as place, facts, leaf, chain, nodes, seal,
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

/** The stored checkpoints up to a size, smallest first, a page at a time. */
export async function* storedCheckpoints(
  db: Pool | ClientBase,
  largest: number,
): AsyncGenerator<StoredCheckpoint> {
  let after = -1;
  for (;;) {
    const { rows } = await db.query<Omit<StoredCheckpoint, 'size'> & { size: string }>(
      `select size, encode(root, 'hex') as root, body, signature from ledger.checkpoint
       where size > $1 and size <= $2 order by size limit $3`,
      [after, largest, PAGE],
    );
    for (const row of rows) yield { ...row, size: Number(row.size) };
    if (rows.length < PAGE) return;
    after = Number(rows.at(-1)!.size);
  }
}

/** The size of the largest stored checkpoint, -1 when there is none. */
export async function lastCheckpoint(db: Pool | ClientBase): Promise<number> {
  const { rows } = await db.query<{ last: string | null }>('select max(size) as last from ledger.checkpoint');
  return Number(rows[0]?.last ?? -1);
}
