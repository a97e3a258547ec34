import { Readable } from 'node:stream';
import type { Client, PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { Refusal } from '../../../gateway/errors.js';
import type { BulkSession } from '../../runtime/bulk.js';
import { NO_DAY, readDate } from './calendar.js';
import { CopiedDays } from './copied-days.js';

const SNAPSHOT = /^\d{1,20}:\d{1,20}:(\d{1,20}(,\d{1,20})*)?$/;

export interface ExportedDay {
  /** What the blocks are as of: `pg_snapshot` text. The same again, at any later time, gives the same bytes. */
  snapshot: string;
  /** One line a block in the order of meters. */
  body: Readable;
}

/** @throws Refusal BAD_USER_INPUT when it is no day of the calendar. */
export function checkedDate(date: string): string {
  const bytes = Buffer.from(date);
  if (readDate(bytes, 0, bytes.length) !== NO_DAY) return date;
  throw new Refusal('BAD_USER_INPUT', { message: 'date: must be YYYY-MM-DD between 2000 and 2100' });
}

/** @throws Refusal BAD_USER_INPUT when it is no snapshot. */
export function checkedSnapshot(snapshot: string): string {
  if (SNAPSHOT.test(snapshot) && snapshot.length <= 10_000) return snapshot;
  throw new Refusal('BAD_USER_INPUT', { message: 'the snapshot is none that this room has given' });
}

/**
 * The blocks of a day in the caller's reach, as of a snapshot, or of now. Later corrections do not show: each version
 * is kept with the transactions that brought and superseded it. The body is a COPY on its way; it holds a connection
 * until it is read to its end or destroyed.
 */
export async function exportDay(
  session: BulkSession,
  date: string,
  at: string | undefined,
): Promise<ExportedDay> {
  const day = checkedDate(date);
  const wanted = at === undefined ? undefined : checkedSnapshot(at);
  const body = new CopyBody();
  return new Promise((resolve, reject) => {
    const exporting = session.transaction(async (client) => {
      const current = await beginExport(client);
      const snapshot = wanted ?? current;
      resolve({ snapshot, body });
      await copyInto(body, client, day, snapshot);
    });
    exporting.then(
      () => body.push(null),
      (error: Error) => {
        reject(error);
        body.destroy(error);
      },
    );
  });
}

/**
 * The indexes have the rows in order already. Left to itself the planner would rather read a whole month and sort it,
 * and nothing would leave before that is done.
 *
 * @returns the snapshot of now.
 */
async function beginExport(client: PoolClient): Promise<string> {
  const { rows } = await client.query<{ snapshot: string }>(
    `select pg_current_snapshot()::text as snapshot, set_config('enable_sort', 'off', true),
       set_config('enable_seqscan', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)`,
  );
  return rows[0]!.snapshot;
}

/**
 * The blocks of a day as of a snapshot, to select from: the meter and the columns named. One date, asked for as if it
 * were several, and all conditions outside the union: only so does the planner see that both indexes have the order
 * of days and meters.
 */
export function daysAsOf(day: string, snapshot: string, columns: string): string {
  return `(
    select * from (
      select date, meter, ${columns}, changed, null::xid8 as superseded from metering.visible_day
      union all
      select date, meter, ${columns}, changed, superseded from metering.visible_superseded_day
    ) as either
    where date between '${day}' and '${day}' and pg_visible_in_snapshot(changed, '${snapshot}')
      and (superseded is null or not pg_visible_in_snapshot(superseded, '${snapshot}'))
  ) as block`;
}

function copyStatement(day: string, snapshot: string): string {
  const columns = 'interval_minutes, scale, values, total, version';
  return `copy (
    select meter, ${columns} from ${daysAsOf(day, snapshot, columns)} order by date, meter
  ) to stdout (format binary)`;
}

async function copyInto(body: CopyBody, client: PoolClient, day: string, snapshot: string): Promise<void> {
  const days = new CopiedDays(day);
  const copy = client.query(copyTo(copyStatement(day, snapshot)));
  // Its errors arrive through the loop; one that comes after the loop was left is of no interest.
  copy.on('error', () => undefined);
  for await (const piece of copy) {
    const lines = days.push(piece as Buffer);
    if (lines.length > 0 && !body.push(lines)) await body.isWanted();
    if (!body.destroyed) continue;
    await disconnect(client);
    throw new Error('nobody reads the day any more');
  }
}

/**
 * The rest of a COPY can only be stopped from another connection, and there may be none free: so this one is given
 * up. The pool replaces it.
 */
async function disconnect(client: PoolClient): Promise<void> {
  await (client as unknown as Client).end();
}

/** What the COPY is poured into; it asks for more only when its reader does. */
class CopyBody extends Readable {
  #wanted: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 1_048_576 });
  }

  /** Resolves when the reader wants more, or is gone. */
  isWanted(): Promise<void> {
    if (this.destroyed) return Promise.resolve();
    return new Promise((resolve) => (this.#wanted = resolve));
  }

  override _read(): void {
    this.#wanted?.();
    this.#wanted = undefined;
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#wanted?.();
    callback(error);
  }
}
