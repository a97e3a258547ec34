import type { QueryConfig } from 'pg';
import type { Commitment } from './commitments.js';

/** An entry on its way, with the commitments that it holds. */
export interface Writing {
  facts: string;
  seal: Buffer;
  commitments: readonly Commitment[];
  /** The row of the outbox that it records: it is written if that is still there, which it then no longer is. */
  outboxId?: string;
}

/**
 * Facts by line, seals end to end: canonical JSON has no line break in it, and a seal is 32 bytes. As arrays the driver
 * would escape every quote of every entry, which costs a gateway more than all else of an entry.
 */
const ENTRIES = `insert into ledger.entry (facts, seal)
  select facts, substr($2::bytea, place::int * 32 - 31, 32)
  from string_to_table($1, E'\\n') with ordinality as batch (facts, place) order by place
  returning sequence, leaf, chain`;

const COMMITTED = `committed as (
    insert into ledger.disclosure (sequence, place, subject, area, category, amount, consents, salt, commitment)
    select sequence, place, subject, area, category, amount, string_to_array(consents, ','), salt, commitment
    from unnest($3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[], $10::text[], $11::bytea[])
      as given (entry, place, subject, area, category, amount, consents, salt, commitment)
    join numbered using (entry))`;

/** Entries of one batch are numbered in the order in which they were appended. */
const WITH_COMMITMENTS = `with appended as (${ENTRIES}),
  numbered as (select sequence, row_number() over (order by sequence) as entry from appended),
  ${COMMITTED}
  select * from appended order by sequence`;

/** Of entries that record rows of the outbox only those whose row this statement took; `entry` tells which came through. */
const WITH_ACTS = `with taken as (select id from runtime.take_acts($12) as id),
  due as (
    select facts, substr($2::bytea, entry::int * 32 - 31, 32) as seal, entry, row_number() over (order by entry) as nth
    from string_to_table($1, E'\\n') with ordinality as batch (facts, entry)
    where not exists (select from unnest($12::bigint[], $13::int[]) as act (id, entry)
      where act.entry = batch.entry and id not in (select id from taken))),
  appended as (insert into ledger.entry (facts, seal) select facts, seal from due order by nth
    returning sequence, leaf, chain),
  numbered as (select entry::int, sequence from due
    join (select sequence, row_number() over (order by sequence) as nth from appended) as given using (nth)),
  ${COMMITTED}
  select entry, sequence, leaf, chain from appended join numbered using (sequence) order by sequence`;

/**
 * One statement for a whole batch: its entries and, where there are any, what they commit to. Number, leaf and chain of each
 * entry come back, in order. Named, so that a connection plans it once: a small batch would pay more for that than
 * for its entries.
 */
export function insertOf(batch: readonly Writing[]): QueryConfig {
  const facts = batch.map((entry) => entry.facts).join('\n');
  const entries = [facts, Buffer.concat(batch.map(({ seal }) => seal))];
  const acts = batch.flatMap(({ outboxId }, index) => (outboxId ? [{ outboxId, entry: index + 1 }] : []));
  const rows = batch.flatMap(({ commitments }, index) =>
    commitments.map((commitment, place) => ({ ...commitment, entry: index + 1, place })),
  );
  if (rows.length + acts.length === 0) return { name: 'entries', text: ENTRIES, values: entries };
  const values = [
    ...entries,
    rows.map(({ entry }) => entry),
    rows.map(({ place }) => place),
    rows.map(({ subject }) => subject),
    rows.map(({ area }) => area),
    rows.map(({ category }) => category),
    rows.map((row) => row.values),
    rows.map(({ consents }) => consents.join(',')),
    rows.map(({ salt }) => salt),
    rows.map(({ hash }) => hash),
  ];
  if (acts.length === 0) return { name: 'entries with commitments', text: WITH_COMMITMENTS, values };
  values.push(
    acts.map(({ outboxId }) => outboxId),
    acts.map(({ entry }) => entry),
  );
  return { name: 'entries with acts', text: WITH_ACTS, values };
}

/**
 * What came back, in the places of the batch; null for an act that was not there to be recorded any more.
 *
 * @throws Error when any other entry is missing.
 */
export function inPlaces<Row extends { entry?: number }>(
  batch: readonly Writing[],
  rows: readonly Row[],
): (Row | null)[] {
  if (rows.length === batch.length) return [...rows];
  const byEntry = new Map(rows.map((row) => [row.entry, row]));
  return batch.map(({ outboxId }, index) => {
    const row = byEntry.get(index + 1) ?? null;
    if (!row && !outboxId) throw new Error(`${rows.length} of ${batch.length} recorded`);
    return row;
  });
}

/** As many entries from the front as one statement may take: no more than `most`, nor commitments beyond bounds. */
export function nextBatch<T extends Writing>(queue: T[], most: number): T[] {
  let commitments = 0;
  const end = queue.findIndex((writing, index) => {
    commitments += writing.commitments.length;
    // One answer may be larger than the bound; it goes alone.
    return index === most || (index > 0 && commitments > MOST_COMMITMENTS);
  });
  return queue.splice(0, end === -1 ? queue.length : end);
}

/** Some tens of milliseconds; others wait for a batch to end. */
const MOST_COMMITMENTS = 10_000;
