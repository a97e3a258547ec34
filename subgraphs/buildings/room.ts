import { lookupDoor } from '../runtime/lookup.js';
import { defineRoom } from '../runtime/room.js';
import { Building, EarlierBuilding } from './entities.js';
import { floorAreasDoor } from './floor-areas/doors.js';
import { functionsDoor } from './functions/doors.js';
import { buildings001 } from './migrations/001-buildings.js';
import { buildings002 } from './migrations/002-reference.js';
import { buildings003 } from './migrations/003-registrations.js';
import { buildings004 } from './migrations/004-superseded.js';
import { BuildingFunction, BuildingType } from './reference/entities.js';
import { BuildingCodeRepository } from './reference/repository.js';
import { BuildingCodeResolver } from './reference/resolver.js';
import { registrationsDoor } from './registrations/doors.js';
import { BuildingRepository } from './repository.js';
import { BuildingResolver, EnterpriseResolver, type BuildingsContext } from './resolver.js';

export default defineRoom<BuildingsContext>({
  name: 'buildings',
  entities: [Building, EarlierBuilding, BuildingFunction, BuildingType],
  resolvers: [BuildingResolver, EnterpriseResolver, BuildingCodeResolver],
  references: {
    Building: ({ id }, { buildings }) => buildings.byId.load(id ?? ''),
    Enterprise: ({ uscc }) => ({ uscc }),
  },
  nodes: {
    Building: { shape: /^[1-9]\d{5}[A-HZ]\d{3}$/, permission: 'buildings:read' },
  },
  doors: {
    'POST /lookup': lookupDoor('buildings.building', { id: 'id', subject: 'subject' }, ['buildings:read']),
    'POST /registrations': registrationsDoor,
    'POST /floor-areas': floorAreasDoor,
    'GET /functions': functionsDoor,
  },
  migrations: [buildings001, buildings002, buildings003, buildings004],
  context: (session) => ({
    buildings: new BuildingRepository(session),
    buildingCodes: new BuildingCodeRepository(session),
  }),
});
