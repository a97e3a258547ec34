import DataLoader from 'dataloader';
import { Refusal } from '../../gateway/errors.js';
import { areaPrefix } from '../../gateway/policy/areas.js';
import {
  applyAt,
  compareWith,
  type CorrectedValues,
  type CorrectionKind,
  type CorrectionTarget,
  isAppliedAt,
} from '../runtime/corrections.js';
import { newId } from '../runtime/ids.js';
import type { Page } from '../runtime/lists.js';
import { inOrder, page } from '../runtime/pages.js';
import { asRefusal, type Session } from '../runtime/session.js';
import { Correction, CorrectionEvent } from './entities.js';
import type { CorrectionInput, CorrectionsArguments, DecisionArguments } from './inputs.js';
import { categoryOfKind, unseen } from './visible/seen.js';

const LATEST_FIRST = { by: ['proposedAt' as const, 'id' as const], descending: true };
const MOST_DAYS_OPEN = 90;

/** The room that keeps the values. */
const ROOM_OF: Record<CorrectionKind, string> = {
  METER_DAY: 'metering',
  ENERGY_AUDIT: 'audits',
  METERING_REVIEW: 'audits',
  INSPECTION: 'inspections',
  INSPECTION_DOCUMENT: 'inspections',
  INSPECTION_FINDING: 'inspections',
};

