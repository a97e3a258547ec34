import { defineRoom } from '../runtime/room.js';
import { MeResolver } from './access/resolver.js';
import { Certificate, Consent, Scope, Tenant } from './entities.js';
import { tenants001 } from './migrations/001-tenants.js';
import { tenants002 } from './migrations/002-reference.js';
import { Area } from './reference/entities.js';
import { AreaRepository } from './reference/repository.js';
import { AreaResolver } from './reference/resolver.js';
import { TenantRepository } from './repository.js';
import { ConsentResolver, ScopeResolver, TenantResolver, type TenantsContext } from './resolver.js';

export default defineRoom<TenantsContext>({
  name: 'tenants',
  entities: [Tenant, Certificate, Scope, Consent, Area],
  resolvers: [TenantResolver, ScopeResolver, ConsentResolver, MeResolver, AreaResolver],
  references: { Tenant: ({ id }, { tenants }) => tenants.byId.load(id ?? '') },
  migrations: [tenants001, tenants002],
  context: (session) => ({
    tenants: new TenantRepository(session),
    session,
    areas: new AreaRepository(session),
  }),
});
