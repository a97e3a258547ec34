import type { Caller } from '../../../gateway/policy/grant.js';
import type { RequestServices, StageServices } from '../../../gateway/requests.js';
import { HubMetrics } from '../../../gateway/telemetry/metrics.js';

const SOMEBODY: Caller = {
  tenant: 'somebody',
  name: 'Somebody',
  tier: 'NATIONAL',
  area: '100000',
  uscc: null,
  stage: 'FORMAL',
  fingerprint: '',
};

const DECLARATION = {
  id: 'declared',
  purpose: 'DATA_REPORTING',
  validFrom: new Date(0).toISOString(),
  validTo: null,
};

/** In place of identity, registry and ledger: everybody is the same caller, and nothing is recorded. */
export function openServices(fault: RequestServices['fault']): RequestServices {
  const stage = {
    registry: {
      facts: async () => ({ standing: 'ACTIVE', declarations: [DECLARATION], scopes: [], consents: [] }),
    },
    ledger: { append: async () => ({ sequence: 0, leaf: '' }), checkpoint: () => ({ size: 0, root: '' }) },
  } as unknown as StageServices;
  return {
    identity: { identify: async () => SOMEBODY } as unknown as RequestServices['identity'],
    stages: { FORMAL: stage, TEST: stage },
    keys: {} as RequestServices['keys'],
    metrics: new HubMetrics(),
    fault,
  };
}
