import { defineRoom } from '../runtime/room.js';
import { Certificate, Consent, Scope, Tenant } from './entities.js';
import { tenants001 } from './migrations/001-tenants.js';
import { TenantRepository } from './repository.js';
import { ConsentResolver, MeResolver, ScopeResolver, TenantResolver, type TenantsContext } from './resolver.js';

export default defineRoom<TenantsContext>({
  name: 'tenants',
  entities: [Tenant, Certificate, Scope, Consent],
  resolvers: [TenantResolver, ScopeResolver, ConsentResolver, MeResolver],
  references: { Tenant: ({ id }, { tenants }) => tenants.byId.load(id ?? '') },
  migrations: [tenants001],
  context: (session) => ({ tenants: new TenantRepository(session), session }),
});
