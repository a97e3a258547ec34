import DataLoader from 'dataloader';
import { areaPrefix } from '../../gateway/policy/areas.js';
import { newId } from '../runtime/ids.js';
import type { Page, PageArguments } from '../runtime/lists.js';
import { lookUp } from '../runtime/lookup.js';
import { inOrder, page, pages, PagesLoader } from '../runtime/pages.js';
import type { Session } from '../runtime/session.js';
import { add } from '../runtime/upsert.js';
import { EnergyAudit, MeteringReview } from './entities.js';
import type {
  EnergyAuditInput,
  EnergyAuditsArguments,
  MeteringReviewInput,
  MeteringReviewsArguments,
} from './inputs.js';

/** The latest first. */
const AUDIT_ORDER = { by: ['completedOn' as const, 'id' as const], descending: true };
const REVIEW_ORDER = { by: ['plannedOn' as const, 'id' as const], descending: true };

export class EnergyAuditRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, EnergyAudit | null>(async (ids) => {
    const rows = await this.#session.em.find(EnergyAudit, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (audit) => audit.id);
  });
  readonly ofBuilding = new PagesLoader<PageArguments, Page<EnergyAudit>>((buildings, request) =>
    pages(this.#session, EnergyAudit, { property: 'building', keys: buildings }, request, AUDIT_ORDER),
  );
  readonly ofOwner = new PagesLoader<PageArguments, Page<EnergyAudit>>((owners, request) =>
    pages(this.#session, EnergyAudit, { property: 'subject', keys: owners }, request, AUDIT_ORDER),
  );

  constructor(session: Session) {
    this.#session = session;
  }

  list({
    area,
    year,
    buildingId,
    enterpriseUscc,
    ...request
  }: EnergyAuditsArguments): Promise<Page<EnergyAudit>> {
    return page(this.#session, EnergyAudit, request, AUDIT_ORDER, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'year', is: '=', value: year },
      { property: 'building', is: '=', value: buildingId },
      { property: 'subject', is: '=', value: enterpriseUscc },
    ]);
  }

  /** Records audits, all or none; where the building lies and whose it is comes from the buildings room. */
  async record(inputs: EnergyAuditInput[]): Promise<EnergyAudit[]> {
    const places = await lookUp(
      this.#session.neighbours,
      'buildings',
      inputs.map(({ buildingId }) => buildingId),
    );
    const rows = inputs.map(({ buildingId, ...input }) => ({
      ...input,
      energyUseKwhPerM2: input.energyUseKwhPerM2 ?? null,
      savingPotentialPercent: input.savingPotentialPercent ?? null,
      id: newId('aud'),
      building: buildingId,
      area: places.get(buildingId)?.area ?? '',
      subject: places.get(buildingId)?.subject ?? '',
    }));
    return add(this.#session, EnergyAudit, rows);
  }
}

export class MeteringReviewRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, MeteringReview | null>(async (ids) => {
    const rows = await this.#session.em.find(MeteringReview, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (review) => review.id);
  });
  readonly ofEnterprise = new PagesLoader<PageArguments, Page<MeteringReview>>((enterprises, request) =>
    pages(this.#session, MeteringReview, { property: 'subject', keys: enterprises }, request, REVIEW_ORDER),
  );

  constructor(session: Session) {
    this.#session = session;
  }

  list({
    area,
    year,
    result,
    enterpriseUscc,
    ...request
  }: MeteringReviewsArguments): Promise<Page<MeteringReview>> {
    return page(this.#session, MeteringReview, request, REVIEW_ORDER, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'year', is: '=', value: year },
      { property: 'result', is: '=', value: result },
      { property: 'subject', is: '=', value: enterpriseUscc },
    ]);
  }

  async record(inputs: MeteringReviewInput[]): Promise<MeteringReview[]> {
    const places = await lookUp(
      this.#session.neighbours,
      'enterprises',
      inputs.map(({ enterpriseUscc }) => enterpriseUscc),
    );
    const rows = inputs.map(({ enterpriseUscc, ...input }) => ({
      ...input,
      reviewedOn: input.reviewedOn ?? null,
      id: newId('rev'),
      subject: enterpriseUscc,
      area: places.get(enterpriseUscc)?.area ?? '',
    }));
    return add(this.#session, MeteringReview, rows);
  }
}
