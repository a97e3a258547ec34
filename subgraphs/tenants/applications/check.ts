import { isIP } from 'node:net';
import { areaContains, isAreaCode } from '../../../gateway/policy/areas.js';
import { type Category, isPermission } from '../../../gateway/policy/categories.js';
import { isBuildingType, isEnergyKind } from '../../../gateway/policy/kinds.js';
import { hasDimension } from '../../../gateway/policy/limits.js';
import { isBasis, isPurpose } from '../../../gateway/policy/purposes.js';
import type { TenantInput } from '../inputs.js';
import type {
  ApplicationContactInput,
  ApplicationFormInput,
  ApplicationInput,
  ApplicationScopeInput,
} from './inputs.js';
import { checkCertificates } from './check-certificates.js';
import { checkUnits } from './check-units.js';
import { ACCESS_MODES, isOneOf, type Kind, KINDS, NETWORKS, PAPERS } from './lists.js';
import { must, mustBeMail, mustBePhone, mustBeText, mustBeUscc } from './musts.js';

const SHA256 = /^[0-9a-f]{64}$/;
const MOST_ENTRIES = 50;
/** Who administers is made by an administrator, never by an application. */
const ADMINISTRATION: readonly Category[] = ['tenants', 'scopes', 'applications', 'purposes'];

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
  checkCertificates(form.certificates, now);
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

function checkContact({ name, phone, mail }: ApplicationContactInput, at: string): void {
  mustBeText(name, `${at}.name`);
  mustBePhone(phone, `${at}.phone`);
  mustBeMail(mail, `${at}.mail`);
}
