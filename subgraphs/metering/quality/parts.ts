import type { Session } from '../../runtime/session.js';
import { Finding, QualityEdition, QualityParameter, QualityRule } from './entities.js';
import { ReportedMonth } from './index/entities.js';
import { QualityIndexRepository } from './index/repository.js';
import { QualityIndexResolver } from './index/resolver.js';
import { MissingMeterDay } from './meters/entities.js';
import { MeterQualityRepository } from './meters/repository.js';
import { MeterFindingCountResolver, MissingMeterDayResolver } from './meters/resolver.js';
import { ReplayRepository } from './replay/repository.js';
import { QualityReplayResolver } from './replay/resolver.js';
import { QualityRepository } from './repository.js';
import { FindingResolver, QualityEditionResolver, QualityRuleResolver } from './resolver.js';

/** What the room is given of rules, what they find, and the indices of it. */
export const qualityEntities = [
  QualityRule,
  QualityParameter,
  QualityEdition,
  Finding,
  MissingMeterDay,
  ReportedMonth,
];

export const qualityResolvers = [
  QualityRuleResolver,
  QualityEditionResolver,
  FindingResolver,
  MeterFindingCountResolver,
  MissingMeterDayResolver,
  QualityIndexResolver,
  QualityReplayResolver,
] as const;

export interface QualityContext {
  quality: QualityRepository;
  meterQuality: MeterQualityRepository;
  qualityReplays: ReplayRepository;
  qualityIndices: QualityIndexRepository;
}

export function qualityContext(session: Session): QualityContext {
  return {
    quality: new QualityRepository(session),
    meterQuality: new MeterQualityRepository(session),
    qualityReplays: new ReplayRepository(session),
    qualityIndices: new QualityIndexRepository(session),
  };
}
