import { Refusal } from '../../../gateway/errors.js';
import { PagesLoader } from '../../runtime/pages.js';
import type { Session } from '../../runtime/session.js';
import type { Consumption } from '../entities.js';
import { byMonthAlone, keysByMonth } from '../rollups/by-month.js';
import { checkedDays } from '../rollups/periods.js';
import { type BalanceOf, BREAKDOWN, GATES } from './statements.js';
import type { EnergyBreakdown, EnergyPart, Remainder } from './entities.js';
import type { BreakdownArguments } from './inputs.js';

interface SumRow {
  unit: string;
  total: string;
  areas: string[];
  meters: number;
  meter_days: number;
  present: number;
}

/** A metered item; or, where it names a subject, what of the key’s figures is its. */
interface ItemRow extends SumRow {
  key: string;
  energy_item: string;
  part_of: string | null;
  is_counted: boolean;
  remainder: string | null;
  /** Units that could not be made one. */
  unlike: string[] | null;
  subject: string | null;
  area: string | null;
}

interface GateRow extends SumRow {
  energy_class: string;
  /** Null in a sum; else the row says how many values are of this area. */
  area: string | null;
}

export class BalanceRepository {
  readonly #session: Session;

  readonly ofBuilding = this.#breakdowns('building');
  readonly ofEnterprise = this.#breakdowns('owner');

  constructor(session: Session) {
    this.#session = session;
  }

  /** What came in at an enterprise's gates in a year, one a class and unit. */
  async gates(uscc: string, year: number): Promise<(Consumption & { energyItem: string; unit: string })[]> {
    if (year < 2000 || year > 2100) {
      throw new Refusal('BAD_USER_INPUT', { message: `year: must be 2000 to 2100, was ${year}` });
    }
    const span = { from: `${year}-01-01`, to: `${year}-12-31` };
    if ((await keysByMonth(this.#session, 'enterprise', [uscc], null)).size > 0) throw byMonthAlone(uscc);
    const rows = await this.#session.rows<GateRow>(GATES, [uscc, span.from, span.to]);
    for (const { area, present } of rows) if (area !== null) this.#tell(uscc, area, present);
    return rows
      .filter(({ area }) => area === null)
      .map((row) => ({ ...consumption(row, span, `${row.energy_class}000`), unit: row.unit }));
  }

  #breakdowns(key: BalanceOf): PagesLoader<BreakdownArguments, EnergyBreakdown> {
    return new PagesLoader(async (keys, args): Promise<(EnergyBreakdown | Error)[]> => {
      const { from, to, energyClass } = args;
      checkedDays({ from, to });
      if (!/^\d\d$/.test(energyClass)) {
        throw new Refusal('BAD_USER_INPUT', { message: `energyClass: two digits, was ${energyClass}` });
      }
      const of = key === 'owner' ? 'enterprise' : key;
      const untold = await keysByMonth(this.#session, of, keys, null);
      const rows = await this.#session.rows<ItemRow>(BREAKDOWN(key), [keys, from, to, energyClass]);
      for (const { subject, area, present } of rows) {
        if (subject !== null && area !== null) this.#tell(subject, area, present);
      }
      const byKey = Map.groupBy(
        rows.filter(({ subject }) => subject === null),
        (row) => row.key,
      );
      return keys.map((one) => (untold.has(one) ? byMonthAlone(one) : breakdown(byKey.get(one) ?? [], args)));
    });
  }

  #tell(subject: string, area: string, values: number): void {
    this.#session.disclosed({ category: 'readings', subject, area, values });
  }
}

function breakdown(rows: readonly ItemRow[], args: BreakdownArguments): EnergyBreakdown {
  const unlike = rows.find((row) => row.unlike)?.unlike;
  if (unlike) {
    const message = `Meters of different units (${unlike.join(', ')}) are not added up.`;
    throw new Refusal('BAD_USER_INPUT', { message });
  }
  const { from, to, energyClass } = args;
  const gate = rows.find(({ energy_item }) => energy_item === `${energyClass}000`);
  const parts = rows.filter((row) => row !== gate).map((row) => part(row, args));
  const total = gate ? consumption(gate, args, gate.energy_item) : null;
  return { from, to, energyClass, total, parts, remainder: gate ? remainder(gate, args) : null };
}

function part(row: ItemRow, args: BreakdownArguments): EnergyPart {
  const { energy_item: energyItem, part_of: partOf, is_counted: isCounted } = row;
  const used = consumption(row, args, energyItem);
  return { energyItem, partOf, isCounted, consumption: used, remainder: remainder(row, args) };
}

type Span = Pick<Consumption, 'from' | 'to'>;

function remainder(row: ItemRow, { from, to }: Span): Remainder | null {
  if (row.remainder === null) return null;
  return { amount: row.remainder, unit: row.unit, energyItem: row.energy_item, areas: row.areas, from, to };
}

function consumption(
  row: SumRow,
  { from, to }: Span,
  energyItem: string,
): Consumption & { energyItem: string } {
  const { unit, total, areas, meters, meter_days: meterDays, present } = row;
  return { from, to, energyItem, unit, total, areas, meters, meterDays, present };
}
