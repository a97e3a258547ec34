import { Refusal } from '../../../gateway/errors.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import { pages, PagesLoader } from '../../runtime/pages.js';
import type { Session } from '../../runtime/session.js';
import { upsert } from '../../runtime/upsert.js';
import type { TenantRepository } from '../repository.js';
import { Certificate } from './entities.js';
import type { CertificateInput } from './inputs.js';

export class CertificateRepository {
  readonly #session: Session;
  readonly #tenants: TenantRepository;

  readonly of = new PagesLoader<PageArguments, Page<Certificate>>((tenants, request) =>
    pages(this.#session, Certificate, { property: 'tenant', keys: tenants }, request, {
      by: ['fingerprint'],
    }),
  );

  constructor(session: Session, tenants: TenantRepository) {
    this.#session = session;
    this.#tenants = tenants;
  }

  /** Binds certificates to their tenants; a fingerprint belongs to one tenant for ever. */
  async registerCertificates(inputs: CertificateInput[]): Promise<Certificate[]> {
    const rows: Partial<Certificate>[] = [];
    for (const input of inputs) {
      const { id, area } = await this.#tenants.visible(input.tenant);
      rows.push({ ...input, fingerprint: input.fingerprint.toLowerCase(), tenant: id, area });
    }
    await this.#mustBeNew(rows);
    return upsert(this.#session, Certificate, rows, 'fingerprint');
  }

  /** To register a certificate again is nothing; to move it would let one tenant answer for another's past. */
  async #mustBeNew(rows: Partial<Certificate>[]): Promise<void> {
    const wanted = new Map(rows.map(({ fingerprint = '', tenant }) => [fingerprint, tenant]));
    const known = await this.#session.em.find(Certificate, { fingerprint: { $in: [...wanted.keys()] } });
    const taken = known.find(({ fingerprint, tenant }) => wanted.get(fingerprint) !== tenant);
    if (taken)
      throw new Refusal('CONFLICT', { message: `The certificate is registered to ${taken.tenant} already.` });
  }

  /** @throws Refusal NOT_FOUND for a certificate that the caller cannot see or has been revoked before. */
  async revokeCertificate(fingerprint: string, reason: string): Promise<Certificate> {
    const [revoked] = await this.#session.entities(
      Certificate,
      `update tenants.certificate set status = 'REVOKED', revoked_at = now(), reason = $2
       where fingerprint = $1 and status = 'ACTIVE' returning *`,
      [fingerprint.toLowerCase(), reason],
    );
    if (!revoked) throw new Refusal('NOT_FOUND', { message: 'No such active certificate in your reach.' });
    return revoked;
  }
}
