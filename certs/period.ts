import { CertificateError } from './certificate-error.js';

export interface Period {
  notBefore: Date;
  notAfter: Date;
}

export interface PeriodOrder {
  /** As approved: 12, 24, 36, 48 or 60 months from now. */
  months?: number | undefined;
  /** Days from now; 365 when none of these is given. */
  days?: number | undefined;
  notBefore?: Date | undefined;
  notAfter?: Date | undefined;
}

/** How long a client's certificate may be approved for (seed 003, annex 7). */
export const MONTHS = [12, 24, 36, 48, 60] as const;

export const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 365;
const LONGEST_DAYS = 3650;
const HOUR_MS = 3_600_000;

/** An hour back, so that a partner whose clock is a little slow can use the certificate at once. Whole seconds. */
export function startOfValidity(now: Date): Date {
  return wholeSeconds(now.getTime() - HOUR_MS);
}

/** When a certificate holds. Throws CertificateError for no period at all, and for one that outlives its issuer. */
export function periodOf(order: PeriodOrder, issuerEnds: Date, now = new Date()): Period {
  const notBefore = order.notBefore ? wholeSeconds(order.notBefore.getTime()) : startOfValidity(now);
  const notAfter = endOf(order, now);
  if (!(notBefore < notAfter)) throw new CertificateError('A certificate must end after it begins.');
  if (notAfter > issuerEnds) {
    throw new CertificateError(
      `The authority itself ends on ${issuerEnds.toISOString()}; choose an earlier end.`,
    );
  }
  return { notBefore, notAfter };
}

/** When a certificate that is ordered so would end, in whole seconds. Throws CertificateError for no such period. */
export function endOf(order: PeriodOrder, now = new Date()): Date {
  const { months, days = DEFAULT_DAYS } = order;
  if (months !== undefined && !MONTHS.some((known) => known === months)) {
    throw new CertificateError(`A certificate lasts ${MONTHS.join(', ')} months.`);
  }
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_DAYS) {
    throw new CertificateError(`A certificate lasts 1 to ${LONGEST_DAYS} whole days.`);
  }
  const end = order.notAfter ?? (months === undefined ? undefined : addMonths(now, months));
  return wholeSeconds(end?.getTime() ?? now.getTime() + days * DAY_MS);
}

/** The same day of the month, or its last where it has no such day, as PostgreSQL counts. */
function addMonths(from: Date, months: number): Date {
  const end = new Date(from);
  end.setUTCMonth(end.getUTCMonth() + months);
  if (end.getUTCDate() !== from.getUTCDate()) end.setUTCDate(0);
  return end;
}

function wholeSeconds(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}
