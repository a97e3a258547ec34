import { Refusal } from '../../../gateway/errors.js';
import { areaPrefix } from '../../../gateway/policy/areas.js';
import { checkedFirst, decodeCursor, encodeCursor, type Page, pageOf } from '../../runtime/lists.js';
import { PagesLoader } from '../../runtime/pages.js';
import type { Session } from '../../runtime/session.js';
import type { Consumption } from '../entities.js';
import { EstimatedSums, type PartOf } from '../estimates/sums/repository.js';
import { byMonthAlone, isByMonth, isWholeMonths, keysByMonth } from './by-month.js';
import type { ConsumptionPeriod } from './entities.js';
import type {
  AreaSeriesArguments,
  AreaSumArguments,
  ItemSeriesArguments,
  ItemSumArguments,
  MeterSumArguments,
  SeriesArguments,
} from './inputs.js';
import { type Manner, metersStatement, type Of, sumsStatement } from './parts.js';
import { checkedDays, type Days, type Period, periodsOf, spansOf, type Step } from './periods.js';
import { checkCounts } from './whole-number.js';

interface Asked extends Days {
  energyItem?: string;
  asOf?: string | null;
  withEstimates?: boolean | null;
}

/** A row of a sum: the key and the period it belongs to, and its parts; or, where it names a subject, what of the sum is its. */
interface SumRow {
  key: string;
  from: string | null;
  hour: number | null;
  unit: string;
  subject: string | null;
  area: string | null;
  total: string;
  meterDays: number;
  present: number;
  due: number;
  wholeDays: number;
  energyItem: string;
}

interface Sums {
  rows: SumRow[];
  areas: string[];
}

type Loader<Arguments extends object, Value> = PagesLoader<Arguments, Value>;

/** Everything one has to be loaded for at once: its sum, its series, and how many meters a sum is of. */
interface Loaders<Sum extends Asked, Series extends SeriesArguments> {
  sum: Loader<Sum, Consumption>;
  series: Loader<Series, Page<ConsumptionPeriod>>;
}

export class ConsumptionRepository {
  readonly #session: Session;
  readonly ofMeter = this.#loaders<MeterSumArguments, SeriesArguments>('meter');
  readonly ofBuilding = this.#loaders<ItemSumArguments, ItemSeriesArguments>('building');
  readonly ofEnterprise = this.#loaders<ItemSumArguments, ItemSeriesArguments>('enterprise');
  readonly #ofArea = this.#loaders<ItemSumArguments, ItemSeriesArguments>('area');

  constructor(session: Session) {
    this.#session = session;
  }

  /** The area is an argument, too: each is summed by a statement of its own. */
  async ofArea(args: AreaSumArguments): Promise<Consumption> {
    return this.#ofArea.sum.load(args.area ? areaPrefix(args.area) : '', args);
  }

  async seriesOfArea(args: AreaSeriesArguments): Promise<Page<ConsumptionPeriod>> {
    return this.#ofArea.series.load(args.area ? areaPrefix(args.area) : '', args);
  }

