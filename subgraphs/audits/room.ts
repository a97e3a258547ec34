import { correctableRecords } from '../runtime/correctable.js';
import { correctionDoors } from '../runtime/corrections.js';
import { idShape } from '../runtime/ids.js';
import { defineRoom } from '../runtime/room.js';
import { EnergyAudit, MeteringReview } from './entities.js';
import { audits001 } from './migrations/001-audits.js';
import { audits002 } from './migrations/002-reference.js';
import { CORRECTABLE, audits003 } from './migrations/003-corrections.js';
import { EnergyAuditRepository, MeteringReviewRepository } from './repository.js';
import {
  BuildingResolver,
  EnergyAuditResolver,
  EnterpriseResolver,
  MeteringReviewResolver,
  type AuditsContext,
} from './resolver.js';

export default defineRoom<AuditsContext>({
  name: 'audits',
  entities: [EnergyAudit, MeteringReview],
  resolvers: [EnergyAuditResolver, MeteringReviewResolver, BuildingResolver, EnterpriseResolver],
  references: {
    EnergyAudit: ({ id }, { audits }) => audits.byId.load(id ?? ''),
    MeteringReview: ({ id }, { reviews }) => reviews.byId.load(id ?? ''),
    Building: ({ id }) => ({ id }),
    Enterprise: ({ uscc }) => ({ uscc }),
  },
  nodes: {
    EnergyAudit: { shape: idShape('aud'), permission: 'audits:read' },
    MeteringReview: { shape: idShape('rev'), permission: 'reviews:read' },
  },
  doors: correctionDoors(correctableRecords('audits', CORRECTABLE)),
  migrations: [audits001, audits002, audits003],
  context: (session) => ({
    audits: new EnergyAuditRepository(session),
    reviews: new MeteringReviewRepository(session),
  }),
});
