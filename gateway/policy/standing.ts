import type { ErrorCode } from '../errors.js';
import { categoryOf, isDuty, type Permission } from './categories.js';

/**
 * Who may still do what: a table of the tenant's state, its certificate's state, and what is asked. Identity goes by
 * it on every request; what the tenant's scopes and consents say comes after it and can only take away.
 */
export const TENANT_STATES = ['ACTIVE', 'SUSPENDED', 'CLOSED'] as const;
export type TenantState = (typeof TENANT_STATES)[number];

export const CERTIFICATE_STATES = [
  'ACTIVE',
  'SUSPENDED',
  'REVOKED',
  'EXPIRED',
  'NOT_YET_VALID',
  'UNREGISTERED',
] as const;
export type CertificateState = (typeof CERTIFICATE_STATES)[number];

/** What a caller asks for, as far as its standing decides it, with what it is for. */
export const STANDING_ACTS = {
  CONNECT: 'be answered at all, and read the schema',
  ERASE: 'read its notices of erasure and acknowledge them',
  RETIRE: 'give up one of its certificates: `retireCertificate`',
  RENEW: 'renew its certificate: `renewCertificate`',
  QUERY: 'any other query',
  DOWNLOAD: 'packages and rejected lines',
  MUTATE: 'any other mutation',
  UPLOAD: 'readings, and what a supplier supplied',
} as const;
export type StandingAct = keyof typeof STANDING_ACTS;

export const ALL_ACTS = Object.keys(STANDING_ACTS) as StandingAct[];

/**
 * A tenant that may not call is still bound to erase what it got (article 47 of the law on personal information asks
 * for it above all of one that leaves), and may always give a certificate up. It gets no new one and no data; where it
 * stands, the refusal says.
 */
const DUTIES: readonly StandingAct[] = ['CONNECT', 'ERASE', 'RETIRE'];

/** What a tenant may do by its own state, while its certificate is good. */
const BY_TENANT: Readonly<Record<TenantState, readonly StandingAct[]>> = {
  ACTIVE: ALL_ACTS,
  SUSPENDED: DUTIES,
  CLOSED: DUTIES,
};

/** Whether all that is asked is owed, and something is: no fault in the stated purpose stands in its way. */
export function isOwed(acts: readonly StandingAct[]): boolean {
  return acts.every((act) => DUTIES.includes(act)) && acts.some((act) => act !== 'CONNECT');
}

/** A certificate that is not good identifies nobody: not even the duties can be done with it. */
const BY_CERTIFICATE: Readonly<Record<CertificateState, ErrorCode | null>> = {
  ACTIVE: null,
  SUSPENDED: 'CERTIFICATE_SUSPENDED',
  REVOKED: 'CERTIFICATE_REVOKED',
  EXPIRED: 'CERTIFICATE_EXPIRED',
  NOT_YET_VALID: 'CERTIFICATE_NOT_YET_VALID',
  UNREGISTERED: 'CERTIFICATE_UNREGISTERED',
};

/** One cell of the table: null where it may, or the code of the refusal. */
export function standingRefusal(
  tenant: TenantState,
  certificate: CertificateState,
  act: StandingAct,
): ErrorCode | null {
  const refused = BY_CERTIFICATE[certificate];
  if (refused) return refused;
  return BY_TENANT[tenant].includes(act) ? null : 'TENANT_INACTIVE';
}

/** Root fields that a standing knows by name; all others are QUERY or MUTATE. */
export const ACT_OF_FIELD: Readonly<Record<string, StandingAct>> = {
  'Query.erasureNotices': 'ERASE',
  'Query.erasureNotice': 'ERASE',
  'Mutation.acknowledgeErasure': 'ERASE',
  'Mutation.retireCertificate': 'RETIRE',
  'Mutation.renewCertificate': 'RENEW',
};

/** What using a permission is as an act, at the most that it may be used for. */
export function actOfPermission(permission: Permission): StandingAct {
  if (isDuty(categoryOf(permission))) return 'ERASE';
  return permission.endsWith(':read') ? 'QUERY' : 'MUTATE';
}

/** What a root field is as an act; `__schema` and its like are part of being answered. */
export function actOfField(root: 'Query' | 'Mutation', field: string): StandingAct {
  if (field.startsWith('__')) return 'CONNECT';
  return ACT_OF_FIELD[`${root}.${field}`] ?? (root === 'Query' ? 'QUERY' : 'MUTATE');
}

/** What a certificate is now, as anybody may be told: what is for ever first, then its dates, then what is for a time. */
export function certificateState(
  { status, notBefore, notAfter }: { status: string; notBefore: string; notAfter: string },
  now: Date,
): CertificateState {
  if (status === 'REVOKED') return 'REVOKED';
  if (now.getTime() >= Date.parse(notAfter)) return 'EXPIRED';
  if (now.getTime() < Date.parse(notBefore)) return 'NOT_YET_VALID';
  return status === 'SUSPENDED' ? 'SUSPENDED' : 'ACTIVE';
}
