import { text } from 'node:stream/consumers';
import { Refusal } from '../../../gateway/errors.js';
import { json } from '../../runtime/answers.js';
import type { Doors } from '../../runtime/door.js';
import { LARGEST_PAGE } from '../../runtime/lists.js';
import type { Session } from '../../runtime/session.js';
import { ApprovalRepository } from '../approvals/repository.js';
import { CertificateRepository } from '../certificates/repository.js';
import type { Tenant } from '../entities.js';
import type { TenantInput } from '../inputs.js';
import type { PurposeDeclaration } from '../purposes/entities.js';
import { PurposeRepository } from '../purposes/repository.js';
import { TenantRepository } from '../repository.js';
import type { Scope } from '../scopes/entities.js';
import { ScopeRepository } from '../scopes/repository.js';
import type { PurposeFields, ScopeFields } from './fields.js';

/** Both stages' ledgers name what was done by the mutation that did it. */
interface Ordered {
  act: string;
}

/** What an approved application makes of its tenant in one stage. */
export interface Admission extends Ordered {
  tenant: TenantInput;
  purposes: PurposeFields[];
  scopes: ScopeFields[];
  /** By which certificates may be held, and for how long. */
  application: string;
  months: number;
  csr: string;
}

/** The certificate for the key of the request. */
export interface Admitted {
  pem: string;
  fingerprint: string;
  notAfter: string;
}

/** What becomes of a tenant with its application. */
export interface StandingOrder extends Ordered {
  tenant: string;
  status: 'ACTIVE' | 'SUSPENDED' | 'CLOSED';
}

/**
 * Registers the tenant with its purposes and scopes and certifies its key, as an administrator would, under the
 * approver's own reach. To repeat it adds nothing but the approval and the certificate. What it made goes to the ledger of
 * the stage in which it works.
 *
 * @throws Refusal CONFLICT where another tenant has the name; as the repositories do
 */
export async function admit(session: Session, admission: Admission): Promise<Admitted> {
  const { act, tenant, purposes, scopes, application, months, csr } = admission;
  const tenants = new TenantRepository(session);
  const made: object[] = [
    ...(await registerOnce(tenants, tenant)),
    ...(await declareOnce(new PurposeRepository(session), tenant.id, purposes)),
    ...(await scopeOnce(new ScopeRepository(session, tenants), tenant.id, scopes)),
  ];
  const approvals = new ApprovalRepository(session, tenants);
  const reason = `Application ${application}`;
  const approval = await approvals.approve({ tenant: tenant.id, months, reason, application });
  const certificates = new CertificateRepository(session, tenants, approvals);
  const { approvedUntil: notAfter } = approval;
  const { certificate, pem } = await certificates.issue({ tenant: tenant.id, csr, notAfter });
  session.acts.add(act, [...made, approval, certificate]);
  return { pem, fingerprint: certificate.fingerprint, notAfter: certificate.notAfter };
}

/** What becomes of the tenant goes to the ledger of the stage in which it stands. */
export async function stand(session: Session, { act, tenant, status }: StandingOrder): Promise<void> {
  session.acts.add(act, await new TenantRepository(session).setTenantStatus(tenant, status));
}

async function registerOnce(tenants: TenantRepository, wanted: TenantInput): Promise<Tenant[]> {
  const known = await tenants.byId.load(wanted.id);
  if (!known) {
    const registered = await tenants.registerTenants([wanted]);
    tenants.byId.clear(wanted.id);
    return registered;
  }
  const isSame =
    known.tier === wanted.tier && known.area === wanted.area && known.uscc === (wanted.uscc ?? null);
  if (isSame && known.status === 'ACTIVE') return [];
  throw new Refusal('CONFLICT', {
    message: `${wanted.id} is registered already${isSame ? `, and ${known.status}` : ' as another tenant'}.`,
    remedy: isSame ? 'Reactivate it first.' : 'Return the application for another short name.',
  });
}

async function declareOnce(
  repository: PurposeRepository,
  tenant: string,
  purposes: PurposeFields[],
): Promise<PurposeDeclaration[]> {
  const { nodes } = await repository.list({ tenant, status: 'APPROVED', first: LARGEST_PAGE });
  const declared = new Set(nodes.map(({ purpose }) => purpose));
  const missing = purposes.filter(({ purpose }) => !declared.has(purpose));
  const made = await repository.declare(missing.map((purpose) => ({ ...purpose, tenant })));
  const approved: PurposeDeclaration[] = [];
  for (const { id } of made) approved.push(await repository.approve(id));
  return approved;
}

async function scopeOnce(
  repository: ScopeRepository,
  tenant: string,
  scopes: ScopeFields[],
): Promise<Scope[]> {
  const { nodes } = await repository.list({ tenant, first: LARGEST_PAGE });
  const open = nodes.filter(({ validTo }) => validTo === null);
  const keyOf = ({ category, action, area }: Pick<ScopeFields, 'category' | 'action' | 'area'>): string =>
    `${category}:${action} ${area}`;
  const known = new Set(open.map(keyOf));
  const missing = scopes.filter((scope) => !known.has(keyOf(scope)));
  return repository.addScopes(missing.map((scope) => ({ ...scope, tenant })));
}

/** The way into TEST for who approves in FORMAL: the same work, in the other database. */
export const admissionDoors: Doors = {
  /** Body: {@link Admission} as JSON; answers {@link Admitted}. */
  'POST /admissions': {
    requires: ['applications:approve', 'tenants:write', 'purposes:approve', 'scopes:write'],
    audience: 'inner',
    handle: async ({ body }, session) => {
      const admission = JSON.parse(await text(body)) as Admission;
      return json(await session.unit((inner) => admit(inner, admission)));
    },
  },
  /** Body: {@link StandingOrder} as JSON. */
  'POST /standings': {
    requires: ['applications:approve', 'tenants:write'],
    audience: 'inner',
    handle: async ({ body }, session) => {
      const order = JSON.parse(await text(body)) as StandingOrder;
      await session.unit((inner) => stand(inner, order));
      return json({});
    },
  },
};
