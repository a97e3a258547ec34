import { Refusal } from '../../../gateway/errors.js';
import type { Page } from '../../runtime/lists.js';
import { page, pages, PagesLoader } from '../../runtime/pages.js';
import type { Session } from '../../runtime/session.js';
import { DayBlock } from '../entities.js';
import type { DaysArguments, MeterDaysArguments } from '../inputs.js';
import { checkedDays } from '../rollups/periods.js';

const BY_DAY = { by: ['date' as const, 'meter' as const] };
const MOST_METERS = 500;

export class ReadingRepository {
  readonly #session: Session;

  readonly daysOf = new PagesLoader<DaysArguments, Page<DayBlock>>(async (meters, { from, to, ...request }) =>
    pages(this.#session, DayBlock, { property: 'meter', keys: meters }, request, BY_DAY, period(from, to)),
  );
  constructor(session: Session) {
    this.#session = session;
  }

  async days({ meters, from, to, ...request }: MeterDaysArguments): Promise<Page<DayBlock>> {
    if (meters && meters.length > MOST_METERS) {
      throw new Refusal('BAD_USER_INPUT', {
        message: `meters: at most ${MOST_METERS}, were ${meters.length}.`,
      });
    }
    return page(this.#session, DayBlock, request, BY_DAY, [
      ...period(from, to),
      { property: 'meter', is: 'in', value: meters },
    ]);
  }
}

function period(from: string, to: string): { property: 'date'; is: '>=' | '<='; value: string }[] {
  checkedDays({ from, to });
  return [
    { property: 'date', is: '>=', value: from },
    { property: 'date', is: '<=', value: to },
  ];
}
