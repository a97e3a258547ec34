import type { BenchHub } from './bench-hub.js';

/** Days and findings go; findings are history, so their guard is lifted. */
export async function forget(admin: BenchHub['admin']): Promise<void> {
  await admin.query(`truncate metering.day_block; alter table metering.finding disable trigger refuse_change;
    truncate metering.finding cascade; alter table metering.finding enable always trigger refuse_change`);
}
