import { areaPrefix } from '../../../gateway/policy/areas.js';
import type { Page } from '../../runtime/lists.js';
import { page } from '../../runtime/pages.js';
import type { Session } from '../../runtime/session.js';
import { Supply } from './entities.js';
import type { SuppliesArguments } from './inputs.js';

const LATEST_FIRST = { by: ['fromAt' as const, 'id' as const], descending: true };

export class SupplyRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  list(args: SuppliesArguments): Promise<Page<Supply>> {
    const { area, supplier, customer, energyItem, batch, from, to, versions, ...request } = args;
    return page(this.#session, Supply, request, LATEST_FIRST, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'supplier', is: '=', value: supplier },
      { property: 'customer', is: '=', value: customer },
      { property: 'energyItem', is: 'starts with', value: energyItem },
      { property: 'batch', is: '=', value: batch },
      { property: 'fromAt', is: '>=', value: from && `${from}T00:00+08:00` },
      { property: 'fromAt', is: '<=', value: to && `${to}T23:59:59+08:00` },
      { property: 'supersededAt', is: 'is null', value: versions ? null : true },
    ]);
  }
}
