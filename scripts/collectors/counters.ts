/** Why a connection or packet was refused. */
export const REFUSALS = [
  'unknown-peer',
  'wrong-md5',
  'wrong-order',
  'other-peer',
  'oversize',
  'no-frame',
  'half-frame',
  'no-packet',
  'bad-cipher',
  'slow',
  'idle',
  'sequence-reused',
  'too-many',
  'no-archive',
  'bad-archive',
  'archive-refused',
] as const;

export type RefusalReason = (typeof REFUSALS)[number];

/** What the collectors did since the start; numbers alone. */
export class Counters {
  connections = 0;
  validated = 0;
  /** Packets of data that came, that were acknowledged, and that had come before. */
  packets = 0;
  acknowledged = 0;
  repeated = 0;
  /** Packets and files that could not be read and are in quarantine as they came. */
  kept = 0;
  /** Zips that were acknowledged. */
  archives = 0;
  /** Lines that the hub has stored or quarantined, and uploads that failed. */
  lines = 0;
  quarantined = 0;
  uploads = 0;
  failedUploads = 0;
  readonly refused: Partial<Record<RefusalReason, number>> = {};

  refuse(reason: RefusalReason): void {
    this.refused[reason] = (this.refused[reason] ?? 0) + 1;
  }
}