export class CorrectionRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, Correction | null>(async (ids) => {
    const rows = await this.#session.em.find(Correction, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (correction) => correction.id);
  });
  readonly eventsOf = new DataLoader<string, CorrectionEvent[]>(async (ids) => {
    const rows = await this.#session.em.find(
      CorrectionEvent,
      { correction: { $in: [...ids] } },
      { orderBy: { number: 'asc' } },
    );
    const byCorrection = Map.groupBy(rows, ({ correction }) => correction);
    return ids.map((id) => byCorrection.get(id) ?? []);
  });

  constructor(session: Session) {
    this.#session = session;
  }

  list({
    state,
    kind,
    record,
    area,
    proposedBy,
    ...request
  }: CorrectionsArguments): Promise<Page<Correction>> {
    return page(this.#session, Correction, request, LATEST_FIRST, [
      { property: 'state', is: '=', value: state },
      { property: 'kind', is: '=', value: kind },
      { property: 'record', is: '=', value: record },
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'proposedBy', is: '=', value: proposedBy },
    ]);
  }

  /**
   * Writes down how the values stand and how they are to stand. Nothing changes by it.
   *
   * @throws Refusal NOT_FOUND where the caller may correct no such thing; BAD_USER_INPUT
   */
  async propose(input: CorrectionInput): Promise<Correction> {
    const { reason, evidenceSha256, validDays } = input;
    const { target, after: wanted } = asked(input);
    const { neighbours } = this.#session;
    const { area, subject, before, after, version } = await compareWith(
      neighbours,
      ROOM_OF[target.kind],
      target,
      wanted,
    );
    const id = newId('cor');
    await this.#write(
      `insert into corrections.correction
         (id, kind, record, date, area, subject, before, after, version, reason, evidence_sha256, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now() + make_interval(days => $12))`,
      [
        id,
        target.kind,
        target.record,
        target.date,
        area,
        subject,
        JSON.stringify(before),
        JSON.stringify(after),
      ].concat([version, reason, evidenceSha256 ?? null, checkedDays(validDays)] as never[]),
    );
    await this.#add(id, 'PROPOSED', null);
    return this.#reread(id);
  }

  /**
   * Has the room that keeps the values apply the correction, then records it. The room does it once, however often it
   * is asked: should this record fail, approving again completes it.
   *
   * @throws Refusal CORRECTION_STALE, FOUR_EYES, WRONG_STATE, NOT_FOUND, ROW_OUT_OF_REACH
   */
  async approve({ id, note }: DecisionArguments): Promise<Correction> {
    const found = await this.#open(id);
    this.#mustBeAnother(found);
    const { kind, record, date, proposedBy, version } = found;
    const { before, after } = this.#mustBeSeen(found);
    const { version: made } = await applyAt(this.#session.neighbours, ROOM_OF[kind], {
      correction: id,
      proposedBy,
      target: { kind, record, date },
      before,
      after,
      version,
    });
    await this.#add(id, 'APPROVED', note ?? null, made);
    return this.#reread(id);
  }

  /** @throws Refusal BAD_USER_INPUT without a note; FOUR_EYES, WRONG_STATE, NOT_FOUND */
  async reject({ id, note }: DecisionArguments): Promise<Correction> {
    if (!note?.trim()) throw new Refusal('BAD_USER_INPUT', { message: 'note: say why it is rejected.' });
    const found = await this.#open(id);
    this.#mustBeAnother(found);
    this.#mustBeSeen(found);
    await this.#mustNotBeApplied(found);
    await this.#add(id, 'REJECTED', note);
    return this.#reread(id);
  }

  /** @throws Refusal FOUR_EYES to whoever did not propose it; WRONG_STATE, NOT_FOUND */
  async withdraw({ id, note }: DecisionArguments): Promise<Correction> {
    const found = await this.#open(id);
    if (found.proposedBy !== this.#session.grant.caller.tenant)
      throw new Refusal('ROW_OUT_OF_REACH', {
        message: 'Only the tenant that proposed it withdraws it.',
        remedy: `Ask ${found.proposedBy} to withdraw it, or reject it as an approver.`,
      });
    await this.#mustNotBeApplied(found);
    await this.#add(id, 'WITHDRAWN', note ?? null);
    return this.#reread(id);
  }

  /** The correction, which nobody else decides until this transaction ends. */
  async #open(id: string): Promise<Correction> {
    await this.#session.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [id]);
    const found = await this.byId.load(id);
    if (!found) throw new Refusal('NOT_FOUND', { message: `No correction ${id} for you.` });
    if (found.state !== 'PROPOSED')
      throw new Refusal('WRONG_STATE', {
        message: `The correction is ${found.state}: it was decided before.`,
      });
    if (Date.parse(found.expiresAt) <= Date.now())
      throw new Refusal('WRONG_STATE', { message: 'The correction has expired; propose it again.' });
    return found;
  }

  #mustBeAnother({ proposedBy }: Correction): void {
    if (proposedBy === this.#session.grant.caller.tenant)
      throw new Refusal('FOUR_EYES', { rule: 'corrections/four-eyes' });
  }

  #mustBeSeen({ kind, before, after }: Correction): { before: CorrectedValues; after: CorrectedValues } {
    if (before && after) return { before, after };
    throw unseen(categoryOfKind(kind));
  }

  /** An approval that was applied and could not be recorded any more is an approval. */
  async #mustNotBeApplied({ id, kind }: Correction): Promise<void> {
    if (await isAppliedAt(this.#session.neighbours, ROOM_OF[kind], id))
      throw new Refusal('WRONG_STATE', {
        message: 'The correction has been applied.',
        remedy: 'Approve it again: that completes its record.',
      });
  }

  async #add(id: string, kind: string, note: string | null, version: number | null = null): Promise<void> {
    const sql = 'insert into corrections.event (correction, kind, note, version) values ($1, $2, $3, $4)';
    await this.#write(sql, [id, kind, note, version]);
  }

  async #write(sql: string, parameters: unknown[]): Promise<void> {
    await this.#session.rows(sql, parameters).catch((error: unknown) => {
      throw asRefusal(error);
    });
  }

  async #reread(id: string): Promise<Correction> {
    const [row] = await this.#session.entities(
      Correction,
      'select * from corrections.visible_correction where id = $1',
      [id],
    );
    return row!;
  }
}

/** What a proposal is about and the values it wants. @throws Refusal BAD_USER_INPUT */
function asked({ day, record }: CorrectionInput): { target: CorrectionTarget; after: CorrectedValues } {
  if (Boolean(day) === Boolean(record))
    throw new Refusal('BAD_USER_INPUT', { message: 'Name a day or a record, one of them.' });
  if (day) {
    const { meter, date, interval, values } = day;
    return { target: { kind: 'METER_DAY', record: meter, date }, after: { interval, values } };
  }
  const { kind, id, fields } = record!;
  if (!Object.hasOwn(ROOM_OF, kind) || kind === 'METER_DAY')
    throw new Refusal('BAD_USER_INPUT', { message: `kind: ${kind} is no kind of record.` });
  const after = Object.fromEntries(fields.map(({ field, value }) => [field, value ?? null]));
  if (fields.length === 0 || Object.keys(after).length < fields.length)
    throw new Refusal('BAD_USER_INPUT', { message: 'fields: name each field once, and at least one.' });
  return { target: { kind: kind as CorrectionKind, record: id, date: null }, after };
}

function checkedDays(days: number): number {
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS_OPEN) return days;
  throw new Refusal('BAD_USER_INPUT', { message: `validDays: must be 1 to ${MOST_DAYS_OPEN}.` });
}
