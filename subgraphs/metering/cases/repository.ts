import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import type { Grant } from '../../../gateway/policy/grant.js';
import type { Page } from '../../runtime/lists.js';
import { inOrder, page } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import { Finding } from '../quality/entities.js';
import { foundConditions } from '../quality/repository.js';
import { CaseEvent, CaseRules, QualityCase } from './entities.js';
import type { CaseRulesInput, CasesArguments, CaseStepArguments } from './inputs.js';
import { actorsOf, CASE_STATES, type CaseActor, type CaseEventKind, type CaseState } from './transitions.js';

const LAST_FIRST = { by: ['openedAt' as const, 'id' as const], descending: true };
const MOST_FINDINGS = 500;

export class CaseRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, QualityCase | null>(async (ids) => {
    const rows = await this.#session.em.find(QualityCase, { id: { $in: [...ids] } });
    return inOrder(ids, rows, ({ id }) => id);
  });
  readonly eventsOf = new DataLoader<string, CaseEvent[]>(async (ids) => {
    const rows = await this.#session.em.find(
      CaseEvent,
      { caseId: { $in: [...ids] } },
      { orderBy: { number: 'asc' } },
    );
    const of = Map.groupBy(rows, ({ caseId }) => caseId);
    return ids.map((id) => of.get(id) ?? []);
  });

  constructor(session: Session) {
    this.#session = session;
  }

  list(args: CasesArguments): Promise<Page<QualityCase>> {
    const { status, isOpen, dueBy, isEscalated } = args;
    return page(this.#session, QualityCase, args, LAST_FIRST, [
      { property: 'status', is: '=', value: status },
      { property: 'status', is: 'in', value: statesThat(isOpen) },
      ...foundConditions<QualityCase>(args),
      { property: 'dueOn', is: '<=', value: dueBy },
      { property: 'isEscalated', is: '=', value: isEscalated },
    ]);
  }

  /** The last findings of a case, at most 500. */
  findingsOf(id: string): Promise<Finding[]> {
    return this.#session.entities(
      Finding,
      `select found.* from metering.case_finding join metering.finding as found on found.id = finding
       where case_id = $1 order by found.date desc, found.id desc limit ${MOST_FINDINGS}`,
      [id],
    );
  }

  /** @throws Refusal NOT_FOUND */
  async mustSee(id: string): Promise<QualityCase> {
    const held = await this.byId.load(id);
    if (!held) throw new Refusal('NOT_FOUND', { message: `No case ${id} is in your reach.` });
    return held;
  }

  /** @throws Refusal WRONG_STATE, ROW_OUT_OF_REACH where the caller may not take a step of a case that it sees. */
  mayStep(event: CaseEventKind, held: QualityCase): CaseActor {
    return speaking(this.#session.grant, held, event);
  }

  /**
   * Takes a step as whoever the caller may speak for.
   *
   * @throws Refusal NOT_FOUND, WRONG_STATE, ROW_OUT_OF_REACH, BAD_USER_INPUT
   */
  async step(
    event: CaseEventKind,
    { id, note, evidenceSha256, assignee }: CaseStepArguments & { assignee?: string },
  ): Promise<QualityCase> {
    const actor = this.mayStep(event, await this.mustSee(id));
    try {
      await this.#session.rows(
        `insert into metering.case_event (case_id, event, actor, note, evidence_sha256, assignee)
         values ($1, $2, $3, $4, $5, $6)`,
        [id, event, actor, note ?? null, evidenceSha256 ?? null, assignee ?? null],
      );
    } catch (error) {
      throw asRefusal(error);
    }
    const [fresh] = await this.#session.entities(
      QualityCase,
      'select * from metering.quality_case where id = $1',
      [id],
    );
    return fresh!;
  }

  rules(): Promise<CaseRules[]> {
    return this.#session.entities(
      CaseRules,
      'select distinct on (area) * from metering.case_rules order by area, version desc',
      [],
    );
  }

  /** @throws Refusal ROW_OUT_OF_REACH, BAD_USER_INPUT */
  async setRules({
    area,
    leastSeverity,
    workingDays,
    reopenDays,
    reason,
  }: CaseRulesInput): Promise<CaseRules> {
    try {
      const [row] = await this.#session.entities(
        CaseRules,
        `insert into metering.case_rules (area, least_severity, working_days, reopen_days, reason)
         values ($1, $2, $3::bigint::smallint, $4::bigint::smallint, $5) returning *`,
        [area, leastSeverity, workingDays, reopenDays, reason],
      );
      return row!;
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

/** Row-level security decides the same from the row; here the refusal has words. */
function speaking({ reach }: Grant, held: QualityCase, event: CaseEventKind): CaseActor {
  const may = actorsOf(event, held.status, held.isEscalated);
  if (!may || may.every((actor) => actor === 'HUB')) {
    const message = `The case is ${held.status}; it is not ${event} from there.`;
    throw new Refusal('WRONG_STATE', { message, remedy: 'hub case show lists what happened to it.' });
  }
  const { areas = [], subjects = [] } = reach['quality:write'] ?? {};
  const above = reach['quality:approve']?.areas ?? [];
  const roles: CaseActor[] = [];
  if (subjects.includes(held.subject)) roles.push('SUBJECT');
  if (areas.some((prefix) => held.area.startsWith(prefix))) roles.push('PLATFORM');
  if (above.some((prefix) => held.responsible.startsWith(prefix))) roles.push('SUPERVISOR');
  const actor = roles.find((role) => may.includes(role));
  if (actor) return actor;
  throw new Refusal('ROW_OUT_OF_REACH', {
    rule: 'cases/actor',
    message: held.isEscalated
      ? `The case was escalated to ${held.responsible}; from ${held.status} it is ${event} by the ${may.join(' or the ')} alone.`
      : `A case that is ${held.status} is ${event} by the ${may.join(' or the ')} alone.`,
    remedy: `Leave it to the ${may.join(' or the ')}: the platform writes quality of the area, the supervisor approves it where the case was escalated to.`,
  });
}

/** All of them where it was not asked. */
function statesThat(isOpen: boolean | null | undefined): CaseState[] | null {
  return typeof isOpen === 'boolean' ? CASE_STATES.filter((state) => (state !== 'CLOSED') === isOpen) : null;
}
