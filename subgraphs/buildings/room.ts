import { lookupDoor } from '../runtime/lookup.js';
import { defineRoom } from '../runtime/room.js';
import { Building } from './entities.js';
import { buildings001 } from './migrations/001-buildings.js';
import { BuildingRepository } from './repository.js';
import { BuildingResolver, EnterpriseResolver, type BuildingsContext } from './resolver.js';

export default defineRoom<BuildingsContext>({
  name: 'buildings',
  entities: [Building],
  resolvers: [BuildingResolver, EnterpriseResolver],
  references: {
    Building: ({ id }, { buildings }) => buildings.byId.load(id ?? ''),
    Enterprise: ({ uscc }) => ({ uscc }),
  },
  nodes: { Building: /^[1-9]\d{5}[A-HZ]\d{3}$/ },
  doors: { 'POST /lookup': lookupDoor('buildings.building', { id: 'id', subject: 'subject' }, ['buildings:read']) },
  migrations: [buildings001],
  context: (session) => ({ buildings: new BuildingRepository(session) }),
});
