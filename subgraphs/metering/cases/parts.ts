import type { Session } from '../../runtime/session.js';
import { CalendarDay } from './calendar/entities.js';
import { CalendarRepository } from './calendar/repository.js';
import { CalendarResolver } from './calendar/resolver.js';
import { CaseEvent, CaseRules, QualityCase } from './entities.js';
import { UploadReminder } from './reminders/entities.js';
import { ReminderRepository } from './reminders/repository.js';
import { ReminderResolver } from './reminders/resolver.js';
import { CaseRepository } from './repository.js';
import { CaseResolver, CaseRulesResolver, CaseStepResolver } from './resolver.js';
import { MaintenanceVisit } from './visits/entities.js';
import { VisitRepository } from './visits/repository.js';
import { VisitResolver } from './visits/resolver.js';

/** What the room is given of cases, their calendar, visits and reminders. */
export const caseEntities = [
  QualityCase,
  CaseEvent,
  CaseRules,
  MaintenanceVisit,
  UploadReminder,
  CalendarDay,
];

export const caseResolvers = [
  CaseResolver,
  CaseStepResolver,
  CaseRulesResolver,
  VisitResolver,
  ReminderResolver,
  CalendarResolver,
] as const;

export interface CaseContext {
  calendar: CalendarRepository;
  cases: CaseRepository;
  visits: VisitRepository;
  reminders: ReminderRepository;
}

export function caseContext(session: Session): CaseContext {
  return {
    calendar: new CalendarRepository(session),
    cases: new CaseRepository(session),
    visits: new VisitRepository(session),
    reminders: new ReminderRepository(session),
  };
}
