import { Refusal } from '../../../gateway/errors.js';
import { isValidityMonths, VALIDITY_MONTHS } from '../../../gateway/policy/certificates.js';
import { newId } from '../../runtime/ids.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import { pages, PagesLoader } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import type { Tenant } from '../entities.js';
import type { TenantRepository } from '../repository.js';
import { CertificateApproval } from './entities.js';

/** What an approval goes by: an application's id, or a decision in words. */
export interface Approval {
  tenant: string;
  months: number;
  reason: string;
  application?: string | undefined;
}

const COLUMNS = 'id, tenant, area, basis, months, approved_until, reason, application, approved_by';

export function beyondApproval(tenant: string, until: string | null): Refusal {
  return new Refusal('CERTIFICATE_NOT_APPROVED', {
    rule: 'certificates/approved',
    ...(until && { message: `Certificates of ${tenant} are approved until ${until}, no longer.` }),
  });
}

/** For how long tenants may hold certificates. Approvals are added and never changed. */
export class ApprovalRepository {
  readonly #session: Session;
  readonly #tenants: TenantRepository;

  readonly of = new PagesLoader<PageArguments, Page<CertificateApproval>>((tenants, request) =>
    pages(this.#session, CertificateApproval, { property: 'tenant', keys: tenants }, request, { by: ['id'] }),
  );

  constructor(session: Session, tenants: TenantRepository) {
    this.#session = session;
    this.#tenants = tenants;
  }

  /** The latest end that was approved; null where none was. ISO 8601. */
  async until(tenant: string): Promise<string | null> {
    const [row] = await this.#session.rows<{ until: string | null }>(
      "select to_json(max(approved_until)) #>> '{}' as until from tenants.certificate_approval where tenant = $1",
      [tenant],
    );
    return row?.until ?? null;
  }

  /**
   * Approves certificates of a tenant for so many months from now.
   *
   * @throws Refusal BAD_USER_INPUT, FOUR_EYES, ROW_OUT_OF_REACH
   */
  async approve({ tenant, months, reason, application }: Approval): Promise<CertificateApproval> {
    if (!isValidityMonths(months)) {
      const message = `months: one of ${VALIDITY_MONTHS.join(', ')}.`;
      throw new Refusal('BAD_USER_INPUT', { message });
    }
    const its = await this.#another(tenant);
    return this.#add(its, [
      application === undefined ? 'DECISION' : 'APPLICATION',
      months,
      null,
      reason,
      application ?? null,
    ]);
  }

  /**
   * Where nothing was ever approved for the tenant, the end of the first certificate that is registered counts as
   * approved, so that the first operator can be set up. After that a registration approves nothing.
   *
   * @throws Refusal CERTIFICATE_NOT_APPROVED, FOUR_EYES, ROW_OUT_OF_REACH
   */
  async coverRegistration(tenant: string, notAfter: string): Promise<void> {
    const until = await this.until(tenant);
    if (until !== null) {
      if (Date.parse(notAfter) <= Date.parse(until)) return;
      throw beyondApproval(tenant, until);
    }
    const its = await this.#another(tenant);
    await this.#add(its, ['REGISTRATION', null, notAfter, 'Registered with this end.', null]);
  }

  async #another(tenant: string): Promise<Tenant> {
    if (tenant === this.#session.grant.caller.tenant) {
      const message = 'Nobody approves the validity of its own certificates.';
      throw new Refusal('FOUR_EYES', { message });
    }
    return this.#tenants.visible(tenant);
  }

  async #add(
    { id, area }: Tenant,
    [basis, months, until, reason, application]: [
      string,
      number | null,
      string | null,
      string,
      string | null,
    ],
  ): Promise<CertificateApproval> {
    const by = this.#session.grant.caller.tenant;
    const [added] = await this.#session
      .entities(
        CertificateApproval,
        `insert into tenants.certificate_approval (${COLUMNS}) values ($1, $2, $3, $4, $5::smallint,
           coalesce($6::timestamptz, date_trunc('second', now()) + make_interval(months => $5::int)), $7, $8, $9)
         returning ${COLUMNS}, approved_at`,
        [newId('apv'), id, area, basis, months, until, reason, application, by],
      )
      .catch((error: unknown) => {
        throw asRefusal(error);
      });
    if (!added) throw new Refusal('ROW_OUT_OF_REACH');
    return added;
  }
}
