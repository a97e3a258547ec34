import { housekeepingDoors } from '../runtime/housekeeping.js';
import { idShape } from '../runtime/ids.js';
import { defineRoom } from '../runtime/room.js';
import { BreakGlass, BreakGlassEvent } from './break-glass/entities.js';
import { BreakGlassRepository } from './break-glass/repository.js';
import { BreakGlassResolver } from './break-glass/resolver.js';
import { Correction, CorrectionEvent } from './entities.js';
import { breakGlassExpiry, correctionExpiry } from './expiry/repository.js';
import { corrections001 } from './migrations/001-corrections.js';
import { corrections002 } from './migrations/002-break-glass.js';
import { corrections003 } from './migrations/003-apply-break-glass.js';
import { corrections004 } from './migrations/004-visible.js';
import { CorrectionRepository } from './repository.js';
import { CorrectionResolver, type CorrectionsContext } from './resolver.js';

export default defineRoom<CorrectionsContext>({
  name: 'corrections',
  entities: [Correction, CorrectionEvent, BreakGlass, BreakGlassEvent],
  resolvers: [CorrectionResolver, BreakGlassResolver],
  references: {
    Correction: ({ id }, { corrections }) => corrections.byId.load(id ?? ''),
    BreakGlass: ({ id }, { breakGlass }) => breakGlass.byId.load(id ?? ''),
    Enterprise: ({ uscc }) => ({ uscc }),
    Meter: ({ id }) => ({ id }),
  },
  nodes: {
    Correction: { shape: idShape('cor'), permission: 'corrections:read' },
    BreakGlass: { shape: idShape('brk'), permission: 'corrections:read' },
  },
  doors: housekeepingDoors({ corrections: correctionExpiry, breakGlass: breakGlassExpiry }),
  migrations: [corrections001, corrections002, corrections003, corrections004],
  context: (session) => ({
    corrections: new CorrectionRepository(session),
    breakGlass: new BreakGlassRepository(session),
  }),
});
