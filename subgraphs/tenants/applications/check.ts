import { isIP } from 'node:net';
import { Refusal } from '../../../gateway/errors.js';
import { areaContains, isAreaCode } from '../../../gateway/policy/areas.js';
import { isValidityMonths, VALIDITY_MONTHS } from '../../../gateway/policy/certificates.js';
import { type Category, isPermission } from '../../../gateway/policy/categories.js';
import { isBuildingType, isEnergyKind } from '../../../gateway/policy/kinds.js';
import { hasDimension } from '../../../gateway/policy/limits.js';
import { isBasis, isPurpose } from '../../../gateway/policy/purposes.js';
import { isUscc } from '../../runtime/uscc.js';
import type { TenantInput } from '../inputs.js';
import type {
  ApplicationContactInput,
  ApplicationFormInput,
  ApplicationInput,
  ApplicationScopeInput,
  CertificateApplicationInput,
  ListedUnitInput,
} from './inputs.js';
import { ACCESS_MODES, IDENTITY_DOCUMENTS, isOneOf, type Kind, KINDS, NETWORKS, PAPERS } from './lists.js';

const MOST_UNITS = 2_000;
const MOST_ENTRIES = 50;
const LONGEST_TEXT = 200;
const YEARS = 3;
const SHA256 = /^[0-9a-f]{64}$/;
/** Section or class of GB/T 4754. */
const INDUSTRY = /^([A-T]|\d{2,4})$/;
/** Who administers is made by an administrator, never by an application. */
const ADMINISTRATION: readonly Category[] = ['tenants', 'scopes', 'applications', 'purposes'];

/** Says where a form is wrong and never what stands there: it holds names, numbers and addresses of people. */
function must(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Refusal('BAD_USER_INPUT', { message });
}

/** @throws Refusal BAD_USER_INPUT */
export function checkApplication({ kind, tenant, form }: ApplicationInput, now: Date): void {
  must(isOneOf(KINDS, kind), 'kind: PLATFORM or ENTERPRISE.');
  const tiers = kind === 'PLATFORM' ? ['MUNICIPAL', 'DISTRICT'] : ['ENTERPRISE'];
  must(tiers.includes(tenant.tier), `tenant.tier: ${tiers.join(' or ')} for a ${kind}.`);
  must(isAreaCode(tenant.area), 'tenant.area: is no GB/T 2260 code.');
  must(kind === 'PLATFORM' || Boolean(tenant.uscc), 'tenant.uscc: an enterprise has one.');
  if (tenant.uscc) mustBeUscc(tenant.uscc, 'tenant.uscc');
  checkForm(kind, tenant, form, now);
}

/** @throws Refusal BAD_USER_INPUT */
export function checkForm(
  kind: Kind,
  tenant: Pick<TenantInput, 'id' | 'area' | 'uscc'>,
  form: ApplicationFormInput,
  now: Date,
): void {
  for (const field of ['organ', 'technicalUnit', 'serverLocation'] as const) mustBeText(form[field], field);
  if (form.postalAddress) mustBeText(form.postalAddress, 'postalAddress');
  checkContact(form.applicant, 'applicant');
  checkContact(form.technicalContact, 'technicalContact');
  must(isOneOf(NETWORKS, form.network), 'network: GOVERNMENT_EXTRANET or INTERNET.');
  must(isOneOf(ACCESS_MODES, form.accessMode), 'accessMode: BATCH or ALL.');
  must(isIP(form.serverAddress) !== 0, 'serverAddress: is no IP address.');
  for (const [place, paper] of form.papers.entries()) {
    must(isOneOf(PAPERS, paper.kind), `papers[${place}].kind: ${Object.keys(PAPERS).join(', ')}.`);
    mustBeText(paper.name, `papers[${place}].name`);
    must(SHA256.test(paper.sha256), `papers[${place}].sha256: 64 hexadecimal digits in lower case.`);
  }
  must(form.papers.length <= MOST_ENTRIES, `papers: at most ${MOST_ENTRIES}.`);
  checkPurposes(form);
  must(form.scopes.length >= 1 && form.scopes.length <= MOST_ENTRIES, `scopes: 1 to ${MOST_ENTRIES}.`);
  for (const [place, scope] of form.scopes.entries()) checkScope(scope, place, tenant.area, form);
  checkCertificates(form.certificates);
  checkUnits(kind, tenant, form, now);
}

function checkPurposes({ purposes }: ApplicationFormInput): void {
  must(purposes.length >= 1, 'purposes: name at least one.');
  for (const [place, { purpose, basis, basisText, documentSha256 }] of purposes.entries()) {
    must(isPurpose(purpose), `purposes[${place}].purpose: is not in the closed list.`);
    must(isBasis(basis), `purposes[${place}].basis: is not in the closed list.`);
    must(basisText.trim() !== '' && basisText.length <= 2_000, `purposes[${place}].basisText: say which.`);
    must(!documentSha256 || SHA256.test(documentSha256), `purposes[${place}].documentSha256: 64 digits.`);
  }
  must(new Set(purposes.map(({ purpose }) => purpose)).size === purposes.length, 'purposes: one is twice.');
}

