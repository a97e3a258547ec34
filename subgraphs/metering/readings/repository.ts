import { Refusal } from '../../../gateway/errors.js';
import { areaPrefix } from '../../../gateway/policy/areas.js';
import type { Page } from '../../runtime/lists.js';
import { page, pages, PagesLoader } from '../../runtime/pages.js';
import type { Session } from '../../runtime/session.js';
import { type Consumption, DayBlock } from '../entities.js';
import type {
  ConsumptionArguments,
  DaysArguments,
  ItemPeriodArguments,
  MeterDaysArguments,
  PeriodArguments,
} from '../inputs.js';

const BY_DAY = { by: ['date' as const, 'meter' as const] };
const MOST_METERS = 500;

/** A row of a sum: the key it belongs to, and its parts; or, where it names a subject, what of the sum is its. */
interface SumRow {
  key: string;
  unit: string;
  energy_item: string;
  areas: string[];
  subject: string | null;
  area: string | null;
  total: string;
  meters: number;
  meter_days: number;
  present: number;
}

export class ReadingRepository {
  readonly #session: Session;

  readonly daysOf = new PagesLoader<DaysArguments, Page<DayBlock>>(async (meters, { from, to, ...request }) =>
    pages(this.#session, DayBlock, { property: 'meter', keys: meters }, request, BY_DAY, period(from, to)),
  );
  readonly consumptionOfMeter = new PagesLoader<PeriodArguments, Consumption>(async (meters, args) => {
    const sums = await this.#sums('block.meter', 'block.meter = any($1)', [meters], args);
    return meters.map((meter) => consumption(sums.get(meter) ?? [], args, null));
  });
  readonly consumptionOfBuilding = new PagesLoader<ItemPeriodArguments, Consumption>(
    async (buildings, args) => {
      const sums = await this.#sums(
        'meter.building',
        `meter.building = any($1) and ${itemClause(args.energyItem, 4)}`,
        [buildings],
        args,
        [args.energyItem],
      );
      return buildings.map((building) => consumption(sums.get(building) ?? [], args, args.energyItem));
    },
  );

  constructor(session: Session) {
    this.#session = session;
  }

  async days({ meters, from, to, ...request }: MeterDaysArguments): Promise<Page<DayBlock>> {
    if (meters && meters.length > MOST_METERS) {
      throw new Refusal('BAD_USER_INPUT', {
        message: `meters: at most ${MOST_METERS}, were ${meters.length}.`,
      });
    }
    return page(this.#session, DayBlock, request, BY_DAY, [
      ...period(from, to),
      { property: 'meter', is: 'in', value: meters },
    ]);
  }

  async consumption(args: ConsumptionArguments): Promise<Consumption> {
    const prefix = args.area ? areaPrefix(args.area) : '';
    const where = `starts_with(meter.area, $1) and ${itemClause(args.energyItem, 4)}`;
    const sums = await this.#sums(`'all'::text`, where, [prefix], args, [args.energyItem]);
    return consumption(sums.get('all') ?? [], args, args.energyItem);
  }

  /**
   * Exact sums by key and unit; `where` has `$1`, the period `$2` and `$3`, what follows `$4`. Whose readings went
   * into them is counted by the same statement.
   */
  async #sums(
    key: string,
    where: string,
    first: [unknown],
    { from, to }: PeriodArguments,
    rest: unknown[] = [],
  ): Promise<Map<string, SumRow[]>> {
    period(from, to);
    const rows = await this.#session.rows<SumRow>(
      `select ${key} as key, meter.unit, block.subject, block.area, trim_scale(sum(block.total * (10::numeric ^ -block.scale)))::text as total,
         count(distinct block.meter)::int as meters, count(*)::int as meter_days, sum(block.present)::int as present,
         min(meter.energy_item) as energy_item, array_agg(distinct block.area) as areas
       from metering.visible_day as block join metering.meter as meter on meter.id = block.meter
       where block.date between $2::date and $3::date and block.present > 0 and ${where}
       group by grouping sets ((1, 2), (1, 2, 3, 4))`,
      [...first, from, to, ...rest],
    );
    for (const { subject, area, present } of rows) {
      if (subject !== null && area !== null) {
        this.#session.disclosed({ category: 'readings', subject, area, values: present });
      }
    }
    const sums = rows.filter(({ subject }) => subject === null);
    return Map.groupBy(sums, (row) => row.key);
  }
}

/** A class total is measured at the gate; a sub-item wherever it is metered. The total is never the sum of its parts. */
function itemClause(energyItem: string, parameter: number): string {
  const isClass = energyItem.endsWith('000');
  return `meter.energy_item = $${parameter}${isClass ? ' and meter.level = 1' : ''}`;
}

const LONGEST_PERIOD_DAYS = 3_700;

/** @throws Refusal BAD_USER_INPUT for a period that ends before it begins, or is too long. */
export function period(from: string, to: string): { property: 'date'; is: '>=' | '<='; value: string }[] {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  if (days < 0) throw new Refusal('BAD_USER_INPUT', { message: `from ${from} is after to ${to}.` });
  if (days > LONGEST_PERIOD_DAYS)
    throw new Refusal('BAD_USER_INPUT', { message: 'A period is at most ten years.' });
  return [
    { property: 'date', is: '>=', value: from },
    { property: 'date', is: '<=', value: to },
  ];
}

function consumption(rows: SumRow[], { from, to }: PeriodArguments, energyItem: string | null): Consumption {
  if (rows.length > 1) {
    const units = rows.map(({ unit }) => unit).join(', ');
    throw new Refusal('BAD_USER_INPUT', {
      message: `Meters of different units (${units}) are not added up.`,
    });
  }
  const [row] = rows;
  return {
    from,
    to,
    energyItem: energyItem ?? row?.energy_item ?? null,
    unit: row?.unit ?? null,
    total: row?.total ?? '0',
    meters: row?.meters ?? 0,
    meterDays: row?.meter_days ?? 0,
    present: row?.present ?? 0,
    areas: row?.areas ?? [],
  };
}
