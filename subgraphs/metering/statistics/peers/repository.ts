import { Refusal } from '../../../../gateway/errors.js';
import type { Session } from '../../../runtime/session.js';
import type { Building, Consumption } from '../../entities.js';
import type { QuotientRepository } from '../../intensity/repository.js';
import type { ConsumptionRepository } from '../../rollups/repository.js';
import { lastDayOf } from '../../rollups/periods.js';
import { checkedMonth } from '../repository.js';
import {
  type EarlierYear,
  PeerBand,
  type PeerComparison,
  type Peers,
  type QuotaLabel,
  QuotaLevel,
} from './entities.js';
import { LEAST_SHARE_OF_DAYS, type PeersArguments, type QuotaArguments } from './inputs.js';

const YEARS_BEFORE = [1, 2, 3];
const ELECTRICITY = '01000';

type Quota = Omit<QuotaLabel, 'own' | 'level' | 'savingPotential' | 'unlabelledBecause' | 'shareOfDays'>;
type Label = Pick<QuotaLabel, 'level' | 'savingPotential' | 'unlabelledBecause'>;

/** A building beside its peers as they are published, its own past, and the quotas of its type. */
export class PeerRepository {
  readonly #session: Session;
  readonly #consumption: ConsumptionRepository;
  readonly #quotients: QuotientRepository;

  constructor(session: Session, consumption: ConsumptionRepository, quotients: QuotientRepository) {
    this.#session = session;
    this.#consumption = consumption;
    this.#quotients = quotients;
  }

  /** @throws Refusal NOT_FOUND without a floor area; BAD_USER_INPUT */
  async compare(building: Building, { month, energyItem }: PeersArguments): Promise<PeerComparison> {
    const floor = floorOf(building);
    const now = await this.#monthOf(building, checkedMonth(month), energyItem);
    const own = await this.#perSquareMetre(now, floor);
    const peers = now.unit === null ? null : await this.#peersOf(building, month, energyItem, now.unit);
    const history = await Promise.all(
      YEARS_BEFORE.map(async (years): Promise<EarlierYear> => {
        const year = Number(month.slice(0, 4)) - years;
        const then = await this.#monthOf(building, `${year}${month.slice(4)}`, energyItem);
        const comparable = then.unit === now.unit ? await this.#perSquareMetre(then, floor) : null;
        return { year, perSquareMetre: comparable };
      }),
    );
    if (!own || !peers) return { unit: now.unit, own, peers, band: null, savingPotential: null, history };
    const savingPotential = await this.#saving(own, peers.p25, floor);
    return { unit: now.unit, own, peers, band: bandOf(own, peers), savingPotential, history };
  }

  /**
   * Every quota of its type that may be meant: what kind of the type it is, the register does not say. Part of a year
   * has no label, because a quota limits a whole one; nothing is scaled up.
   *
   * @throws Refusal NOT_FOUND without a floor area; BAD_USER_INPUT
   */
  async quotas(
    building: Building,
    { year, climateZone, buildingClass, leastShareOfDays }: QuotaArguments,
  ): Promise<QuotaLabel[]> {
    if (year < 2000 || year > 2100)
      throw new Refusal('BAD_USER_INPUT', { message: `year: must be 2000 to 2100, was ${year}` });
    if (!(leastShareOfDays >= LEAST_SHARE_OF_DAYS && leastShareOfDays <= 1))
      throw new Refusal('BAD_USER_INPUT', {
        message: `leastShareOfDays: must be ${LEAST_SHARE_OF_DAYS} to 1, was ${leastShareOfDays}`,
        remedy: 'A quota limits a whole year: ask for a year that is over, or compare months with peers.',
      });
    const floor = floorOf(building);
    const used = await this.#sum(building, `${year}-01-01`, `${year}-12-31`, ELECTRICITY);
    const own = await this.#perSquareMetre(used, floor);
    if (own === null || used.unit !== 'kWh') return [];
    const rows = await this.#session.rows<Quota>(
      `select edition, building_class as "buildingClass", subtype, guide_value::text as "guideValue",
         constraint_value::text as "constraintValue", source, confidence, verified
       from metering.building_quota
       where building_type = runtime.building_type($1) and climate_zone = $2 and ($3::text is null or building_class = $3)
       order by building_class, subtype`,
      [building.id, climateZone, buildingClass ?? null],
    );
    const days = (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / 86_400_000;
    const meters = typeof used.meters === 'function' ? await used.meters() : used.meters;
    const shareOfDays = Math.min(1, used.meterDays / (days * Math.max(1, meters)));
    const isWhole = shareOfDays >= leastShareOfDays;
    const unlabelled = { level: null, savingPotential: null };
    const unlabelledBecause = `Values of ${percent(shareOfDays)} % of the days of ${year}; a label needs ${percent(leastShareOfDays)} %.`;
    return Promise.all(
      rows.map(async (quota) => ({
        ...quota,
        own,
        shareOfDays,
        ...(isWhole ? await this.#label(own, quota, floor) : { ...unlabelled, unlabelledBecause }),
      })),
    );
  }

  async #label(own: string, quota: Quota, floor: string): Promise<Label> {
    const savingPotential = await this.#saving(own, quota.guideValue, floor);
    return { level: levelOf(own, quota), savingPotential, unlabelledBecause: null };
  }

