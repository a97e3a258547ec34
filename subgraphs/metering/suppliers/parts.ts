import type { Session } from '../../runtime/session.js';
import { CustomerLink } from './customers/entities.js';
import { CustomerRepository } from './customers/repository.js';
import { CustomerCandidateResolver, CustomerLinkResolver } from './customers/resolver.js';
import { DifferenceRepository } from './differences/repository.js';
import { SupplyDifferenceResolver } from './differences/resolver.js';
import { Supply } from './entities.js';
import { SupplyRepository } from './repository.js';
import { SupplyResolver } from './resolver.js';
import { SupplyTolerance } from './tolerances/entities.js';
import { ToleranceRepository } from './tolerances/repository.js';
import { SupplyToleranceResolver } from './tolerances/resolver.js';

/** What the room is given of what suppliers report, whose it is, and how it compares. */
export const supplierEntities = [Supply, CustomerLink, SupplyTolerance];

export const supplierResolvers = [
  SupplyResolver,
  CustomerLinkResolver,
  CustomerCandidateResolver,
  SupplyDifferenceResolver,
  SupplyToleranceResolver,
] as const;

export interface SupplierContext {
  supplies: SupplyRepository;
  customers: CustomerRepository;
  differences: DifferenceRepository;
  tolerances: ToleranceRepository;
}

export function supplierContext(session: Session): SupplierContext {
  return {
    supplies: new SupplyRepository(session),
    customers: new CustomerRepository(session),
    differences: new DifferenceRepository(session),
    tolerances: new ToleranceRepository(session),
  };
}
