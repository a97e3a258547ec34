import { Refusal } from '../../../../gateway/errors.js';
import type { Session } from '../../../runtime/session.js';
import type { Of } from '../../rollups/parts.js';
import type { Step } from '../../rollups/periods.js';
import type { EstimatedPart } from './entities.js';
import { estimatesStatement, gapsStatement } from './statements.js';

/** A row of a sum; or, where it names a subject, what of the sum is its. */
interface EstimateSum {
  key: string;
  from: string | null;
  hour: number | null;
  unit: string;
  subject: string | null;
  area: string | null;
  total: string;
  replacedTotal: string;
  values: number;
}

interface GapSum {
  key: string;
  from: string;
  days: number;
}

/** What was estimated of a key in a period, which its first day names, and by hours the hour. */
export type PartOf = (key: string, start: string, measuredUnit: string | null | undefined) => EstimatedPart;

export class EstimatedSums {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** @param bound parameters as the statements of sums take them. */
  async of(of: Of, step: Step | null, isAsOf: boolean, bound: unknown[]): Promise<PartOf> {
    const rows = await this.#session.rows<EstimateSum>(estimatesStatement(of, step, isAsOf), bound);
    for (const { subject, area, values } of rows)
      if (subject !== null && area !== null)
        this.#session.disclosed({ category: 'readings', subject, area, values });
    const sums = Map.groupBy(
      rows.filter(({ subject }) => subject === null),
      ({ key, from, hour }) => `${key} ${from}${hour === null ? '' : `T${String(hour).padStart(2, '0')}`}`,
    );
    let gaps: Promise<Set<string>> | undefined;
    const asked = (): Promise<Set<string>> => (gaps ??= this.#gaps(of, step, isAsOf, bound));
    return (wanted, start, measuredUnit) => {
      // The one key of an area is not its prefix: the statement has one for all.
      const key = of === 'area' ? 'all' : wanted;
      const sum = ofOneUnit(sums.get(`${key} ${start}`) ?? [], measuredUnit);
      return {
        unit: sum?.unit ?? null,
        total: sum?.total ?? '0',
        replacedTotal: sum?.replacedTotal ?? '0',
        values: sum?.values ?? 0,
        isComplete: async () => !(await asked()).has(`${key} ${start.slice(0, 10)}`),
      };
    };
  }

  async #gaps(of: Of, step: Step | null, isAsOf: boolean, bound: unknown[]): Promise<Set<string>> {
    const rows = await this.#session.rows<GapSum>(gapsStatement(of, step, isAsOf), bound);
    return new Set(rows.map(({ key, from }) => `${key} ${from}`));
  }
}

/** @throws Refusal BAD_USER_INPUT where quantities of several units would be added up. */
function ofOneUnit(rows: EstimateSum[], measuredUnit: string | null | undefined): EstimateSum | undefined {
  const units = new Set([...rows.map(({ unit }) => unit), ...(measuredUnit ? [measuredUnit] : [])]);
  if (units.size <= 1) return rows[0];
  throw new Refusal('BAD_USER_INPUT', {
    message: `Meters of different units (${[...units].join(', ')}) are not added up.`,
  });
}