function checkScope(
  scope: ApplicationScopeInput,
  place: number,
  area: string,
  { purposes }: ApplicationFormInput,
): void {
  const at = `scopes[${place}]`;
  const { category, action, energyKinds, buildingTypes } = scope;
  must(isPermission(`${category}:${action}`), `${at}: ${category}:${action} is no category and action.`);
  must(action === 'read' || action === 'write', `${at}.action: read or write.`);
  must(!ADMINISTRATION.includes(category as Category), `${at}.category: an administrator sets ${category}.`);
  must(isAreaCode(scope.area) && areaContains(area, scope.area), `${at}.area: lies outside ${area}.`);
  const named = new Set(purposes.map(({ purpose }) => purpose));
  must(scope.purposes.length > 0, `${at}.purposes: name at least one.`);
  must(
    scope.purposes.every((purpose) => named.has(purpose)),
    `${at}.purposes: one is not applied for.`,
  );
  const kinds = energyKinds ?? [];
  const types = buildingTypes ?? [];
  const hasKinds = hasDimension(category as Category, 'energyKinds');
  const hasTypes = hasDimension(category as Category, 'buildingTypes');
  must(kinds.every(isEnergyKind) && (hasKinds || kinds.length === 0), `${at}.energyKinds: not those.`);
  must(types.every(isBuildingType) && (hasTypes || types.length === 0), `${at}.buildingTypes: not those.`);
}

function checkCertificates(certificates: CertificateApplicationInput[]): void {
  for (const [place, one] of certificates.entries()) {
    const at = `certificates[${place}]`;
    must(['TEST', 'FORMAL'].includes(one.accessType), `${at}.accessType: TEST or FORMAL.`);
    for (const field of ['unit', 'legalRepresentative', 'handler', 'address', 'system'] as const)
      mustBeText(one[field], `${at}.${field}`);
    mustBePhone(one.handlerPhone, `${at}.handlerPhone`);
    mustBeUscc(one.uscc, `${at}.uscc`);
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

function checkUnits(
  kind: Kind,
  { area, uscc }: Pick<TenantInput, 'area' | 'uscc'>,
  { units, numberOfUnits }: ApplicationFormInput,
  now: Date,
): void {
  must(units.length >= 1 && units.length <= MOST_UNITS, `units: 1 to ${MOST_UNITS}.`);
  must(
    numberOfUnits === units.length,
    `numberOfUnits: says ${numberOfUnits}, the list holds ${units.length}.`,
  );
  const seen = new Map<string, number>();
  for (const [place, unit] of units.entries()) {
    checkUnit(unit, place, area, now);
    const earlier = seen.get(unit.uscc);
    must(earlier === undefined, `units[${place}].uscc: ${unit.uscc} stands at ${earlier} already.`);
    seen.set(unit.uscc, place);
  }
  if (kind === 'ENTERPRISE')
    must(units.length === 1 && units[0]?.uscc === uscc, 'units: an enterprise lists itself and nobody else.');
}

function checkUnit(unit: ListedUnitInput, place: number, area: string, now: Date): void {
  const at = `units[${place}]`;
  mustBeUscc(unit.uscc, `${at}.uscc`);
  mustBeText(unit.name, `${at}.name`);
  mustBeText(unit.nature, `${at}.nature`);
  must(INDUSTRY.test(unit.industry), `${at}.industry: a section or class of GB/T 4754.`);
  must(isAreaCode(unit.place) && areaContains(area, unit.place), `${at}.place: lies outside ${area}.`);
  must(
    unit.energyKinds.length > 0 && unit.energyKinds.every(isEnergyKind),
    `${at}.energyKinds: 01 to 13, at least one.`,
  );
  const years = unit.energy.map(({ year }) => year).toSorted((one, other) => one - other);
  const last = years.at(-1) ?? 0;
  const follow = years.every((year, index) => year === last - (years.length - 1) + index);
  // Last year's figure is not there yet at the beginning of a year.
  const isRecent = last < now.getUTCFullYear() && last >= now.getUTCFullYear() - 2;
  must(years.length === YEARS && follow && isRecent, `${at}.energy: the last three years, each once.`);
  must(
    unit.energy.every(({ tce }) => !tce.startsWith('-')),
    `${at}.energy: a consumption is not negative.`,
  );
}

function checkContact({ name, phone, mail }: ApplicationContactInput, at: string): void {
  mustBeText(name, `${at}.name`);
  mustBePhone(phone, `${at}.phone`);
  must(mail.length <= LONGEST_TEXT && /^[^\s@]+@[^\s@]+$/.test(mail), `${at}.mail: is no mail address.`);
}

function mustBePhone(text: string, at: string): void {
  must(/^[0-9+() -]{5,30}$/.test(text), `${at}: is no telephone number.`);
}

function mustBeText(text: string, at: string): void {
  must(text.trim() !== '' && text.length <= LONGEST_TEXT, `${at}: 1 to ${LONGEST_TEXT} characters.`);
}

function mustBeUscc(code: string, at: string): void {
  must(isUscc(code), `${at}: is no unified social credit code (GB 32100-2015).`);
}
