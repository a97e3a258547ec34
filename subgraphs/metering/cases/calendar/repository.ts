import { Refusal } from '../../../../gateway/errors.js';
import { mustBeArea } from '../../../runtime/areas.js';
import type { Page } from '../../../runtime/lists.js';
import { page } from '../../../runtime/pages.js';
import type { Session } from '../../../runtime/session.js';
import { setForArea } from '../../../runtime/set-for-area.js';
import { CalendarDay } from './entities.js';
import type { CalendarDayInput, CalendarDaysArguments, WorkingDayArguments } from './inputs.js';
import { CALENDAR_DAYS } from './settings.js';

const KINDS = ['HOLIDAY', 'WORKING_DAY'];

export class CalendarRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  days({ from, to, area, ...request }: CalendarDaysArguments): Promise<Page<CalendarDay>> {
    return page(this.#session, CalendarDay, request, { by: ['id'] }, [
      { property: 'date', is: '>=', value: from },
      { property: 'date', is: '<=', value: to },
      { property: 'area', is: '=', value: area },
    ]);
  }

  /** @throws Refusal BAD_USER_INPUT */
  async workingDay({ from, count, area }: WorkingDayArguments): Promise<string> {
    mustBeArea(area);
    if (count < 1 || count > 250)
      throw new Refusal('BAD_USER_INPUT', { message: `count: 1 to 250, was ${count}.` });
    const [row] = await this.#session.rows<{ day: string }>(
      'select metering.working_days($1::date, $2, $3)::text as day',
      [from, count, area],
    );
    return row!.day;
  }

  /** Sets a day for an area; what was set before stays. @throws Refusal ROW_OUT_OF_REACH, BAD_USER_INPUT */
  async set({ nameZh, ...said }: CalendarDayInput): Promise<CalendarDay> {
    if (!KINDS.includes(said.kind))
      throw new Refusal('BAD_USER_INPUT', { message: `kind: ${KINDS.join(' or ')}, was ${said.kind}.` });
    return setForArea(this.#session, CalendarDay, CALENDAR_DAYS, { ...said, name_zh: nameZh });
  }
}
