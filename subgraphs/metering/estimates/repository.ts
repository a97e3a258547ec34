import { Refusal } from '../../../gateway/errors.js';
import type { Page } from '../../runtime/lists.js';
import { type Condition, pages, PagesLoader } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import type { QualityCase } from '../cases/entities.js';
import type { CaseStepArguments } from '../cases/inputs.js';
import type { CaseRepository } from '../cases/repository.js';
import { checkedDays } from '../rollups/periods.js';
import { DayEstimate, type MeterInterval } from './entities.js';
import type {
  DayEstimatesArguments,
  EstimateAsked,
  IntervalsArguments,
  WithdrawEstimateArguments,
} from './inputs.js';
import { INTERVALS_OF_DAY, type IntervalsRow, intervalsOf, pageOfIntervals } from './intervals.js';
import { estimate, type EstimatedDay } from './making/estimate.js';
import { givenOf, mustBeEstimable, stretchOf } from './asked.js';
import { PROFILE_DAYS } from './making/methods.js';
import { type EstimateRow, rowOf, storedOf, sumOf } from './rows.js';
import { KnownDays, type MeterKnown, shifted } from './sources.js';

const BY_DAY = { by: ['date' as const, 'version' as const] };

const STORE = `insert into metering.estimate_day (date, meter, change, interval_minutes, scale, values, replaced, method,
    is_bounded, gap_from, gap_to, parameters, made_from, case_id, note, evidence_sha256)
  select date, meter, 'ESTIMATED', interval_minutes, scale, values, replaced, method, is_bounded, gap_from, gap_to,
    parameters, made_from, case_id, note, evidence_sha256
  from jsonb_populate_recordset(null::metering.estimate_day, $1::jsonb) order by date`;

const WITHDRAW = `insert into metering.estimate_day (date, meter, change, case_id, note) values ($1, $2, 'WITHDRAWN', $3, $4)`;

const IN_FORCE = `select * from metering.visible_estimate_day
  where meter = $1 and date = any($2::date[]) and superseded_at is null order by date`;

export class EstimateRepository {
  readonly #session: Session;
  readonly #cases: CaseRepository;

  readonly ofMeter = new PagesLoader<DayEstimatesArguments, Page<DayEstimate>>(
    async (meters, { from, to, withHistory, ...request }) => {
      checkedDays({ from, to });
      const conditions: Condition<DayEstimate>[] = [
        { property: 'date', is: '>=', value: from },
        { property: 'date', is: '<=', value: to },
      ];
      if (!withHistory)
        conditions.push(
          { property: 'supersededAt', is: 'is null', value: true },
          { property: 'estimated', is: '>=', value: 1 },
        );
      return pages(
        this.#session,
        DayEstimate,
        { property: 'meter', keys: meters },
        request,
        BY_DAY,
        conditions,
      );
    },
  );

  readonly intervals = new PagesLoader<IntervalsArguments, Page<MeterInterval>>(
    async (meters, { date, withEstimates, ...request }) => {
      const rows = await this.#session.rows<IntervalsRow>(INTERVALS_OF_DAY, [meters, date, withEstimates]);
      return meters.map((meter) => {
        const row = rows.find((one) => one.meter === meter);
        const page = pageOfIntervals(row ? intervalsOf(row) : [], request);
        const values = page.nodes.filter(({ value }) => value !== null).length;
        if (row)
          this.#session.disclosed({ category: 'readings', subject: row.subject, area: row.area, values });
        return page;
      });
    },
  );

  constructor(session: Session, cases: CaseRepository) {
    this.#session = session;
    this.#cases = cases;
  }

  /** What would be stored, by whoever sees the case and its meter’s values. */
  async preview(asked: EstimateAsked): Promise<DayEstimate[]> {
    const held = await this.#cases.mustSee(asked.id);
    const { meter, days } = await this.#estimate(held, asked);
    return days.map((day) => {
      const row = rowOf(day, asked.method);
      const estimated = row.values.filter((value) => value !== null).length;
      return Object.assign(new DayEstimate(), {
        ...this.#drafted(row, meter, held.id),
        total: sumOf(row.values),
        replacedTotal: sumOf(row.replaced),
        estimated,
      });
    });
  }

