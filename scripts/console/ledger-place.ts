import { Pool } from 'pg';
import { openAuthority } from '../../certs/authority.js';
import { sealKey, signerOf } from '../../gateway/keys.js';
import { notedHeads } from '../../gateway/ledger/witness.js';
import type { LedgerContext } from '../ledger/context.js';
import { openPlace } from './place.js';

/** The ledger of a stage, as the gateway's role sees it; nothing is made or migrated for it. */
export const openLedger: LedgerContext['openLedger'] = async (stage, { home }) => {
  const place = await openPlace(home, { mayPrepare: false });
  const pool = new Pool({ connectionString: place.urls[stage].gateway, max: 2 });
  pool.on('error', () => undefined);
  return {
    pool,
    // Opened only by who signs: reading and verifying work on a home without the authority's keys.
    sign: async (text) => {
      const authority = await openAuthority(home, { mayFound: false });
      return signerOf(await authority.signingCredentials())(text);
    },
    home: async () => ({ sealKey: await sealKey(home, stage), heads: await notedHeads(home, stage) }),
    close: async () => {
      await pool.end();
      await place.close();
    },
  };
};
