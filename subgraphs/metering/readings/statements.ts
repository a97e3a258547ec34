import type { PoolClient } from 'pg';
import { Refusal } from '../../../gateway/errors.js';
import type { BulkSession } from '../../runtime/bulk.js';
import { queryLarge } from '../../runtime/large-parameter.js';
import type { QuarantinedLine } from './chunk.js';
import { dateText } from './calendar.js';

const COLUMNS = 'date, meter, area, subject, interval_minutes, scale, values, total, present, quality';

/**
 * New days are added; a day that differs becomes a new version (the trigger keeps the old one); the same again is
 * left alone and not returned. Whose a day is stays: the meter may have changed hands since.
 */
const WRITE_BLOCKS = `
  with written as (
    insert into metering.day_block as stored (${COLUMNS}, batch)
    select ${COLUMNS}, $2 from unnest($1::metering.incoming_block[])
    on conflict (date, meter) do update set interval_minutes = excluded.interval_minutes,
      scale = excluded.scale, values = excluded.values, total = excluded.total, present = excluded.present,
      quality = excluded.quality, batch = excluded.batch
    where (stored.values, stored.scale, stored.interval_minutes)
      is distinct from (excluded.values, excluded.scale, excluded.interval_minutes)
    returning version
  )
  select count(*)::integer as written, (count(*) filter (where version = 1))::integer as added from written`;

/** Half the work of the statement above, where no day of the chunk is stored yet. */
const ADD_BLOCKS = `
  insert into metering.day_block (${COLUMNS}, batch)
  select ${COLUMNS}, $2 from unnest($1::metering.incoming_block[])`;

const ADD_NEW_BLOCKS = `
  insert into metering.day_block (${COLUMNS}, batch)
  select ${COLUMNS}, $2 from unnest($1::metering.incoming_block[])
  on conflict (date, meter) do nothing returning meter, (date - '2000-01-01')::integer as day`;

/** How many blocks were written, and how many of them are new. */
export interface Counts {
  written: number;
  added: number;
}

export async function writeBlocks(client: PoolClient, rows: Buffer, batch: string): Promise<Counts> {
  const statement = { name: 'metering write blocks', text: WRITE_BLOCKS, bytes: rows, texts: [batch] };
  return (await queryLarge<Counts & object>(client, statement)).rows[0]!;
}

/** Adds blocks of days that are not stored yet. A stored one fails the transaction with a unique violation. */
export async function addBlocks(client: PoolClient, rows: Buffer, batch: string): Promise<void> {
  await queryLarge(client, { name: 'metering add blocks', text: ADD_BLOCKS, bytes: rows, texts: [batch] });
}

/** Adds the blocks whose day is not stored yet; answers which those were. */
export async function addNewBlocks(
  client: PoolClient,
  rows: Buffer,
  batch: string,
): Promise<{ meter: string; day: number }[]> {
  const statement = { name: 'metering add new blocks', text: ADD_NEW_BLOCKS, bytes: rows, texts: [batch] };
  return (await queryLarge<{ meter: string; day: number }>(client, statement)).rows;
}

const ADD_QUARANTINED = `
  with incoming as (
    select * from unnest($2::bigint[], $3::integer[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::date[])
      as line (line, part, reason, detail, content, meter, day)
  ), added as (
    insert into metering.quarantined_line (batch, line, part, reason, detail, content, tenant, area, meter, day)
    select $1, line, part, reason, detail, content, $9, $10, meter, day from incoming
    on conflict (batch, line, part) do nothing returning line, part
  )
  select count(*)::integer as count from added`;

const COUNT_SAME = `
  select count(*)::integer as count
  from unnest($2::bigint[], $3::integer[], $4::bytea[]) as incoming (line, part, content)
  join metering.quarantined_line as stored using (line, part)
  where stored.batch = $1 and stored.content = incoming.content`;

/**
 * Stores lines byte for byte. A repeated batch brings the same lines again, which are there already.
 *
 * @throws Refusal IDEMPOTENCY_KEY_REUSED when the batch's line was another one before: it would be lost.
 */
export async function addQuarantined(
  client: PoolClient,
  session: BulkSession,
  batch: string,
  lines: QuarantinedLine[],
): Promise<void> {
  const { tenant, area } = session.grant.caller;
  const numbers = lines.map(({ line }) => line);
  const parts = lines.map(({ part }) => part);
  const contents = lines.map(({ content }) => content);
  const { rows } = await client.query<{ count: number }>(ADD_QUARANTINED, [
    batch,
    numbers,
    parts,
    lines.map(({ fault }) => fault.reason),
    lines.map(({ fault }) => fault.detail),
    contents,
    lines.map(({ meter }) => meter),
    lines.map(({ day }) => (day === null ? null : dateText(day))),
    tenant,
    area,
  ]);
  if (rows[0]?.count === lines.length) return;
  const same = await client.query<{ count: number }>(COUNT_SAME, [batch, numbers, parts, contents]);
  if (same.rows[0]?.count !== lines.length) throw new Refusal('IDEMPOTENCY_KEY_REUSED');
}
