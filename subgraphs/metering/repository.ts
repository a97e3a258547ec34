import DataLoader from 'dataloader';
import { Refusal } from '../../gateway/errors.js';
import { areaPrefix } from '../../gateway/policy/areas.js';
import type { Page } from '../runtime/lists.js';
import { lookUp } from '../runtime/lookup.js';
import { inOrder, page, pages, PagesLoader } from '../runtime/pages.js';
import type { Session } from '../runtime/session.js';
import { upsert } from '../runtime/upsert.js';
import { Consumption, DayBlock, Meter } from './entities.js';
import type {
  ConsumptionArguments,
  DaysArguments,
  ItemPeriodArguments,
  MeterDaysArguments,
  MeterInput,
  MetersArguments,
  MetersWithinArguments,
  PeriodArguments,
} from './inputs.js';

const BY_ID = { by: ['id' as const] };
const BY_DAY = { by: ['date' as const, 'meter' as const] };
const MOST_METERS = 500;

export class MeterRepository {
  readonly #session: Session;

  /** Batches every meter asked for in one tick into one query; an unseen meter is null, as if absent. */
  readonly byId = new DataLoader<string, Meter | null>(async (ids) => {
    const rows = await this.#session.em.find(Meter, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (meter) => meter.id);
  });
  readonly ofBuilding = new PagesLoader<MetersWithinArguments, Page<Meter>>((keys, args) =>
    this.#within('building', keys, args),
  );
  readonly ofEnterprise = new PagesLoader<MetersWithinArguments, Page<Meter>>((keys, args) =>
    this.#within('subject', keys, args),
  );
  readonly ofParent = new PagesLoader<MetersWithinArguments, Page<Meter>>((keys, args) =>
    this.#within('parent', keys, args),
  );

  constructor(session: Session) {
    this.#session = session;
  }

  list({
    area,
    buildingId,
    enterpriseUscc,
    level,
    energyItem,
    ...request
  }: MetersArguments): Promise<Page<Meter>> {
    return page(this.#session, Meter, request, BY_ID, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'building', is: '=', value: buildingId },
      { property: 'subject', is: '=', value: enterpriseUscc },
      { property: 'level', is: '=', value: level },
      { property: 'energyItem', is: 'starts with', value: energyItem },
    ]);
  }

  /** Adds meters or changes those with the same id, all or none; place and owner come from the building or enterprise. */
  async register(inputs: MeterInput[]): Promise<Meter[]> {
    const { neighbours, grant } = this.#session;
    const buildings = await lookUp(
      neighbours,
      'buildings',
      inputs.flatMap(({ buildingId }) => buildingId ?? []),
    );
    const withoutBuilding = inputs.filter(({ buildingId }) => !buildingId);
    const enterprises = await lookUp(
      neighbours,
      'enterprises',
      withoutBuilding.flatMap(({ enterpriseUscc }) => enterpriseUscc ?? []),
    );
    const rows = inputs.map((input) => {
      const place = input.buildingId
        ? buildings.get(input.buildingId)
        : enterprises.get(input.enterpriseUscc ?? '');
      if (!place)
        throw new Refusal('BAD_USER_INPUT', { message: `${input.id}: give buildingId or enterpriseUscc.` });
      return {
        ...registration(input),
        area: place.area,
        subject: place.subject,
        platform: grant.caller.tenant,
      };
    });
    return upsert(this.#session, Meter, rows, 'id');
  }

  #within(
    property: 'building' | 'subject' | 'parent',
    keys: readonly string[],
    args: MetersWithinArguments,
  ): Promise<Page<Meter>[]> {
    const { level, energyItem, ...request } = args;
    return pages(this.#session, Meter, { property, keys }, request, BY_ID, [
      { property: 'level', is: '=', value: level },
      { property: 'energyItem', is: 'starts with', value: energyItem },
    ]);
  }
}

function registration(input: MeterInput): Partial<Meter> {
  return {
    id: input.id,
    name: input.name,
    building: input.buildingId ?? null,
    parent: input.parentId ?? null,
    level: input.level,
    energyItem: input.energyItem,
    unit: input.unit,
    intervalMinutes: input.intervalMinutes,
    timeZone: input.timeZone,
    externalScheme: input.externalScheme ?? null,
    externalValue: input.externalValue ?? null,
    installedOn: input.installedOn ?? null,
  };
}

/** A row of a sum: the key it belongs to, and its parts. */
interface SumRow {
  key: string;
  unit: string;
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

  /** Exact sums by key and unit; `where` has `$1`, the period `$2` and `$3`, what follows `$4`. */
  async #sums(
    key: string,
    where: string,
    first: [unknown],
    { from, to }: PeriodArguments,
    rest: unknown[] = [],
  ): Promise<Map<string, SumRow[]>> {
    period(from, to);
    const rows = await this.#session.rows<SumRow>(
      `select ${key} as key, meter.unit, trim_scale(sum(block.total * (10::numeric ^ -block.scale)))::text as total,
         count(distinct block.meter)::int as meters, count(*)::int as meter_days, sum(block.present)::int as present
       from metering.day_block as block join metering.meter as meter on meter.id = block.meter
       where block.date between $2::date and $3::date and block.present > 0 and ${where}
       group by 1, 2`,
      [...first, from, to, ...rest],
    );
    return Map.groupBy(rows, (row) => row.key);
  }
}

/** A class total is measured at the gate; a sub-item wherever it is metered. The total is never the sum of its parts. */
function itemClause(energyItem: string, parameter: number): string {
  const isClass = energyItem.endsWith('000');
  return `meter.energy_item = $${parameter}${isClass ? ' and meter.level = 1' : ''}`;
}

const LONGEST_PERIOD_DAYS = 3_700;

function period(from: string, to: string): { property: 'date'; is: '>=' | '<='; value: string }[] {
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
    energyItem,
    unit: row?.unit ?? null,
    total: row?.total ?? '0',
    meters: row?.meters ?? 0,
    meterDays: row?.meter_days ?? 0,
    present: row?.present ?? 0,
  };
}
