import { housekeepingDoors } from '../runtime/housekeeping.js';
import { idShape } from '../runtime/ids.js';
import { defineRoom } from '../runtime/room.js';
import type { Session } from '../runtime/session.js';
import { AccessRepository } from './access/repository.js';
import { MeResolver } from './access/resolver.js';
import { CertificateApproval } from './approvals/entities.js';
import { ApprovalRepository } from './approvals/repository.js';
import { ApprovalResolver } from './approvals/resolver.js';
import { admissionDoors } from './applications/admission.js';
import { Connections } from './applications/connections.js';
import { Application, ApplicationVersion, ListedUnit } from './applications/entities.js';
import { ApplicationRepository } from './applications/repository.js';
import {
  ApplicationResolver,
  ApplicationVersionResolver,
  ListedUnitResolver,
} from './applications/resolver.js';
import { OfficeResolver } from './applications/review/resolver.js';
import { ConnectionRule } from './applications/rules.js';
import { Certificate } from './certificates/entities.js';
import { CertificateRepository } from './certificates/repository.js';
import {
  CertificateResolver,
  OwnCertificatesResolver,
  TenantCertificatesResolver,
} from './certificates/resolver.js';
import { expiringConsents } from './consents/chore.js';
import { Consent, ConsentEvent } from './consents/entities.js';
import { ConsentRepository } from './consents/repository.js';
import { ConsentResolver, ConsentStepResolver, LateDaysResolver } from './consents/resolver.js';
import { Tenant } from './entities.js';
import { ErasureAcknowledgement, ErasureNotice } from './erasures/entities.js';
import { ErasureRepository } from './erasures/repository.js';
import { ConsentErasureResolver, ErasureResolver } from './erasures/resolver.js';
import { tenants001 } from './migrations/001-tenants.js';
import { tenants002 } from './migrations/002-reference.js';
import { tenants003 } from './migrations/003-certificates.js';
import { tenants004 } from './migrations/004-scopes.js';
import { tenants005 } from './migrations/005-consents.js';
import { tenants006 } from './migrations/006-purposes.js';
import { tenants007 } from './migrations/007-erasures.js';
import { tenants008 } from './migrations/008-applications.js';
import { tenants009 } from './migrations/009-registry.js';
import { tenants010 } from './migrations/010-access.js';
import { tenants020 } from './migrations/020-history.js';
import { expiryNotices, NoticeRepository } from './notices/repository.js';
import { PurposeDeclaration, PurposeEvent } from './purposes/entities.js';
import { PurposeRepository } from './purposes/repository.js';
import { PurposeResolver } from './purposes/resolver.js';
import { Area } from './reference/entities.js';
import { AreaRepository } from './reference/repository.js';
import { AreaResolver } from './reference/resolver.js';
import { TenantRepository } from './repository.js';
import { TenantResolver, type TenantsContext } from './resolver.js';
import { Scope } from './scopes/entities.js';
import { ScopeRepository } from './scopes/repository.js';
import { ScopeResolver, TenantScopesResolver } from './scopes/resolver.js';
import { ApplicationEvent, ApplicationCertificate } from './applications/review/entities.js';

/** The entities of the room, for the console, which works with them at the machine itself. */
export const tenantsEntities = [
  Tenant,
  Certificate,
  CertificateApproval,
  PurposeDeclaration,
  PurposeEvent,
  Scope,
  Consent,
  ConsentEvent,
  ErasureNotice,
  ErasureAcknowledgement,
  Area,
  Application,
  ApplicationVersion,
  ListedUnit,
  ApplicationEvent,
  ApplicationCertificate,
  ConnectionRule,
];

export default defineRoom<TenantsContext>({
  name: 'tenants',
  entities: tenantsEntities,
  resolvers: [
    TenantResolver,
    CertificateResolver,
    TenantCertificatesResolver,
    OwnCertificatesResolver,
    ApprovalResolver,
    PurposeResolver,
    ScopeResolver,
    TenantScopesResolver,
    ConsentResolver,
    ConsentStepResolver,
    LateDaysResolver,
    ErasureResolver,
    ConsentErasureResolver,
    MeResolver,
    AreaResolver,
    ApplicationResolver,
    ApplicationVersionResolver,
    ListedUnitResolver,
    OfficeResolver,
  ],
  references: {
    Tenant: ({ id }, { tenants }) => tenants.byId.load(id ?? ''),
    Application: ({ id }, { applications }) => applications.byId.load(id ?? ''),
  },
  nodes: { Application: { shape: idShape('app'), permission: 'applications:read' } },
  doors: { ...housekeepingDoors({ expiringConsents, expiryNotices }), ...admissionDoors },
  migrations: [
    tenants001,
    tenants002,
    tenants003,
    tenants004,
    tenants005,
    tenants006,
    tenants007,
    tenants008,
    tenants009,
    tenants010,
    tenants020,
  ],
  context: tenantsContext,
});

/** What the room's resolvers work with, and the console at the machine itself. */
export function tenantsContext(session: Session): TenantsContext {
  const tenants = new TenantRepository(session);
  const approvals = new ApprovalRepository(session, tenants);
  const applications = new ApplicationRepository(session);
  return {
    tenants,
    approvals,
    certificates: new CertificateRepository(session, tenants, approvals),
    notices: new NoticeRepository(session),
    purposes: new PurposeRepository(session),
    scopes: new ScopeRepository(session, tenants),
    consents: new ConsentRepository(session),
    erasures: new ErasureRepository(session),
    applications,
    connections: new Connections(session, applications),
    access: new AccessRepository(session),
    session,
    areas: new AreaRepository(session),
  };
}
