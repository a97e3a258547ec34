import { page } from '../../runtime/pages.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import type { Session } from '../../runtime/session.js';
import { Industry } from './entities.js';

export class IndustryRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  list(request: PageArguments): Promise<Page<Industry>> {
    return page(this.#session, Industry, request, { by: ['code'] });
  }
}
