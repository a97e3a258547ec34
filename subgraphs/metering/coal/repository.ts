import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import { areaPrefix, isAreaCode } from '../../../gateway/policy/areas.js';
import type { Page } from '../../runtime/lists.js';
import { page } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import {
  type Amount,
  type Asked,
  chosen,
  type CoalTables,
  energyOf,
  factorsOf,
  type UnitFactor,
} from './choice.js';
import { CoalCoefficient, type CoalEquivalent } from './entities.js';
import type { CoalCoefficientInput, CoalCoefficientsArguments } from './inputs.js';

const BY_ID = { by: ['id' as const] };
const KGCE_A_TCE = 1000;

interface Question {
  amount: Amount;
  asked: Asked;
}

/** What is to be multiplied: total × factor / base × coefficient. */
interface Product {
  coefficient: CoalCoefficient;
  total: string;
  factor: string;
  base: string;
}

interface TablesRow {
  classes: { energy_class: string; energy: string | null; note: string | null }[];
  energies: { code: string; unit: string; name_zh: string }[];
  units: UnitFactor[];
}

export class CoalRepository {
  readonly #session: Session;
  #tables: Promise<CoalTables> | undefined;

  /** Batches all amounts of one tick: coefficients in one statement, products in another. */
  readonly #equivalents = new DataLoader<Question, CoalEquivalent>(
    async (questions) => {
      const products = await this.#products(questions);
      const sound = products.filter((product): product is Product => !(product instanceof Error));
      const values = await this.#multiplied(sound);
      const found = sound.map((product, place) => [product, values[place]!] as const);
      const byProduct = new Map<Product | Error, { low: string; high: string }>(found);
      return products.map((product, place) => {
        const value = byProduct.get(product);
        if (product instanceof Error || !value) return product as Error;
        return equivalent(product.coefficient, value, questions[place]!.asked);
      });
    },
    { cache: false },
  );

  constructor(session: Session) {
    this.#session = session;
  }

  /** @throws Refusal COEFFICIENT_MISSING, BAD_USER_INPUT */
  equivalent(amount: Amount, asked: Asked): Promise<CoalEquivalent> {
    return this.#equivalents.load({ amount, asked });
  }

  list({ area, energy, year, ...request }: CoalCoefficientsArguments): Promise<Page<CoalCoefficient>> {
    return page(this.#session, CoalCoefficient, request, BY_ID, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'energy', is: '=', value: energy },
      { property: 'year', is: '=', value: year },
    ]);
  }

  /**
   * Adds the next version of an area's coefficient for a year; earlier ones stay.
   *
   * @throws Refusal ROW_OUT_OF_REACH, BAD_USER_INPUT
   */
  async add(input: CoalCoefficientInput): Promise<CoalCoefficient> {
    const { area, energy, year, value, source } = input;
    const tables = await this.#loadTables();
    const wrong = !isAreaCode(area)
      ? `area: ${area} is no code of GB/T 2260.`
      : !tables.energies.has(energy)
        ? `energy: ${energy} is not in the table; coalCoefficients lists those that are.`
        : undefined;
    if (wrong) throw new Refusal('BAD_USER_INPUT', { message: wrong });
    try {
      const [added] = await this.#session.rows<{ edition: string }>(
        `insert into metering.area_coefficient (area, energy, year, value, source)
         values ($1, $2, $3::bigint::smallint, $4::numeric, $5) returning edition`,
        [area, energy, year, value, source],
      );
      const [known] = await this.#known([energy], added!.edition);
      return known!;
    } catch (error) {
      throw asRefusal(error);
    }
  }

  /** Exact sums of decimals, a list each. */
  async sums(lists: readonly (readonly string[])[]): Promise<string[]> {
    const rows = await this.#session.rows<{ total: string }>(
      `select trim_scale(coalesce(sum(value::numeric), 0))::text as total
       from jsonb_array_elements($1::jsonb) with ordinality as list (terms, place)
       left join lateral jsonb_array_elements_text(terms) as value on true group by place order by place`,
      [JSON.stringify(lists)],
    );
    return rows.map(({ total }) => total);
  }

  async #products(questions: readonly Question[]): Promise<(Product | Error)[]> {
    const tables = await this.#loadTables();
    const energies = questions.map(({ amount, asked }) => refusedOr(() => energyOf(amount, asked, tables)));
    const wanted = [...new Set(energies.filter((energy) => typeof energy === 'string'))];
    const known = Map.groupBy(await this.#known(wanted), ({ energy }) => energy);
    return questions.map(({ amount, asked }, place) => {
      const energy = energies[place]!;
      if (typeof energy !== 'string') return energy;
      return refusedOr(() => {
        const factors = factorsOf(amount, energy, tables);
        return {
          coefficient: chosen(known.get(energy) ?? [], amount, asked, energy),
          total: amount.total,
          ...factors,
        };
      });
    });
  }

  /** Multiplied first and divided once; the long constant keeps the division exact beyond the last place that is told. */
  async #multiplied(products: readonly Product[]): Promise<{ low: string; high: string }[]> {
    if (products.length === 0) return [];
    const by = (end: string): string =>
      `trim_scale(round(total * factor * ${end} * 1.000000000000000000 / (base * ${KGCE_A_TCE}), 9))`;
    return this.#session.rows(
      `select least(${by('low')}, ${by('high')})::text as low, greatest(${by('low')}, ${by('high')})::text as high
       from unnest($1::numeric[], $2::numeric[], $3::numeric[], $4::numeric[], $5::numeric[]) with ordinality
         as product (total, factor, base, low, high, place) order by place`,
      [
        products.map(({ total }) => total),
        products.map(({ factor }) => factor),
        products.map(({ base }) => base),
        products.map(({ coefficient }) => coefficient.low),
        products.map(({ coefficient }) => coefficient.high),
      ],
    );
  }

  async #known(energies: readonly string[], edition: string | null = null): Promise<CoalCoefficient[]> {
    if (energies.length === 0) return [];
    return this.#session.entities(
      CoalCoefficient,
      `select * from metering.known_coefficient
       where energy = any($1) and ($2::text is null or edition = $2) order by id`,
      [energies, edition],
    );
  }

  #loadTables(): Promise<CoalTables> {
    return (this.#tables ??= this.#readTables());
  }

  async #readTables(): Promise<CoalTables> {
    const [row] = await this.#session.rows<TablesRow>(
      `select (select jsonb_agg(to_jsonb(one)) from metering.class_energy as one) as classes,
         (select jsonb_agg(to_jsonb(one)) from metering.coal_energy as one) as energies,
         (select jsonb_agg(jsonb_build_object('unit', unit, 'quantity', quantity, 'factor', factor::text))
           from metering.unit_factor) as units`,
    );
    const { classes, energies, units } = row!;
    return {
      classes: new Map(classes.map((one) => [one.energy_class, one])),
      energies: new Map(energies.map(({ code, unit, name_zh }) => [code, { unit, nameZh: name_zh }])),
      units: new Map(units.map((one) => [one.unit, one])),
    };
  }
}

function equivalent(
  coefficient: CoalCoefficient,
  { low, high }: { low: string; high: string },
  { basis }: Asked,
): CoalEquivalent {
  const { edition, source, verified } = coefficient;
  const value = coefficient.low === coefficient.high ? low : null;
  return { value, low, high, basis, edition, source, isVerified: verified, coefficient };
}

/** One amount without a coefficient must not take the answer from the others. */
function refusedOr<Result>(work: () => Result): Result | Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
