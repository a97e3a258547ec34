import { Refusal } from '../../../../gateway/errors.js';
import { isAreaCode } from '../../../../gateway/policy/areas.js';
import type { Page } from '../../../runtime/lists.js';
import { page } from '../../../runtime/pages.js';
import { asRefusal, type Session } from '../../../runtime/session.js';
import { CalendarDay } from './entities.js';
import type { CalendarDayInput, CalendarDaysArguments, WorkingDayArguments } from './inputs.js';

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

  /**
   * Sets a day for an area; what was set before stays.
   *
   * @throws Refusal ROW_OUT_OF_REACH, BAD_USER_INPUT
   */
  async set({ date, kind, area, nameZh, source }: CalendarDayInput): Promise<CalendarDay> {
    mustBeArea(area);
    if (!KINDS.includes(kind))
      throw new Refusal('BAD_USER_INPUT', { message: `kind: ${KINDS.join(' or ')}, was ${kind}.` });
    try {
      const [added] = await this.#session.rows<{ version: number }>(
        `insert into metering.set_calendar_day (area, date, kind, name_zh, source)
         values ($1, $2, $3, $4, $5) returning version`,
        [area, date, kind, nameZh, source],
      );
      const [day] = await this.#session.entities(
        CalendarDay,
        'select * from metering.known_calendar_day where area = $1 and date = $2 and version = $3',
        [area, date, added!.version],
      );
      return day!;
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

function mustBeArea(area: string): void {
  if (!isAreaCode(area))
    throw new Refusal('BAD_USER_INPUT', { message: `area: ${area} is no code of GB/T 2260.` });
}
