import type { BulkSession } from '../../runtime/bulk.js';
import { checkedDate, checkedSnapshot } from './export-day.js';

export interface MissingMeter {
  meter: string;
  /** Nothing was sent for the day, or what was sent lies in quarantine, or the consent lets months alone be seen. */
  reason: 'NOT_UPLOADED' | 'QUARANTINED' | 'MONTH_ONLY';
  /** Whose meter it is, and where. */
  subject: string;
  area: string;
}

/** What is there of a day in the caller's reach. */
export interface DayState {
  /** Meters with a block. */
  blocks: number;
  /** Values present in them. */
  readings: number;
  /** Whether a block was written that the snapshot asked about does not show; true when none was asked about. */
  changedSince: boolean;
  /** What this state is as of; the day exported at it has these blocks. */
  snapshot: string;
  /** Meters in use that day without a block, or without one that may be seen. */
  missing: MissingMeter[];
}

/** One statement, so that all of it is as of one snapshot. */
const STATE = `
  select count(*)::integer as blocks,
    coalesce(sum(present), 0)::integer as readings,
    $2::pg_snapshot is null or coalesce(bool_or(not pg_visible_in_snapshot(changed, $2::pg_snapshot)), false) as "changedSince",
    pg_current_snapshot()::text as snapshot,
    (select coalesce(json_agg(json_build_object('meter', meter, 'reason', reason, 'subject', subject, 'area', area)), '[]') from metering.missing_on($1::date)) as missing
  from metering.visible_day where date = $1::date`;

/** @throws Refusal BAD_USER_INPUT for what is no date or no snapshot. */
export async function dayState(
  session: BulkSession,
  date: string,
  since: string | undefined,
): Promise<DayState> {
  const parameters = [checkedDate(date), since === undefined ? null : checkedSnapshot(since)];
  return session.transaction(async (client) => (await client.query<DayState>(STATE, parameters)).rows[0]!);
}
