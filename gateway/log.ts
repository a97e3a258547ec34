import { randomUUID } from 'node:crypto';
import pino, { type Logger } from 'pino';
import type { Config } from './config.js';

export type Log = Logger;

const STANDARD_ERROR = 2;

/** One JSON line an event: ids, rules, outcomes, milliseconds; never readings, keys or certificates. */
export function openLog(level: Config['log'], dest: number | string = STANDARD_ERROR): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest, sync: false }),
  );
}

/** Logs a fault with its stack; the incident id is all that may leave the hub. */
export function logFault(log: Log, error: unknown, where: string): string {
  const incident = randomUUID();
  const { message, stack, code, cause } =
    error instanceof Error ? (error as Error & { code?: unknown }) : { message: String(error) };
  log.error({ event: 'fault', incident, where, message, code, cause: causeOf(cause), stack }, 'fault');
  return incident;
}

/** What lay behind it, or the operator would read only that the ledger could not record. */
function causeOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}
