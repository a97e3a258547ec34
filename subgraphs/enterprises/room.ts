import { lookupDoor } from '../runtime/lookup.js';
import { defineRoom } from '../runtime/room.js';
import { Enterprise } from './entities.js';
import { enterprises001 } from './migrations/001-enterprises.js';
import { enterprises002 } from './migrations/002-reference.js';
import { enterprises003 } from './migrations/003-registered.js';
import { Industry } from './reference/entities.js';
import { IndustryRepository } from './reference/repository.js';
import { IndustryResolver } from './reference/resolver.js';
import { registeredDoor } from './registered/doors.js';
import { EnterpriseRepository } from './repository.js';
import { EnterpriseResolver, type EnterprisesContext } from './resolver.js';

export default defineRoom<EnterprisesContext>({
  name: 'enterprises',
  entities: [Enterprise, Industry],
  resolvers: [EnterpriseResolver, IndustryResolver],
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
  migrations: [enterprises001, enterprises002, enterprises003],
  context: (session) => ({
    enterprises: new EnterpriseRepository(session),
    industries: new IndustryRepository(session),
  }),
});
