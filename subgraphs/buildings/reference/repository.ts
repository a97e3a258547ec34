import { page } from '../../runtime/pages.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import type { Session } from '../../runtime/session.js';
import { BuildingFunction, BuildingType } from './entities.js';

const BY_CODE = { by: ['code' as const] };

export class BuildingCodeRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  types(request: PageArguments): Promise<Page<BuildingType>> {
    return page(this.#session, BuildingType, request, BY_CODE);
  }

  functions(request: PageArguments): Promise<Page<BuildingFunction>> {
    return page(this.#session, BuildingFunction, request, BY_CODE);
  }
}
