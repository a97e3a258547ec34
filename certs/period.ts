import { CertificateError } from './certificate-error.js';

export interface Period {
  notBefore: Date;
  notAfter: Date;
}

export interface PeriodOrder {
  /** Days from now; 365 when neither this nor `notAfter` is given. */
  days?: number | undefined;
  notBefore?: Date | undefined;
  notAfter?: Date | undefined;
}

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
  const days = order.days ?? DEFAULT_DAYS;
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_DAYS) {
    throw new CertificateError(`A certificate lasts 1 to ${LONGEST_DAYS} whole days.`);
  }
  const notBefore = order.notBefore ? wholeSeconds(order.notBefore.getTime()) : startOfValidity(now);
  const notAfter = wholeSeconds(order.notAfter?.getTime() ?? now.getTime() + days * DAY_MS);
  if (!(notBefore < notAfter)) throw new CertificateError('A certificate must end after it begins.');
  if (notAfter > issuerEnds) {
    throw new CertificateError(
      `The authority itself ends on ${issuerEnds.toISOString()}; choose an earlier end.`,
    );
  }
  return { notBefore, notAfter };
}

function wholeSeconds(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}