  #loaders<Sum extends Asked, Series extends SeriesArguments & { energyItem?: string }>(
    of: Of,
  ): Loaders<Sum, Series> {
    const meters = new PagesLoader<Sum, number>((keys, args) => this.#meters(of, keys, args));
    return {
      sum: new PagesLoader((keys, args) => this.#sum(of, keys, args, meters)),
      series: new PagesLoader((keys, args) => this.#series(of, keys, args)),
    };
  }

  async #sum<Sum extends Asked>(
    of: Of,
    keys: readonly string[],
    args: Sum,
    meters: Loader<Sum, number>,
  ): Promise<(Consumption | Error)[]> {
    const untold = await this.#untold(of, keys, null, args);
    const sums = await this.#sums(of, keys, null, args, spansOf(checkedDays(args)));
    const estimates = await this.#estimates(of, keys, null, args);
    return keys.map((key) => {
      if (untold.has(key)) return byMonthAlone(named(of, key));
      const { rows, areas } = sums(key);
      const [row] = ofOneUnit(rows);
      const part = estimates?.(key, args.from, row?.unit);
      return {
        from: args.from,
        to: args.to,
        energyItem: args.energyItem ?? row?.energyItem ?? null,
        unit: row?.unit ?? part?.unit ?? null,
        total: row?.total ?? '0',
        ...(part && { estimates: part }),
        meters: () => (row ? meters.load(key, args) : 0),
        meterDays: row?.meterDays ?? 0,
        present: row?.present ?? 0,
        areas,
      };
    });
  }

  async #series(
    of: Of,
    keys: readonly string[],
    { first, after, step, ...args }: SeriesArguments & Asked,
  ): Promise<(Page<ConsumptionPeriod> | Error)[]> {
    const list = `ConsumptionPeriod.${step}`;
    const begun = after ? String(decodeCursor(after, list, 1)[0]) : '';
    const wanted = periodsOf(step, checkedDays(args))
      .filter((period) => startOf(period) > begun)
      .slice(0, checkedFirst(first) + 1);
    const [earliest, latest] = [wanted[0], wanted.at(-1)];
    if (!earliest || !latest) return keys.map(() => pageOf<ConsumptionPeriod>([], first, () => ''));
    const days = { from: earliest.from, to: latest.to };
    const untold = await this.#untold(of, keys, step, { ...args, ...days });
    const isFine = step === 'HOUR' || step === 'DAY';
    const spans = isFine ? { months: null, days: [days, null] as [Days, null] } : spansOf(days);
    const sums = await this.#sums(of, keys, step, { ...args, ...days }, spans);
    const estimates = await this.#estimates(of, keys, step, { ...args, ...days });
    return keys.map((key) => {
      if (untold.has(key)) return byMonthAlone(named(of, key));
      const { rows } = sums(key);
      ofOneUnit(rows);
      const byStart = Map.groupBy(rows, startOf);
      const periods = wanted.map((period) => {
        const measured = told(period, byStart.get(startOf(period)) ?? []);
        const part = estimates?.(key, startOf(period), measured.unit);
        return part ? { ...measured, unit: measured.unit ?? part.unit, estimates: part } : measured;
      });
      return pageOf(periods, first, (period) => encodeCursor(list, [startOf(period)]));
    });
  }

  /** Whose readings went into the sums is counted by the statement that makes them. */
  async #sums(
    of: Of,
    keys: readonly string[],
    step: Step | null,
    asked: Asked,
    spans: ReturnType<typeof spansOf>,
  ): Promise<(key: string) => Sums> {
    const rows = await this.#session.rows<SumRow>(
      sumsStatement(of, step, this.#manner(asked)),
      parameters(keys, asked, spans),
    );
    for (const { subject, area, present, due } of rows) {
      checkCounts(present, due);
      if (subject !== null && area !== null)
        this.#session.disclosed({ category: 'readings', subject, area, values: present });
    }
    const byKey = Map.groupBy(rows, ({ key }) => key);
    return (key) => {
      // The one key of an area is not its prefix: the statement has one for all.
      const found = byKey.get(of === 'area' ? 'all' : key) ?? [];
      const areas = [...new Set(found.flatMap(({ area }) => area ?? []))];
      return { rows: found.filter(({ subject }) => subject === null), areas };
    };
  }

  /** What was estimated beside the sums, where it is asked for. */
  async #estimates(of: Of, keys: readonly string[], step: Step | null, asked: Asked): Promise<PartOf | null> {
    if (!asked.withEstimates) return null;
    const bound = parameters(keys, asked, { months: null, days: [null, null] });
    return new EstimatedSums(this.#session).of(of, step, this.#isAsOf(asked), bound);
  }

  async #meters(of: Of, keys: readonly string[], asked: Asked): Promise<number[]> {
    const rows = await this.#session.rows<{ key: string; meters: number }>(
      metersStatement(of, this.#manner(asked)),
      parameters(keys, asked, spansOf(asked)),
    );
    return keys.map((key) => rows.find((row) => of === 'area' || row.key === key)?.meters ?? 0);
  }

  /** Keys of which what is asked may not be told. */
  async #untold(of: Of, keys: readonly string[], step: Step | null, asked: Asked): Promise<Set<string>> {
    if (isWholeMonths(step, asked)) return new Set();
    return keysByMonth(this.#session, of, keys, asked.energyItem ?? null);
  }

  #manner(asked: Asked): Manner {
    return { isAsOf: this.#isAsOf(asked), isByMonth: isByMonth(this.#session) };
  }

  #isAsOf({ asOf }: Asked): boolean {
    if (!asOf) return false;
    if (Date.parse(asOf) <= Date.now()) return true;
    throw new Refusal('BAD_USER_INPUT', { message: `asOf: ${asOf} has not come yet.` });
  }
}

function parameters(
  keys: readonly string[],
  { energyItem, from, to, asOf }: Asked,
  { months, days: [before, after] }: ReturnType<typeof spansOf>,
): unknown[] {
  const bounds = [months, before, after].flatMap((span) => [span?.from ?? null, span?.to ?? null]);
  return [keys, energyItem ?? null, from, to, asOf ?? null, ...bounds];
}

/** @throws Refusal BAD_USER_INPUT where quantities of several units would be added up. */
function ofOneUnit(rows: SumRow[]): SumRow[] {
  const summed = rows.filter(({ present }) => present > 0);
  const units = new Set(summed.map(({ unit }) => unit));
  if (units.size <= 1) return summed;
  throw new Refusal('BAD_USER_INPUT', {
    message: `Meters of different units (${[...units].join(', ')}) are not added up.`,
  });
}

function named(of: Of, key: string): string {
  return of === 'area' ? 'this area' : key;
}

function startOf({ from, hour }: { from: string | null; hour: number | null }): string {
  return hour === null ? String(from) : `${from}T${String(hour).padStart(2, '0')}`;
}

/** Rows of a period: one with values, and one for each further unit of which there are none. */
function told(period: Period, rows: SumRow[]): ConsumptionPeriod {
  const [summed] = ofOneUnit(rows);
  const { unit = null, total = null, present = 0 } = summed ?? {};
  const all = (amount: 'due' | 'wholeDays'): number => rows.reduce((sum, row) => sum + row[amount], 0);
  return { ...period, unit, total, present, due: all('due'), wholeDays: all('wholeDays') };
}
