import { Refusal } from '../../../../gateway/errors.js';
import { areaPrefix } from '../../../../gateway/policy/areas.js';
import type { Page } from '../../../runtime/lists.js';
import { page } from '../../../runtime/pages.js';
import type { Session } from '../../../runtime/session.js';
import { checkCounts } from '../../rollups/whole-number.js';
import { MeterFindingCount, MissingMeterDay } from './entities.js';
import { type MeterFindingCountsArguments, type MissingMeterDaysArguments, MOST_METERS } from './inputs.js';

/** Of whose meters findings were counted; a meter that changed hands has a row for each owner. */
const COUNTS = `
  with of_meter as (
    select meter, subject, area, count(*) as count from metering.finding
    where superseded_at is null and last_date >= $1 and date <= $2 and ($3::text is null or subject = $3)
      and ($4::text is null or starts_with(area, $4))
    group by meter, subject, area
  ), most as (
    select meter, sum(count) as count from of_meter group by meter order by 2 desc, 1 limit $5
  )
  select meter, subject, area, of_meter.count::float8 as count, most.count::float8 as total
  from most join of_meter using (meter) order by total desc, meter, subject, area`;

interface Row {
  meter: string;
  subject: string;
  area: string;
  count: number;
  total: number;
}

/** Which meters the rules found most of, and which sent nothing of a day. */
export class MeterQualityRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The meters with most findings, of all findings in reach. @throws Refusal BAD_USER_INPUT, QUERY_TOO_WIDE */
  async counts(args: MeterFindingCountsArguments): Promise<MeterFindingCount[]> {
    const { from, to, enterpriseUscc, area, most } = args;
    if (!Number.isInteger(most) || most < 1 || most > MOST_METERS)
      throw new Refusal('BAD_USER_INPUT', { message: `most: must be 1 to ${MOST_METERS}, was ${most}` });
    const prefix = area ? areaPrefix(area) : null;
    const rows = await this.#session.rows<Row>(COUNTS, [from, to, enterpriseUscc ?? null, prefix, most]);
    for (const { subject, area: of, count } of rows)
      this.#session.disclosed({ category: 'quality', subject, area: of, values: count });
    const totals = new Map(rows.map(({ meter, total }) => [meter, total]));
    checkCounts(...totals.values());
    return [...totals].map(([meterId, count]) => Object.assign(new MeterFindingCount(), { meterId, count }));
  }

  /** By the counts of the night: a day that it has not judged has none. */
  missing({ date, area, ...request }: MissingMeterDaysArguments): Promise<Page<MissingMeterDay>> {
    return page(this.#session, MissingMeterDay, request, { by: ['date', 'meter'] }, [
      { property: 'date', is: '=', value: date },
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'version', is: 'is null', value: true },
    ]);
  }
}
