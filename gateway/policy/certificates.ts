/**
 * Why a certificate ends before its time: the reasons of RFC 5280, 5.3.1 that fit a client's certificate, as the
 * revocation lists name them. KEY_COMPROMISE is the one that nobody may wait with.
 */
export const REVOCATION_REASONS = [
  'UNSPECIFIED',
  'KEY_COMPROMISE',
  'AFFILIATION_CHANGED',
  'SUPERSEDED',
  'CESSATION_OF_OPERATION',
  'PRIVILEGE_WITHDRAWN',
] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

export function isRevocationReason(reason: string): reason is RevocationReason {
  return REVOCATION_REASONS.some((known) => known === reason);
}

/** For which a tenant gives up even its last good certificate: nobody may wait with the one, and the other means to go. */
export const REASONS_FOR_THE_LAST = [
  'KEY_COMPROMISE',
  'CESSATION_OF_OPERATION',
] as const satisfies readonly RevocationReason[];

export function isForTheLast(reason: string): boolean {
  return REASONS_FOR_THE_LAST.some((known) => known === reason);
}

/** How long a tenant may hold certificates by one approval, in months (seed 003, annex 7). */
export const VALIDITY_MONTHS = [12, 24, 36, 48, 60] as const;
export type ValidityMonths = (typeof VALIDITY_MONTHS)[number];

export function isValidityMonths(months: number): months is ValidityMonths {
  return VALIDITY_MONTHS.some((known) => known === months);
}

/** How many days before its end a certificate is noticed, each once. */
export const NOTICE_DAYS = [90, 30, 14, 7, 1] as const;

/** Of one tenant at once: the one in use, and the one that takes its place. */
export const MOST_LIVE_CERTIFICATES = 2;

const DAY_MS = 86_400_000;

/** Whole days until an instant, none below zero; the last day counts as 0. */
export function daysLeft(notAfter: string, now: Date): number {
  return Math.max(0, Math.floor((Date.parse(notAfter) - now.getTime()) / DAY_MS));
}
