import { Refusal } from '../../../../gateway/errors.js';
import { isAreaCode } from '../../../../gateway/policy/areas.js';
import { asRefusal, type Session } from '../../../runtime/session.js';
import { SupplyTolerance, type SupplyToleranceInput } from './entities.js';

export class ToleranceRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  list(): Promise<SupplyTolerance[]> {
    return this.#session.entities(
      SupplyTolerance,
      'select * from metering.known_supply_tolerance order by energy_class, area',
      [],
    );
  }

  /**
   * Sets a tolerance for an area; what was set before stays.
   *
   * @throws Refusal ROW_OUT_OF_REACH, BAD_USER_INPUT
   */
  async set({ area, energyClass, percent, source }: SupplyToleranceInput): Promise<SupplyTolerance> {
    if (!isAreaCode(area))
      throw new Refusal('BAD_USER_INPUT', { message: `area: ${area} is no code of GB/T 2260.` });
    try {
      const [added] = await this.#session.rows<{ version: number }>(
        `insert into metering.set_supply_tolerance (area, energy_class, percent, source)
         values ($1, $2, $3::numeric, $4) returning version`,
        [area, energyClass, percent, source],
      );
      const [known] = await this.#session.entities(
        SupplyTolerance,
        'select * from metering.known_supply_tolerance where area = $1 and energy_class = $2 and version = $3',
        [area, energyClass, added!.version],
      );
      return known!;
    } catch (error) {
      throw asRefusal(error);
    }
  }
}
