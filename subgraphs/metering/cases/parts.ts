import type { Session } from '../../runtime/session.js';
import { DayEstimate } from '../estimates/entities.js';
import { EstimateRepository } from '../estimates/repository.js';
import { EstimateResolver, EstimatesOfMeterResolver } from '../estimates/resolver.js';
import { EstimatedPeriodResolver, EstimatedResolver } from '../estimates/sums/resolver.js';
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

/** What the room is given of cases, the estimates made in them, their calendar, visits and reminders. */
export const caseEntities = [
  QualityCase,
  CaseEvent,
  CaseRules,
  MaintenanceVisit,
  UploadReminder,
  CalendarDay,
  DayEstimate,
];

export const caseResolvers = [
  CaseResolver,
  CaseStepResolver,
  CaseRulesResolver,
  VisitResolver,
  ReminderResolver,
  CalendarResolver,
  EstimateResolver,
  EstimatesOfMeterResolver,
  EstimatedResolver,
  EstimatedPeriodResolver,
] as const;

export interface CaseContext {
  calendar: CalendarRepository;
  cases: CaseRepository;
  estimates: EstimateRepository;
  visits: VisitRepository;
  reminders: ReminderRepository;
}

export function caseContext(session: Session): CaseContext {
  const cases = new CaseRepository(session);
  return {
    calendar: new CalendarRepository(session),
    cases,
    estimates: new EstimateRepository(session, cases),
    visits: new VisitRepository(session),
    reminders: new ReminderRepository(session),
  };
}
