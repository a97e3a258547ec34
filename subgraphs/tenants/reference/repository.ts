import { page } from '../../runtime/pages.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import type { Session } from '../../runtime/session.js';
import { Area } from './entities.js';

export class AreaRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  list(request: PageArguments): Promise<Page<Area>> {
    return page(this.#session, Area, request, { by: ['code'] });
  }
}
