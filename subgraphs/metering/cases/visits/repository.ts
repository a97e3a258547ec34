import { Refusal } from '../../../../gateway/errors.js';
import { newId } from '../../../runtime/ids.js';
import type { Page } from '../../../runtime/lists.js';
import { page } from '../../../runtime/pages.js';
import type { Session } from '../../../runtime/session.js';
import { add } from '../../../runtime/upsert.js';
import { MaintenanceVisit } from './entities.js';
import type { MaintenanceVisitInput, MaintenanceVisitsArguments } from './inputs.js';

const LATEST_FIRST = { by: ['visitedOn' as const, 'id' as const], descending: true };
const MOST_FINDINGS = 100;
const FINDING_ID = /^[1-9]\d{0,17}$/;

export class VisitRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  list({
    meterId,
    caseId,
    from,
    to,
    ...request
  }: MaintenanceVisitsArguments): Promise<Page<MaintenanceVisit>> {
    return page(this.#session, MaintenanceVisit, request, LATEST_FIRST, [
      { property: 'meter', is: '=', value: meterId },
      { property: 'caseId', is: '=', value: caseId },
      { property: 'visitedOn', is: '>=', value: from },
      { property: 'visitedOn', is: '<=', value: to },
    ]);
  }

  /**
   * Keeps what was found and done; it is never changed.
   *
   * @throws Refusal BAD_USER_INPUT for a case, an appliance or a finding that is not the meter's; ROW_OUT_OF_REACH
   */
  async record({
    meterId,
    caseId,
    device,
    findings,
    ...said
  }: MaintenanceVisitInput): Promise<MaintenanceVisit> {
    if (findings.length > MOST_FINDINGS)
      throw new Refusal('BAD_USER_INPUT', { message: `findings: at most ${MOST_FINDINGS}.` });
    const unknown = findings.find((id) => !FINDING_ID.test(id));
    if (unknown !== undefined)
      throw new Refusal('BAD_USER_INPUT', { message: `findings: ${unknown} is the id of no finding.` });
    const row = {
      id: newId('vis'),
      meter: meterId,
      caseId: caseId ?? null,
      device: device ?? null,
      findings,
    };
    const [visit] = await add(this.#session, MaintenanceVisit, [{ ...row, ...said }]);
    return visit!;
  }
}
