import { Pool } from 'pg';
import { Ledger } from '../../gateway/ledger/ledger.js';
import type { Stage } from '../../gateway/policy/grant.js';
import type { AdminRecord } from './desk.js';
import type { Place } from './place.js';

/** Writes acts of the console into a stage's ledger; they stand there when this returns. */
export async function recordAtConsole({ urls }: Place, stage: Stage, records: AdminRecord[]): Promise<void> {
  const pool = new Pool({ connectionString: urls[stage].gateway, max: 1 });
  pool.on('error', () => undefined);
  try {
    const ledger = new Ledger(pool);
    await Promise.all(
      records.map(({ act, object }) =>
        ledger.append({ event: 'ADMIN', request: null, actor: 'console', act, object }),
      ),
    );
    await ledger.close();
  } finally {
    await pool.end();
  }
}
