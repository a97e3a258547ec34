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
