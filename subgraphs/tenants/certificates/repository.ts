import { Refusal } from '../../../gateway/errors.js';
import {
  isForTheLast,
  isRevocationReason,
  REASONS_FOR_THE_LAST,
  REVOCATION_REASONS,
} from '../../../gateway/policy/certificates.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import { page, pages, PagesLoader } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import { type ApprovalRepository, beyondApproval } from '../approvals/repository.js';
import type { Tenant } from '../entities.js';
import type { TenantRepository } from '../repository.js';
import { Certificate, type IssuedCertificate } from './entities.js';
import type { CertificateInput, ExpiringArguments, IssueArguments, RenewArguments } from './inputs.js';

type Row = Pick<Certificate, 'fingerprint' | 'tenant' | 'area' | 'serial' | 'notBefore' | 'notAfter'>;

const DAY_MS = 86_400_000;
const LONGEST_NOTICE_DAYS = 3_650;
const LONGEST_REASON = 500;

export class CertificateRepository {
  readonly #session: Session;
  readonly #tenants: TenantRepository;
  readonly #approvals: ApprovalRepository;

  readonly of = new PagesLoader<PageArguments, Page<Certificate>>((tenants, request) =>
    pages(this.#session, Certificate, { property: 'tenant', keys: tenants }, request, {
      by: ['fingerprint'],
    }),
  );

  constructor(session: Session, tenants: TenantRepository, approvals: ApprovalRepository) {
    this.#session = session;
    this.#tenants = tenants;
    this.#approvals = approvals;
  }

  /** Live certificates that end within so many days, the next to end first. */
  expiring({ days, ...request }: ExpiringArguments): Promise<Page<Certificate>> {
    if (!Number.isInteger(days) || days < 0 || days > LONGEST_NOTICE_DAYS) {
      throw new Refusal('BAD_USER_INPUT', { message: `days: 0 to ${LONGEST_NOTICE_DAYS}.` });
    }
    const now = Date.now();
    return page(this.#session, Certificate, request, { by: ['notAfter', 'fingerprint'] }, [
      { property: 'status', is: 'in', value: ['ACTIVE', 'SUSPENDED'] },
      { property: 'notAfter', is: '>=', value: new Date(now).toISOString() },
      { property: 'notAfter', is: '<=', value: new Date(now + days * DAY_MS).toISOString() },
    ]);
  }

  /**
   * Binds certificates that were issued elsewhere to their tenants; a fingerprint belongs to one tenant for ever. The
   * first of a tenant that has no approval counts as approved; any other ends within what was.
   *
   * @throws Refusal CONFLICT, CERTIFICATE_NOT_APPROVED, CERTIFICATE_LIMIT, FOUR_EYES, BAD_USER_INPUT, ROW_OUT_OF_REACH
   */
  async registerCertificates(inputs: CertificateInput[]): Promise<Certificate[]> {
    const rows: Row[] = [];
    for (const { tenant, fingerprint, serial, notBefore, notAfter } of inputs) {
      const { id, area } = await this.#tenants.visible(tenant);
      rows.push({ fingerprint: fingerprint.toLowerCase(), tenant: id, area, serial, notBefore, notAfter });
    }
    for (const row of await this.#unknown(rows)) {
      if (Date.parse(row.notAfter) > Date.now()) await this.#mustHaveRoom(row.tenant);
      await this.#approvals.coverRegistration(row.tenant, row.notAfter);
      await this.#add(row, null);
    }
    const fingerprints = rows.map(({ fingerprint }) => fingerprint);
    return this.#session.em.find(Certificate, { fingerprint: { $in: fingerprints } });
  }

  /**
   * Certifies the key of a request for a tenant, within what was approved.
   *
   * @throws Refusal CERTIFICATE_NOT_APPROVED, CERTIFICATE_LIMIT, CSR_UNUSABLE, BAD_USER_INPUT, ROW_OUT_OF_REACH
   */
  async issue({ tenant, csr, notAfter }: IssueArguments): Promise<IssuedCertificate> {
    return this.#certify(await this.#tenants.visible(tenant), csr, notAfter, null);
  }

  /** The same for the caller itself, which shows by its certificate who it is. */
  async renew({ csr, notAfter }: RenewArguments): Promise<IssuedCertificate> {
    const { tenant, fingerprint } = this.#session.grant.caller;
    return this.#certify(await this.#tenants.visible(tenant), csr, notAfter, fingerprint);
  }

  /**
   * @throws Refusal NOT_FOUND for a certificate that the caller cannot see or has been revoked before; WRONG_STATE,
   * BAD_USER_INPUT
   */
  async revokeCertificate(fingerprint: string, reason: string): Promise<Certificate> {
    return this.#end(fingerprint, reason, 'true');
  }

  /** Gives up one of the caller's own. @throws Refusal NOT_FOUND, WRONG_STATE, BAD_USER_INPUT */
  async retire(fingerprint: string, reason: string): Promise<Certificate> {
    return this.#end(fingerprint, reason, 'tenant = (select runtime.caller())');
  }

  /** Without a good one the caller could call no more, so its last goes only for a reason that says so. */
  async #mustKeepOne(given: string): Promise<void> {
    const { tenant } = this.#session.grant.caller;
    await this.#session.rows('select tenants.has_room($1)', [tenant]);
    const good = await this.#session.rows<{ fingerprint: string }>(
      `select fingerprint from tenants.certificate
       where tenant = $1 and status = 'ACTIVE' and not_before <= now() and not_after > now()`,
      [tenant],
    );
    if (good.length !== 1 || good[0]?.fingerprint !== given) return;
    throw new Refusal('WRONG_STATE', {
      rule: 'certificates/last',
      message: 'It is your last certificate that is good: without it you could not call any more.',
      remedy: `Renew it first (renewCertificate), or say why you leave: ${REASONS_FOR_THE_LAST.join(' or ')}.`,
    });
  }

  /** @throws Refusal NOT_FOUND, WRONG_STATE, BAD_USER_INPUT */
  async suspend(fingerprint: string, reason: string): Promise<Certificate> {
    if (fingerprint.toLowerCase() === this.#session.grant.caller.fingerprint) {
      throw new Refusal('BAD_USER_INPUT', {
        message: 'A certificate does not suspend itself: it could never call to be resumed.',
        remedy: 'Call with another of your certificates, have another tenant suspend it, or retire it.',
      });
    }
    if (reason.trim() === '' || reason.length > LONGEST_REASON) {
      throw new Refusal('BAD_USER_INPUT', { message: `reason: 1 to ${LONGEST_REASON} characters.` });
    }
    return this.#change(fingerprint, 'ACTIVE', `status = 'SUSPENDED', suspended_at = now(), reason = $2`, [
      reason,
    ]);
  }

  resume(fingerprint: string): Promise<Certificate> {
    return this.#change(fingerprint, 'SUSPENDED', `status = 'ACTIVE', suspended_at = null, reason = null`);
  }

  async #certify(
    { id, name, area }: Tenant,
    csr: string,
    wanted: string | null | undefined,
    renewedFrom: string | null,
  ): Promise<IssuedCertificate> {
    const notAfter = await this.#endOf(id, wanted);
    await this.#mustHaveRoom(id);
    const { stage } = this.#session.grant.caller;
    const { certificate: pem, ...facts } = await this.#session.certify(csr, {
      name: id,
      stage,
      organisation: name,
      notAfter,
    });
    return { certificate: await this.#add({ ...facts, tenant: id, area }, renewedFrom), pem };
  }

  /** @throws Refusal CERTIFICATE_NOT_APPROVED, BAD_USER_INPUT */
  async #endOf(tenant: string, wanted: string | null | undefined): Promise<string> {
    const until = await this.#approvals.until(tenant);
    const end = wanted ?? until;
    if (until === null || end === null || Date.parse(end) > Date.parse(until)) {
      throw beyondApproval(tenant, until);
    }
    if (Date.parse(end) <= Date.now()) {
      if (wanted) throw new Refusal('BAD_USER_INPUT', { message: 'notAfter: must lie ahead.' });
      throw new Refusal('CERTIFICATE_NOT_APPROVED', { rule: 'certificates/approved' });
    }
    return end;
  }

  /** Nobody else gets or gives up one of the tenant's certificates until this transaction ends. */
  async #mustHaveRoom(tenant: string): Promise<void> {
    const [row] = await this.#session.rows<{ room: boolean }>('select tenants.has_room($1) as room', [
      tenant,
    ]);
    if (!row?.room) throw new Refusal('CERTIFICATE_LIMIT', { rule: 'certificates/two' });
  }

  async #add(row: Row, renewedFrom: string | null): Promise<Certificate> {
    const { fingerprint, tenant, area, serial, notBefore, notAfter } = row;
    const by = this.#session.grant.caller.tenant;
    const [added] = await this.#session
      .entities(
        Certificate,
        `insert into tenants.certificate
           (fingerprint, tenant, area, serial, not_before, not_after, registered_by, renewed_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning *`,
        [fingerprint, tenant, area, serial, notBefore, notAfter, by, renewedFrom],
      )
      .catch((error: unknown) => {
        throw asRefusal(error);
      });
    if (!added) throw new Refusal('ROW_OUT_OF_REACH');
    return added;
  }

  /** To register a certificate again is nothing; to move it would let one tenant answer for another's past. */
  async #unknown(rows: Row[]): Promise<Row[]> {
    const wanted = new Map(rows.map((row) => [row.fingerprint, row]));
    const known = await this.#session.em.find(Certificate, { fingerprint: { $in: [...wanted.keys()] } });
    for (const { fingerprint, tenant } of known) {
      if (wanted.get(fingerprint)?.tenant !== tenant)
        throw new Refusal('CONFLICT', { message: `The certificate is registered to ${tenant} already.` });
      wanted.delete(fingerprint);
    }
    return [...wanted.values()];
  }

  /** Here and on the revocation list of the authority that issued it: whichever is asked refuses. */
  async #end(fingerprint: string, reason: string, whose: string): Promise<Certificate> {
    if (!isRevocationReason(reason)) {
      throw new Refusal('BAD_USER_INPUT', { message: `reason: one of ${REVOCATION_REASONS.join(', ')}.` });
    }
    if (!isForTheLast(reason)) await this.#mustKeepOne(fingerprint.toLowerCase());
    const [revoked] = await this.#session.entities(
      Certificate,
      `update tenants.certificate set status = 'REVOKED', revoked_at = now(), reason = $2
       where fingerprint = $1 and status <> 'REVOKED' and ${whose} returning *`,
      [fingerprint.toLowerCase(), reason],
    );
    if (!revoked) throw new Refusal('NOT_FOUND', { message: 'No such live certificate in your reach.' });
    await this.#session.revokeIssued(revoked.fingerprint, reason);
    return revoked;
  }

  async #change(
    fingerprint: string,
    from: string,
    change: string,
    parameters: string[] = [],
  ): Promise<Certificate> {
    const digest = fingerprint.toLowerCase();
    const [changed] = await this.#session.entities(
      Certificate,
      `update tenants.certificate set ${change} where fingerprint = $1 and status = '${from}' returning *`,
      [digest, ...parameters],
    );
    if (changed) return changed;
    const there = await this.#session.em.findOne(Certificate, { fingerprint: digest });
    if (!there) throw new Refusal('NOT_FOUND', { message: 'No such certificate in your reach.' });
    throw new Refusal('WRONG_STATE', { message: `The certificate is ${there.status}, not ${from}.` });
  }
}
