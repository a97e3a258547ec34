import type { Chore, Due } from '../../../runtime/housekeeping.js';
import { type Ask, judgeRows, type StoredToJudge } from '../judging/judge-stored.js';

const ACT = 'QUALITY_JUDGED';
/** Days that no upload judged, at a time. */
const DAYS_AT_ONCE = 1_000;

export interface NightCount {
  rule: string;
  findings: string;
}

/** The nightly pass over one day: first its values, where nobody has judged them, then runs, then the day as a whole. */
export async function runQualityNight(ask: Ask, date: string): Promise<NightCount[]> {
  for (;;) {
    const rows = await ask<StoredToJudge>('select * from metering.unjudged_of($1, $2)', [date, DAYS_AT_ONCE]);
    await judgeRows(ask, rows);
    if (rows.length < DAYS_AT_ONCE) break;
  }
  await ask('select metering.unite_runs_of($1)', [date]);
  return ask<NightCount>('select * from metering.run_quality_night($1)', [date]);
}

/** Judges the days that ended, every night: the hub by itself, without anybody's request. */
export const qualityNights: Chore = {
  requires: ['quality:write'],
  due: (session) =>
    session.transaction(async (client) => {
      const sql = 'select to_char(due, $1) as date from metering.quality_nights_due() as due order by 1';
      const { rows } = await client.query<{ date: string }>(sql, ['YYYY-MM-DD']);
      return rows.map(({ date }): Due => ({ act: ACT, object: date }));
    }),
  perform: async (session, due) => {
    for (const { object } of due) {
      await session.transaction((client) =>
        runQualityNight(async (sql, parameters) => (await client.query(sql, parameters)).rows, object),
      );
    }
  },
};
