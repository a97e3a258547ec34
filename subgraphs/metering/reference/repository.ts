import { page } from '../../runtime/pages.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import type { Session } from '../../runtime/session.js';
import { EnergyItem, EnergyUnit } from './entities.js';

export class EnergyItemRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  list(request: PageArguments): Promise<Page<EnergyItem>> {
    return page(this.#session, EnergyItem, request, { by: ['code'] });
  }

  units(request: PageArguments): Promise<Page<EnergyUnit>> {
    return page(this.#session, EnergyUnit, request, { by: ['energyClass', 'unit'] });
  }
}