  /**
   * Estimates what is missing of some days and takes the case to ESTIMATED, in one transaction.
   *
   * @throws Refusal NOT_FOUND, WRONG_STATE, ROW_OUT_OF_REACH, BAD_USER_INPUT
   */
  async store(asked: EstimateAsked & CaseStepArguments): Promise<DayEstimate[]> {
    const { id, note, evidenceSha256, method } = asked;
    const held = await this.#cases.mustSee(id);
    this.#cases.mayStep('ESTIMATED', held);
    if (!note?.trim() || (method === 'MANUAL' && !evidenceSha256))
      throw new Refusal('BAD_USER_INPUT', {
        message: note?.trim()
          ? 'evidenceSha256: MANUAL takes evidence.'
          : 'note: say why it is estimated so.',
        remedy:
          'The SHA-256 of the evidence is kept, the evidence stays with you (hub case estimate --evidence).',
      });
    const { meter, days } = await this.#estimate(held, asked);
    const rows = days.map((day) => ({
      ...storedOf(rowOf(day, method)),
      meter: meter.id,
      case_id: id,
      note,
      evidence_sha256: evidenceSha256 ?? null,
    }));
    await this.#write(STORE, [JSON.stringify(rows)]);
    await this.#cases.step('ESTIMATED', asked);
    return this.#inForce(
      meter.id,
      days.map(({ day }) => day.date),
    );
  }

  /** @throws Refusal NOT_FOUND, WRONG_STATE where nothing is in force or the case is closed, ROW_OUT_OF_REACH */
  async withdraw({ id, date, note }: WithdrawEstimateArguments): Promise<DayEstimate> {
    const held = await this.#cases.mustSee(id);
    this.#cases.mayStep('ESTIMATED', held);
    const [stands] = await this.#inForce(held.meter, [date]);
    if (!stands || stands.estimated === 0 || stands.caseId !== id)
      throw new Refusal('WRONG_STATE', {
        message: `The case has no estimate of ${date} in force.`,
        remedy: 'Meter.estimates lists those that there are, with withHistory those that were.',
      });
    await this.#write(WITHDRAW, [date, held.meter, id, note]);
    const [withdrawn] = await this.#inForce(held.meter, [date]);
    return withdrawn!;
  }

  async #estimate(
    held: QualityCase,
    asked: EstimateAsked,
  ): Promise<{ meter: MeterKnown; days: EstimatedDay[] }> {
    const meter = await KnownDays.meter(this.#session, held.meter);
    if (!meter?.isSeenAsMetered)
      throw new Refusal('ROW_OUT_OF_REACH', {
        rule: 'estimates/as-metered',
        message: `Estimating takes the values of ${held.meter} as they were metered, which you may not see.`,
        remedy: 'Ask for a scope that lets you read them: readings:read over its area, not limited to sums.',
      });
    const { from, to, method } = mustBeEstimable(asked, held, meter);
    const known = await KnownDays.load(this.#session, meter, held.rule, from, to);
    const stretch = stretchOf(meter, known, from, to);
    const { interval } = stretch.before;
    const earliest = shifted(from, -PROFILE_DAYS);
    const sources = {
      daysBefore: ({ date }: { date: string }, days: number) => {
        const before = shifted(date, -days);
        const day = before < earliest ? undefined : known.at(before, interval);
        return day?.version === null ? undefined : day;
      },
      isWorking: (date: string) => known.isWorking(date),
      given: givenOf(asked, stretch),
    };
    return { meter, days: estimate({ method, stretch, sources, least: known.least }) };
  }

  #drafted(row: EstimateRow, { id: meter, area, subject }: MeterKnown, caseId: string): Partial<DayEstimate> {
    const said = { note: null, evidenceSha256: null, recordedAt: null, supersededAt: null };
    const by = { estimatedBy: this.#session.grant.caller.tenant, version: 0, change: 'ESTIMATED' };
    return { ...row, ...said, ...by, meter, area, subject, caseId, granularity: 'AS_METERED' };
  }

  #inForce(meter: string, dates: string[]): Promise<DayEstimate[]> {
    return this.#session.entities(DayEstimate, IN_FORCE, [meter, dates]);
  }

  async #write(sql: string, parameters: unknown[]): Promise<void> {
    try {
      await this.#session.rows(sql, parameters);
    } catch (error) {
      if ((error as { constraint?: string }).constraint !== 'estimate_of_missing_values')
        throw asRefusal(error);
      throw new Refusal('CONFLICT', {
        message: 'Values of these days came meanwhile, and what was measured is not replaced.',
        remedy: 'Estimate again: what is still missing is made of what is there now.',
      });
    }
  }
}
