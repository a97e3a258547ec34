import type { Chore, Due } from '../../../runtime/housekeeping.js';
import { type Ask, judgeRows, type StoredToJudge } from '../judging/judge-stored.js';

const ACT = 'QUALITY_JUDGED';
/** Days that no upload judged, at a time. */
const DAYS_AT_ONCE = 1_000;

const MONTH = /^\d{4}-\d{2}$/;
const DUE = `
  select to_char(due, 'YYYY-MM-DD') as object, 1 as place from metering.quality_nights_due() as due
  union all select to_char(due, 'YYYY-MM'), 2 from metering.quality_months_due() as due
  order by place, object`;

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

/** Judges the meters of a month again of which a month was reported, a day came or a certificate was recorded since. */
const judgeMonthAgain = (ask: Ask, month: string): Promise<unknown[]> =>
  ask('select metering.judge_month_again($1)', [`${month}-01`]);

/** Judges the days that ended, every night, and then the months that something was said of: the hub by itself, without anybody's request. */
export const qualityNights: Chore = {
  requires: ['quality:write'],
  due: (session) =>
    session.transaction(async (client) => {
      const { rows } = await client.query<{ object: string }>(DUE);
      return rows.map(({ object }): Due => ({ act: ACT, object }));
    }),
  perform: async (session, due) => {
    for (const { object } of due) {
      await session.transaction(async (client) => {
        const ask: Ask = async (sql, parameters) => (await client.query(sql, parameters)).rows;
        await (MONTH.test(object) ? judgeMonthAgain(ask, object) : runQualityNight(ask, object));
      });
    }
  },
};
