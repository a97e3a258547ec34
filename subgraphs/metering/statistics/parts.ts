import type { Session } from '../../runtime/session.js';
import { QuotientRepository } from '../intensity/repository.js';
import { ConsumptionRepository } from '../rollups/repository.js';
import { StatisticsCell, StatisticsEdition, StatisticsReceipt } from './entities.js';
import { FigureRepository } from './figures/repository.js';
import { StatisticsFigureResolver } from './figures/resolver.js';
import { PeerRepository } from './peers/repository.js';
import { PeerResolver } from './peers/resolver.js';
import { StatisticsRepository } from './repository.js';
import { StatisticsCellResolver, StatisticsEditionResolver } from './resolver.js';

/** What the room is given of published statistics, exact figures and peers. */
export const statisticsEntities = [StatisticsEdition, StatisticsCell, StatisticsReceipt];

export const statisticsResolvers = [
  StatisticsEditionResolver,
  StatisticsCellResolver,
  StatisticsFigureResolver,
  PeerResolver,
] as const;

export interface StatisticsContext {
  statistics: StatisticsRepository;
  figures: FigureRepository;
  peers: PeerRepository;
}

export function statisticsContext(session: Session): StatisticsContext {
  return {
    statistics: new StatisticsRepository(session),
    figures: new FigureRepository(session),
    peers: new PeerRepository(session, new ConsumptionRepository(session), new QuotientRepository(session)),
  };
}
