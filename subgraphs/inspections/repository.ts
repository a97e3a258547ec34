import DataLoader from 'dataloader';
import { Refusal } from '../../gateway/errors.js';
import { areaPrefix } from '../../gateway/policy/areas.js';
import { newId } from '../runtime/ids.js';
import type { Page, PageArguments } from '../runtime/lists.js';
import { lookUp } from '../runtime/lookup.js';
import { inOrder, page, pages, PagesLoader } from '../runtime/pages.js';
import type { Session } from '../runtime/session.js';
import { add } from '../runtime/upsert.js';
import { Inspection, InspectionDocument, InspectionFinding } from './entities.js';
import type { InspectionInput, InspectionsArguments } from './inputs.js';

/** The latest first. */
const ORDER = { by: ['createdOn' as const, 'id' as const], descending: true };
const LARGEST_ARCHIVE = 100;

export class InspectionRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, Inspection | null>(async (ids) => {
    const rows = await this.#session.em.find(Inspection, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (inspection) => inspection.id);
  });
  readonly ofEnterprise = new PagesLoader<PageArguments, Page<Inspection>>((enterprises, request) =>
    pages(this.#session, Inspection, { property: 'subject', keys: enterprises }, request, ORDER),
  );
  readonly documents = new PagesLoader<PageArguments, Page<InspectionDocument>>((inspections, request) =>
    pages(this.#session, InspectionDocument, { property: 'inspection', keys: inspections }, request, {
      by: ['id'],
    }),
  );
  readonly findings = new PagesLoader<PageArguments, Page<InspectionFinding>>((inspections, request) =>
    pages(this.#session, InspectionFinding, { property: 'inspection', keys: inspections }, request, {
      by: ['place', 'id'],
    }),
  );

  constructor(session: Session) {
    this.#session = session;
  }

  list({
    area,
    enterpriseUscc,
    createdFrom,
    createdTo,
    ...rest
  }: InspectionsArguments): Promise<Page<Inspection>> {
    return page(this.#session, Inspection, rest, ORDER, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'subject', is: '=', value: enterpriseUscc },
      { property: 'type', is: '=', value: rest.type },
      { property: 'state', is: '=', value: rest.state },
      { property: 'level', is: '=', value: rest.level },
      { property: 'agency', is: '=', value: rest.agency },
      { property: 'createdOn', is: '>=', value: createdFrom },
      { property: 'createdOn', is: '<=', value: createdTo },
    ]);
  }

  /**
   * Archives inspections with their documents and findings, all or none.
   *
   * @throws Refusal CONFLICT when a task number is taken in its area; BAD_USER_INPUT; ROW_OUT_OF_REACH
   */
  async archive(inputs: InspectionInput[]): Promise<Inspection[]> {
    const places = await lookUp(
      this.#session.neighbours,
      'enterprises',
      inputs.map(({ enterpriseUscc }) => enterpriseUscc),
    );
    const archives = inputs.map((input) => archiveOf(input, places.get(input.enterpriseUscc)?.area ?? ''));
    const rows = await add(
      this.#session,
      Inspection,
      archives.map(({ inspection }) => inspection),
    );
    for (const { documents, findings } of archives) {
      await add(this.#session, InspectionDocument, documents);
      await add(this.#session, InspectionFinding, findings);
    }
    return rows;
  }
}

interface Archive {
  inspection: Partial<Inspection>;
  documents: Partial<InspectionDocument>[];
  findings: Partial<InspectionFinding>[];
}

function archiveOf({ documents, findings, enterpriseUscc, ...task }: InspectionInput, area: string): Archive {
  if ((documents?.length ?? 0) > LARGEST_ARCHIVE || (findings?.length ?? 0) > LARGEST_ARCHIVE) {
    throw new Refusal('BAD_USER_INPUT', {
      message: `${task.taskNumber}: at most ${LARGEST_ARCHIVE} documents and ${LARGEST_ARCHIVE} findings.`,
    });
  }
  const inspection = newId('ins');
  const whose = { inspection, subject: enterpriseUscc, area };
  return {
    inspection: { ...task, id: inspection, subject: enterpriseUscc, area },
    documents: (documents ?? []).map(({ name, sha256 }, index) => ({
      id: placeId(inspection, index),
      ...whose,
      name,
      sha256: sha256 ?? null,
    })),
    findings: (findings ?? []).map(({ clause, description, severity }, index) => ({
      id: placeId(inspection, index),
      ...whose,
      place: index + 1,
      clause: clause ?? null,
      description,
      severity,
    })),
  };
}

function placeId(inspection: string, index: number): string {
  return `${inspection}#${String(index + 1).padStart(3, '0')}`;
}
