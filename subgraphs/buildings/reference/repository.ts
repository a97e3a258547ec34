import { page } from '../../runtime/pages.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import type { Session } from '../../runtime/session.js';
import { BuildingType } from './entities.js';

export class BuildingTypeRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  list(request: PageArguments): Promise<Page<BuildingType>> {
    return page(this.#session, BuildingType, request, { by: ['code'] });
  }
}
