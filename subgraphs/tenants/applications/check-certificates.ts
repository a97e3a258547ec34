import { isValidityMonths, VALIDITY_MONTHS } from '../../../gateway/policy/certificates.js';
import type { CertificateApplicationInput } from './inputs.js';
import { IDENTITY_DOCUMENTS, isOneOf, NETWORKS, UNIT_DOCUMENTS } from './lists.js';
import { must, mustBeMail, mustBePhone, mustBeText, mustBeUscc } from './musts.js';

const DAY_MS = 86_400_000;

/** What annex 7 stars or asks a choice for is there; the rest only where it was filled in. @throws Refusal BAD_USER_INPUT */
export function checkCertificates(certificates: CertificateApplicationInput[], now: Date): void {
  for (const [place, one] of certificates.entries()) {
    const at = `certificates[${place}]`;
    must(['TEST', 'FORMAL'].includes(one.accessType), `${at}.accessType: TEST or FORMAL.`);
    for (const field of ['unit', 'legalRepresentative', 'handler', 'address', 'system'] as const)
      mustBeText(one[field], `${at}.${field}`);
    mustBePhone(one.handlerPhone, `${at}.handlerPhone`);
    mustBePhone(one.unitFax, `${at}.unitFax`);
    must(isOneOf(NETWORKS, one.network), `${at}.network: GOVERNMENT_EXTRANET or INTERNET.`);
    checkDocument(one, at);
    checkOptional(one, at, now);
    must(
      isOneOf(IDENTITY_DOCUMENTS, one.identityDocument),
      `${at}.identityDocument: IDENTITY_CARD or OTHER.`,
    );
    must(/^[0-9A-Za-z]{4}$/.test(one.identityLastFour), `${at}.identityLastFour: four characters, no more.`);
    must(isValidityMonths(one.months), `${at}.months: ${VALIDITY_MONTHS.join(', ')}.`);
    must(one.agreesToTerms, `${at}.agreesToTerms: a certificate goes to who keeps to the terms.`);
  }
  const types = certificates.map(({ accessType }) => accessType);
  must(types.includes('TEST'), 'certificates: the application for TEST is missing (annex 7).');
  must(new Set(types).size === types.length, 'certificates: one for TEST and one for FORMAL at most.');
}

/** Its credit code or the number of another document: one of the two. */
function checkDocument(
  { unitDocument, uscc, unitDocumentNumber }: CertificateApplicationInput,
  at: string,
): void {
  must(
    isOneOf(UNIT_DOCUMENTS, unitDocument),
    `${at}.unitDocument: ${Object.keys(UNIT_DOCUMENTS).join(', ')}.`,
  );
  if (unitDocument === 'SOCIAL_CREDIT_CODE') mustBeUscc(uscc ?? '', `${at}.uscc`);
  else mustBeText(unitDocumentNumber ?? '', `${at}.unitDocumentNumber`);
  must(
    !(unitDocument === 'SOCIAL_CREDIT_CODE' ? unitDocumentNumber : uscc),
    `${at}.unitDocument: uscc or unitDocumentNumber, the one that belongs to it.`,
  );
}

function checkOptional(one: CertificateApplicationInput, at: string, now: Date): void {
  for (const field of ['unitAddress', 'county', 'township'] as const) {
    const text = one[field];
    if (text) mustBeText(text, `${at}.${field}`);
  }
  if (one.unitPhone) mustBePhone(one.unitPhone, `${at}.unitPhone`);
  if (one.mail) mustBeMail(one.mail, `${at}.mail`);
  must(!one.postcode || /^\d{6}$/.test(one.postcode), `${at}.postcode: six digits.`);
  // A day begins first in the east, so tomorrow's date may be today's there.
  const latest = new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10);
  must(!one.appliedOn || one.appliedOn <= latest, `${at}.appliedOn: lies ahead.`);
}
