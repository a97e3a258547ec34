import type { Permission } from './categories.js';
import type { Limits } from './limits.js';
import type { Purpose } from './purposes.js';

export const TIERS = ['NATIONAL', 'MUNICIPAL', 'DISTRICT', 'ENTERPRISE', 'THIRD_PARTY'] as const;
export type Tier = (typeof TIERS)[number];

export const STAGES = ['FORMAL', 'TEST'] as const;
export type Stage = (typeof STAGES)[number];

/** Who calls, as the verified client certificate says; never taken from a header. */
export interface Caller {
  tenant: string;
  name: string;
  tier: Tier;
  /** GB/T 2260 code; areas nest by prefix. */
  area: string;
  /** Unified social credit code (GB 32100) of the tenant itself, where it is an enterprise or company. */
  uscc: string | null;
  stage: Stage;
  /** SHA-256 of the certificate, hexadecimal in lower case without colons. */
  fingerprint: string;
}

/** Rows in an area, about a subject where one is named, that meet every limit. */
export interface LimitedReach extends Limits {
  /** Prefix of a GB/T 2260 code; the empty prefix is everywhere. */
  area: string;
  /** Unified social credit code; null is everybody. */
  subject: string | null;
}

/**
 * The rows that a permission covers: those in one of the areas, or about one of the subjects, or in one of the limited
 * reaches. Empty is nothing.
 */
export interface Reach {
  /** Prefixes of GB/T 2260 codes; the empty prefix is everywhere. */
  areas: string[];
  /** Unified social credit codes. */
  subjects: string[];
  /** Left out where there is none. */
  limited?: LimitedReach[];
}

/** The gateway's decision for one request: what a room may read and write on the caller's behalf, signed for a minute. */
export interface Grant {
  request: string;
  caller: Caller;
  purpose: Purpose;
  reach: Partial<Record<Permission, Reach>>;
  /** The ledger's size and root when the decision was taken; receipts and manifests carry it on. */
  checkpoint: { size: number; root: string };
}
