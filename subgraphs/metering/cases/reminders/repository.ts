import { areaPrefix } from '../../../../gateway/policy/areas.js';
import type { Page } from '../../../runtime/lists.js';
import { page } from '../../../runtime/pages.js';
import type { Session } from '../../../runtime/session.js';
import { UploadReminder } from './entities.js';
import type { UploadRemindersArguments } from './inputs.js';

export class ReminderRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  list({ date, area, ...request }: UploadRemindersArguments): Promise<Page<UploadReminder>> {
    return page(this.#session, UploadReminder, request, { by: ['id'], descending: true }, [
      { property: 'date', is: '=', value: date },
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
    ]);
  }
}
