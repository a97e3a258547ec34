import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import type { DecisionAndReleaseFacts } from '../../gateway/ledger/entry.js';
import { Ledger } from '../../gateway/ledger/ledger.js';
import { verifyLedger } from '../../gateway/ledger/verify.js';

/** Times are in milliseconds, from the call of append to the commit. */
export interface LedgerFigures {
  name: 'ledger';
  entries: number;
  callers: number;
  entriesPerSecond: number;
  medianMilliseconds: number;
  p99Milliseconds: number;
  /** Processor time of this process for one entry: what the gateway pays. */
  processorMicroseconds: number;
  verifiedPerSecond: number;
}

const WARM_UP = 2_000;

/**
 * Appends entries like those of answered queries from `callers` at once, each waiting for its own commit as a
 * request does, then verifies the whole chain. The entries stay, as all do: give it a throw-away database. Throws
 * when an entry is missing or the chain does not hold.
 */
export async function benchLedger(
  pool: Pool,
  sealKey: KeyObject,
  entries = 20_000,
  callers = 64,
): Promise<LedgerFigures> {
  const ledger = await new Ledger(pool, { sealKey }).open();
  await run(ledger, WARM_UP, callers);
  const before = ledger.checkpoint().size;
  const processor = process.cpuUsage();
  const start = performance.now();
  const waits = await run(ledger, entries, callers);
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(processor);
  await ledger.close();
  const verified = await verify(pool, sealKey, before + entries);
  return {
    name: 'ledger',
    entries,
    callers,
    entriesPerSecond: Math.round((entries / milliseconds) * 1_000),
    medianMilliseconds: waits[Math.floor(waits.length / 2)]!,
    p99Milliseconds: waits[Math.floor(waits.length * 0.99)]!,
    processorMicroseconds: (user + system) / entries,
    verifiedPerSecond: verified,
  };
}

/** Sorted waits of all entries. */
async function run(ledger: Ledger, entries: number, callers: number): Promise<Float64Array> {
  const waits = new Float64Array(entries);
  let next = 0;
  const caller = async () => {
    while (next < entries) {
      const place = next;
      next += 1;
      const start = performance.now();
      await ledger.append(answered(place));
      waits[place] = performance.now() - start;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return waits.sort();
}

async function verify(pool: Pool, sealKey: KeyObject, expected: number): Promise<number> {
  const start = performance.now();
  const { entries, problem } = await verifyLedger(pool, { sealKey });
  if (problem || entries !== expected) {
    throw new Error(`${entries} of ${expected} entries hold. ${problem?.detail ?? ''}`);
  }
  return Math.round((entries / (performance.now() - start)) * 1_000);
}

function answered(place: number): DecisionAndReleaseFacts {
  const hash = place.toString(16).padStart(64, '0');
  return {
    event: 'DECISION_AND_RELEASE',
    request: `bench-${place}`,
    tenant: 'municipal',
    fingerprint: hash,
    purpose: 'SUPERVISION',
    operation: { kind: 'QUERY', name: 'BuildingsWithMeters', sha256: hash },
    permissions: ['buildings:read', 'enterprises:read', 'meters:read', 'readings:read'],
    allowed: true,
    refusals: [],
    release: { kind: 'ANSWER', object: null, sha256: hash, bytes: 20_000 + place, items: null },
  };
}
