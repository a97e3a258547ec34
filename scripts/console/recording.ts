import { Pool } from 'pg';
import { sealKey } from '../../gateway/keys.js';
import { Ledger } from '../../gateway/ledger/ledger.js';
import { Witness } from '../../gateway/ledger/witness.js';
import type { Stage } from '../../gateway/policy/grant.js';
import type { AdminRecord } from './desk.js';
import type { Place } from './place.js';

/** A stage's ledger for as long as the work at the console takes; it knows how far it had come before. */
export async function withLedger<T>(
  { home, urls }: Place,
  stage: Stage,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const pool = new Pool({ connectionString: urls[stage].gateway, max: 1 });
  pool.on('error', () => undefined);
  try {
    const fault = (error: unknown, where: string): unknown =>
      process.stderr.write(`${where}: ${String(error)}\n`);
    const witness = new Witness({ home, stage, pool, fault });
    const ledger = await new Ledger(pool, { sealKey: await sealKey(home, stage), witness }).open();
    const done = await work(ledger);
    await ledger.close();
    return done;
  } finally {
    await pool.end();
  }
}

/** Writes acts of the console into a ledger; they stand there when this returns. */
export async function recordActs(ledger: Ledger, records: AdminRecord[]): Promise<void> {
  await Promise.all(
    records.map(({ act, object }) =>
      ledger.append({ event: 'ADMIN', request: null, actor: 'console', act, object }),
    ),
  );
}

/** The same for acts that need nothing else of the ledger. */
export function recordAtConsole(place: Place, stage: Stage, records: AdminRecord[]): Promise<void> {
  return withLedger(place, stage, (ledger) => recordActs(ledger, records));
}