  async #peersOf({ id }: Building, month: string, energyItem: string, unit: string): Promise<Peers | null> {
    const [peers] = await this.#session.rows<Peers>(
      `select edition, told.area, buildings, subjects, mean::text, p10::text, p25::text, p50::text, p75::text, p90::text
       from metering.statistics_distribution as told join metering.statistics_edition as of on of.id = edition
       where month = $1::date and starts_with($2, regexp_replace(told.area, '(00){1,2}$', ''))
         and building_type = runtime.building_type($2) and energy_item = $3 and unit = $4
       order by revision desc limit 1`,
      [month, id, energyItem, unit],
    );
    return peers ?? null;
  }

  #monthOf(building: Building, month: string, energyItem: string): Promise<Consumption> {
    return this.#sum(building, month, lastDayOf('MONTH', month), energyItem);
  }

  #sum({ id }: Building, from: string, to: string, energyItem: string): Promise<Consumption> {
    return this.#consumption.ofBuilding.sum.load(id, { from, to, energyItem });
  }

  async #perSquareMetre({ unit, total }: Consumption, floor: string): Promise<string | null> {
    return unit === null ? null : this.#quotients.of(total, floor);
  }

  async #saving(own: string, wanted: string, floor: string): Promise<string> {
    const [row] = await this.#session.rows<{ saving: string }>(
      'select trim_scale(greatest(0, ($1::numeric - $2::numeric) * $3::numeric))::text as saving',
      [own, wanted, floor],
    );
    return row?.saving ?? '0';
  }
}

function floorOf({ id, floorAreaM2 }: Building): string {
  if (floorAreaM2 && Number(floorAreaM2) > 0) return floorAreaM2;
  throw new Refusal('NOT_FOUND', {
    rule: 'intensity/area',
    message: `${id} has no floor area registered.`,
    remedy: 'Register it (registerBuildings).',
  });
}

/** Only places are told by it: doubles will do. */
function bandOf(own: string, { p10, p25, p50, p75, p90 }: Peers): PeerBand {
  const bands = [
    PeerBand.UP_TO_P10,
    PeerBand.P10_TO_P25,
    PeerBand.P25_TO_P50,
    PeerBand.P50_TO_P75,
    PeerBand.P75_TO_P90,
  ];
  const place = [p10, p25, p50, p75, p90].findIndex((bound) => Number(own) <= Number(bound));
  return bands[place] ?? PeerBand.ABOVE_P90;
}

function levelOf(own: string, { guideValue, constraintValue }: Quota): QuotaLevel {
  if (Number(own) <= Number(guideValue)) return QuotaLevel.ADVANCED;
  return Number(own) <= Number(constraintValue) ? QuotaLevel.REASONABLE : QuotaLevel.OVER;
}

/** To a tenth, rounded down: what is not whole does not look so. */
function percent(share: number): string {
  return (Math.floor(share * 1_000) / 10).toString();
}
