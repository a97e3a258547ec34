import { Refusal } from '../../../../gateway/errors.js';
import { areaPrefix } from '../../../../gateway/policy/areas.js';
import { mustBeArea } from '../../../runtime/areas.js';
import type { Page, PageArguments } from '../../../runtime/lists.js';
import { page } from '../../../runtime/pages.js';
import { asRefusal, type Session } from '../../../runtime/session.js';
import { AccessState, type AccessUnit } from '../entities.js';
import { countOf, figuresOf, share } from '../figures/count.js';
import { dueAfter, lastClosedDay, lastQuarter, type Quarter, quarterOf, todayInChina } from '../quarters.js';
import { pageIn, type ProgressRepository } from '../repository.js';
import { settingFor, targetsFor } from '../targets/choice.js';
import type { AccessTarget } from '../targets/entities.js';
import type { TargetRepository } from '../targets/repository.js';
import { AccessReport, AccessReportDue, AccessReportVersion, AccessTargetState } from './entities.js';
import type { AccessReportArguments, AccessReportsDueArguments, SubmittedReportArguments } from './inputs.js';

const LAST_FIRST = { by: ['area' as const, 'quarter' as const, 'version' as const], descending: true };
const LONGEST_TEXT = 10_000;
const TEXTS = ['supervision', 'problems', 'suggestions'] as const;

/** Districts with key units in reach whose report is not there; a district's own code or any above it may be asked for. */
const DUE = `
  select area, array_agg(uscc) as units from enterprises.key_unit
  where starts_with(area, $1)
    and area not in (select enterprises.handed_in($2))
  group by area order by area collate "C"`;

const SUBMIT = `
  insert into enterprises.access_report (area, quarter, supervision, problems, suggestions, figures, due_on)
  values ($1, $2, $3, $4, $5, $6::jsonb, $7) returning *`;

export class ReportRepository {
  readonly #session: Session;
  readonly #progress: ProgressRepository;
  readonly #targets: TargetRepository;
  readonly #now = new Date();

  constructor(session: Session, progress: ProgressRepository, targets: TargetRepository) {
    this.#session = session;
    this.#progress = progress;
    this.#targets = targets;
  }

  /** @throws Refusal BAD_USER_INPUT */
  async report({ area, quarter: name }: AccessReportArguments): Promise<AccessReport> {
    const quarter = quarterOf(name, this.#now);
    const units = await this.#progress.units(area, quarter);
    const asOf = this.#progress.dayOf(quarter);
    const { targets } = await this.#targets.known();
    return Object.assign(new AccessReport(), {
      area,
      quarter: quarter.name,
      from: quarter.from,
      to: quarter.to,
      asOf,
      dueOn: await this.#dueOn(area, quarter),
      total: countOf(units, area, null, asOf),
      figures: figuresOf(units, asOf),
      targets: targetsFor(targets, area).map((target) =>
        stateOf(target, units, lastClosedDay(asOf, '0', this.#now)),
      ),
    });
  }

  /** Of a report's units those that are meant. */
  async unitsOf(
    { area, quarter }: AccessReport,
    request: PageArguments,
    isMeant: (unit: AccessUnit) => boolean,
  ): Promise<Page<AccessUnit>> {
    const units = await this.#progress.units(area, quarterOf(quarter, this.#now));
    return pageIn('AccessUnit', units.filter(isMeant), request, ({ uscc }) => uscc);
  }

  async versions(
    { area, quarter }: AccessReport,
    request: PageArguments,
  ): Promise<Page<AccessReportVersion>> {
    return page(this.#session, AccessReportVersion, request, LAST_FIRST, [
      { property: 'area', is: '=', value: area },
      { property: 'quarter', is: '=', value: quarter },
    ]);
  }

  /**
   * Adds a version with the figures as they are now; earlier ones stay.
   *
   * @throws Refusal BAD_USER_INPUT, WRONG_STATE before the quarter is over, ROW_OUT_OF_REACH
   */
  async submit(args: SubmittedReportArguments): Promise<AccessReportVersion> {
    const quarter = quarterOf(args.quarter, this.#now);
    if (!quarter.isOver) {
      throw new Refusal('WRONG_STATE', {
        message: `${quarter.name} is not over: it ends on ${quarter.to}.`,
        remedy: 'accessReport shows its figures; hand the report in after that day.',
      });
    }
    const wrong = TEXTS.find((name) => args[name].trim() === '' || args[name].length > LONGEST_TEXT);
    if (wrong) {
      throw new Refusal('BAD_USER_INPUT', {
        message: `${wrong}: 1 to ${LONGEST_TEXT} characters, was ${args[wrong].length}.`,
        remedy: 'Write 无 where there is nothing to say.',
      });
    }
    const { area, figures, dueOn } = await this.report(args);
    const { supervision, problems, suggestions } = args;
    try {
      const [version] = await this.#session.entities(AccessReportVersion, SUBMIT, [
        ...[area, quarter.name, supervision, problems, suggestions, JSON.stringify(figures), dueOn],
      ]);
      return version!;
    } catch (error) {
      throw asRefusal(error);
    }
  }

  async due({ area, quarter: name, ...request }: AccessReportsDueArguments): Promise<Page<AccessReportDue>> {
    const quarter = name ? quarterOf(name, this.#now) : lastQuarter(this.#now);
    if (area) mustBeArea(area);
    const rows = await this.#session.rows<{ area: string; units: string[] }>(DUE, [
      area ? areaPrefix(area) : '',
      quarter.name,
    ]);
    const today = todayInChina(this.#now);
    const due = await Promise.all(
      rows.map(async ({ area: district, units }) => {
        for (const subject of units)
          this.#session.disclosed({ category: 'enterprises', subject, area: district, values: 0 });
        const dueOn = await this.#dueOn(district, quarter);
        const told = { area: district, quarter: quarter.name, dueOn, isOverdue: dueOn < today };
        return Object.assign(new AccessReportDue(), told, { units: units.length });
      }),
    );
    return pageIn('AccessReportDue', due, request, (row) => row.area);
  }

  async #dueOn(area: string, quarter: Quarter): Promise<string> {
    const { settings } = await this.#targets.known();
    return dueAfter(quarter, Number(settingFor(settings, 'REPORT_DUE_DAY', area)));
  }
}

/** @param over the last day that is over, of those looked at. */
function stateOf(target: AccessTarget, units: readonly AccessUnit[], over: string): AccessTargetState {
  const ofClass = units.filter(({ unitClass }) => unitClass === target.unitClass);
  const uploading = ofClass.filter(({ state }) => state === AccessState.UPLOADING).length;
  return Object.assign(new AccessTargetState(), {
    target,
    toConnect: ofClass.length,
    uploading,
    reached: share(uploading, ofClass.length),
    isPast: target.until <= over,
    isMet: isMet(target, uploading, ofClass.length),
  });
}

function isMet({ share: wanted, units }: AccessTarget, uploading: number, all: number): boolean {
  return units === null ? uploading * 100 >= Number(wanted) * all : uploading >= units;
}
