import type { BulkSession } from '../../runtime/bulk.js';
import type { DoorAnswer } from '../../runtime/door.js';

/** What the metering room says of the lines it was given. */
export interface Outcome {
  lines: number;
  accepted: number;
  unchanged: number;
  corrected: number;
  quarantined: number;
  reasons: Record<string, number>;
  readings: number;
  sha256: string;
  bytes: number;
  interrupted?: string;
  remedy?: string;
}

/** What is signed: how many lines ended how, of which bytes, at which state of the ledger. */
export function receiptText(
  session: BulkSession,
  { kind, batch }: { kind: string; batch: string },
  outcome: Outcome,
): string {
  const { lines, accepted, unchanged, corrected, quarantined, reasons, readings, bytes, sha256 } = outcome;
  return JSON.stringify({
    format: 'hub-receipt/1',
    batch,
    tenant: session.grant.caller.tenant,
    stage: session.grant.caller.stage,
    kind,
    state: 'COMPLETE',
    lines,
    accepted,
    unchanged,
    corrected,
    quarantined,
    reasons,
    readings,
    bytes,
    sha256,
    receivedAt: new Date().toISOString(),
    checkpoint: session.grant.checkpoint,
    quarantine: `/upload/batches/${batch}/quarantine`,
  });
}

export function receiptAnswer(
  batch: string,
  receipt: string,
  signature: string,
  sha256: string,
  lines: number,
): DoorAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'hub-signature': signature },
    body: receipt,
    release: { kind: 'UPLOAD', object: batch, sha256, items: lines },
  };
}
