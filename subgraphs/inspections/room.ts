import { correctableRecords } from '../runtime/correctable.js';
import { correctionDoors } from '../runtime/corrections.js';
import { idShape } from '../runtime/ids.js';
import { defineRoom } from '../runtime/room.js';
import { Inspection, InspectionDocument, InspectionFinding } from './entities.js';
import { inspections001 } from './migrations/001-inspections.js';
import { inspections002 } from './migrations/002-reference.js';
import { CORRECTABLE, inspections003 } from './migrations/003-corrections.js';
import { InspectionRepository } from './repository.js';
import { EnterpriseResolver, InspectionResolver, type InspectionsContext } from './resolver.js';

export default defineRoom<InspectionsContext>({
  name: 'inspections',
  entities: [Inspection, InspectionDocument, InspectionFinding],
  resolvers: [InspectionResolver, EnterpriseResolver],
  references: {
    Inspection: ({ id }, { inspections }) => inspections.byId.load(id ?? ''),
    Enterprise: ({ uscc }) => ({ uscc }),
  },
  nodes: {
    Inspection: { shape: idShape('ins'), permission: 'inspections:read' },
  },
  doors: correctionDoors(correctableRecords('inspections', CORRECTABLE)),
  migrations: [inspections001, inspections002, inspections003],
  context: (session) => ({ inspections: new InspectionRepository(session) }),
});
