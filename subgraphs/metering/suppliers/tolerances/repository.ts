import type { Session } from '../../../runtime/session.js';
import { setForArea } from '../../../runtime/set-for-area.js';
import { SupplyTolerance, type SupplyToleranceInput } from './entities.js';
import { SUPPLY_TOLERANCES } from './settings.js';

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

  /** Sets a tolerance for an area; what was set before stays. @throws Refusal ROW_OUT_OF_REACH, BAD_USER_INPUT */
  set({ energyClass, ...said }: SupplyToleranceInput): Promise<SupplyTolerance> {
    return setForArea(this.#session, SupplyTolerance, SUPPLY_TOLERANCES, {
      ...said,
      energy_class: energyClass,
    });
  }
}
