import { Pool } from 'pg';
import type { LedgerContext } from '../commands/ledger.js';
import { openPlace } from './place.js';

/** The ledger of a stage, as the gateway's role sees it; nothing is made or migrated for it. */
export const openLedgerPool: LedgerContext['openLedgerPool'] = async (stage, { home }) => {
  const place = await openPlace(home, { mayPrepare: false });
  const pool = new Pool({ connectionString: place.urls[stage].gateway, max: 2 });
  pool.on('error', () => undefined);
  return {
    pool,
    close: async () => {
      await pool.end();
      await place.close();
    },
  };
};
