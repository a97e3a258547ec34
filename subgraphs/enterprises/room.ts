import { lookupDoor } from '../runtime/lookup.js';
import { defineRoom } from '../runtime/room.js';
import { EarlierEnterprise, Enterprise } from './entities.js';
import { enterprises001 } from './migrations/001-enterprises.js';
import { enterprises002 } from './migrations/002-reference.js';
import { enterprises003 } from './migrations/003-registered.js';
import { enterprises004 } from './migrations/004-progress.js';
import { enterprises005 } from './migrations/005-superseded.js';
import { KeyUnitClass } from './progress/entities.js';
import { AccessPlan } from './progress/plans/entities.js';
import { PlanRepository } from './progress/plans/repository.js';
import { AccessPlanResolver } from './progress/plans/resolver.js';
import { AccessReportVersion } from './progress/reports/entities.js';
import { ReportRepository } from './progress/reports/repository.js';
import { AccessReportResolver } from './progress/reports/resolver.js';
import { ProgressRepository } from './progress/repository.js';
import { AccessUnitResolver } from './progress/resolver.js';
import { AccessSetting, AccessTarget } from './progress/targets/entities.js';
import { TargetRepository } from './progress/targets/repository.js';
import { AccessTargetResolver } from './progress/targets/resolver.js';
import { Industry } from './reference/entities.js';
import { IndustryRepository } from './reference/repository.js';
import { IndustryResolver } from './reference/resolver.js';
import { registeredDoor } from './registered/doors.js';
import { EnterpriseRepository } from './repository.js';
import { EnterpriseResolver, type EnterprisesContext } from './resolver.js';

export default defineRoom<EnterprisesContext>({
  name: 'enterprises',
  entities: [
    Enterprise,
    EarlierEnterprise,
    Industry,
    KeyUnitClass,
    AccessPlan,
    AccessTarget,
    AccessSetting,
    AccessReportVersion,
  ],
  resolvers: [
    EnterpriseResolver,
    IndustryResolver,
    AccessUnitResolver,
    AccessPlanResolver,
    AccessTargetResolver,
    AccessReportResolver,
  ],
  references: { Enterprise: ({ uscc }, { enterprises }) => enterprises.byUscc.load(uscc ?? '') },
  nodes: {
    Enterprise: { shape: /^[0-9A-HJ-NPQRTUWXY]{18}$/, permission: 'enterprises:read', key: 'uscc' },
  },
  doors: {
    'POST /lookup': lookupDoor('enterprises.enterprise', { id: 'uscc', subject: 'uscc' }, [
      'enterprises:read',
    ]),
    'POST /registered': registeredDoor,
  },
  migrations: [enterprises001, enterprises002, enterprises003, enterprises004, enterprises005],
  context: (session) => {
    const targets = new TargetRepository(session);
    const progress = new ProgressRepository(session, targets);
    return {
      enterprises: new EnterpriseRepository(session),
      industries: new IndustryRepository(session),
      plans: new PlanRepository(session),
      targets,
      progress,
      reports: new ReportRepository(session, progress, targets),
    };
  },
});
