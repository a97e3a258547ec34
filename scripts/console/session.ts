import { randomUUID } from 'node:crypto';
import type { StageUrls } from '../../gateway/stage-urls.js';
import { readConfig } from '../../gateway/config.js';
import type { Grant, Stage } from '../../gateway/policy/grant.js';
import { Database } from '../../subgraphs/runtime/database.js';
import { Session, type SessionServices } from '../../subgraphs/runtime/session.js';
import type { TenantsContext } from '../../subgraphs/tenants/resolver.js';
import { tenantsContext, tenantsEntities } from '../../subgraphs/tenants/room.js';

const EVERYWHERE = { areas: [''], subjects: [] };

/**
 * The operator at the machine itself: whoever can read HUB_HOME may set up tenants before anybody can call. The same
 * repositories and row-level security as over the wire, under a grant that names the console.
 */
export async function atConsole<T>(
  stage: Stage,
  urls: Record<Stage, StageUrls>,
  work: (room: TenantsContext) => Promise<T>,
  services: Partial<SessionServices> = {},
  checkpoint: Grant['checkpoint'] = { size: 0, root: '' },
): Promise<T> {
  const database = new Database({ url: urls[stage].rooms, size: 1 });
  try {
    const orm = await database.orm(tenantsEntities);
    const grant = consoleGrant(stage, checkpoint);
    const em = orm.em.fork();
    em.setSessionContext({ variables: { 'hub.grant': JSON.stringify(grant) } });
    return await em.transactional(async (inner) => {
      const session = new Session(grant, inner, noNeighbours, { ...noServices, ...services });
      return work(tenantsContext(session));
    });
  } finally {
    await database.close();
  }
}

const refusal = (): Promise<never> =>
  Promise.reject(new Error('this work at the console signs and certifies nothing'));
const noServices: SessionServices = {
  sign: refusal,
  readRequest: refusal,
  certify: refusal,
  revokeIssued: refusal,
  periods: readConfig({}).periods,
  disclosureRules: readConfig({}).disclosureRules,
};
const noNeighbours = { call: () => Promise.reject(new Error('the console reaches no other room')) };

function consoleGrant(stage: Stage, checkpoint: Grant['checkpoint']): Grant {
  return {
    request: randomUUID(),
    caller: {
      tenant: 'console',
      name: 'console',
      tier: 'NATIONAL',
      area: '100000',
      uscc: null,
      stage,
      fingerprint: '',
    },
    purpose: 'PLATFORM_OPERATION',
    reach: {
      'tenants:read': EVERYWHERE,
      'tenants:write': EVERYWHERE,
      'purposes:read': EVERYWHERE,
      'purposes:write': EVERYWHERE,
      'purposes:approve': EVERYWHERE,
      'scopes:read': EVERYWHERE,
      'scopes:write': EVERYWHERE,
      'applications:approve': EVERYWHERE,
      'consents:read': EVERYWHERE,
      'consents:write': EVERYWHERE,
    },
    checkpoint,
  };
}
