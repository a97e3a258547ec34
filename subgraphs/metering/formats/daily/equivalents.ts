import type { BulkSession } from '../../../runtime/bulk.js';

interface Range {
  low: bigint;
  high: bigint;
}

/** Places of a coefficient; a value has four and their product thirteen. */
const COEFFICIENT_PLACES = 9;
const VALUE_PLACES = 4;
const ROUNDING = 10n ** BigInt(COEFFICIENT_PLACES);

/** What a quantity may come to in standard coal, by energy class: every coefficient of every edition and basis. */
export class Equivalents {
  readonly #ranges: Map<string, Range[]>;

  private constructor(ranges: Map<string, Range[]>) {
    this.#ranges = ranges;
  }

  static async load(session: BulkSession): Promise<Equivalents> {
    const { rows } = await session.transaction((client) =>
      client.query<{ energy_class: string; low: string; high: string }>(
        `select energy_class, low::text, high::text from metering.class_energy
         join (select energy, low, high from metering.coal_coefficient
               union all select energy, low, high from metering.equal_value_coefficient) as coefficient using (energy)`,
      ),
    );
    const ranges = Map.groupBy(rows, (row) => row.energy_class);
    const ofRow = ({ low, high }: { low: string; high: string }): Range => ({
      low: scaled(low, COEFFICIENT_PLACES) ?? 0n,
      high: scaled(high, COEFFICIENT_PLACES) ?? 0n,
    });
    return new Equivalents(new Map([...ranges].map(([key, found]) => [key, found.map(ofRow)])));
  }

  /** Whether an equivalent is one of a quantity; undefined where nothing is known of the class, or no number is given. */
  agrees(item: string, value: string, equivalent: string): boolean | undefined {
    const ranges = this.#ranges.get(item.slice(0, 2));
    const quantity = scaled(value, VALUE_PLACES);
    const said = scaled(equivalent, VALUE_PLACES);
    if (!ranges || quantity === undefined || said === undefined) return undefined;
    const amount = said * ROUNDING;
    return ranges.some(({ low, high }) => {
      const [least, most] =
        quantity < 0n ? [quantity * high, quantity * low] : [quantity * low, quantity * high];
      return amount >= least - ROUNDING && amount <= most + ROUNDING;
    });
  }
}

/** A decimal as an integer of so many places; undefined where it has more, or is none. */
function scaled(text: string, places: number): bigint | undefined {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d{0,12}))?$/.exec(text) ?? [];
  const digits = fraction.replace(/0+$/, '');
  if (whole === '' || digits.length > places) return undefined;
  return BigInt(`${sign}${whole}${digits.padEnd(places, '0')}`);
}
