import { readConfig } from '../../gateway/config.js';
import { grantKeys } from '../../gateway/keys.js';
import { PolicedGateway } from '../../gateway/plan/executor.js';
import { policed } from '../../gateway/plan/policed.js';
import { openGrant, sealGrant } from '../../gateway/policy/seal.js';
import { Requests } from '../../gateway/requests.js';
import { RoomHost } from '../../subgraphs/runtime/host.js';

/**
 * Makes the hubs of this process do twice what they do to decide about a request: whose certificate it is and how it
 * stands, the purpose, the limits of the document, a decision on each permission. The second time decides
 * nothing. So what policy costs is measured on a hub that leaves none of it out.
 */
export async function policeTwice(): Promise<void> {
  const { limits } = readConfig({});
  const { caller, context } = Requests.prototype;
  Requests.prototype.caller = async function (...given) {
    await caller.apply(this, given);
    return caller.apply(this, given);
  };
  Requests.prototype.context = async function (...given) {
    await context.apply(this, given);
    return context.apply(this, given);
  };
  beforeEach(async (prepared, variables, asking) => {
    await asking.mustStand(prepared.acts, { kind: 'QUERY', name: null, sha256: '' });
    policed(limits, prepared, variables, asking);
  });
}

/** The same for the grant that carries the decision to the rooms: it is sealed and opened twice. */
export async function grantTwice(home: string): Promise<void> {
  const { privateKey, publicKey } = await grantKeys(home);
  beforeEach(
    async (_prepared, _variables, context) => void (await sealGrant(context.grantOf({}), privateKey)),
  );
  const { graphql } = RoomHost.prototype;
  RoomHost.prototype.graphql = async function (request, sealedGrant) {
    await openGrant(sealedGrant, publicKey);
    return graphql.call(this, request, sealedGrant);
  };
}

function beforeEach(work: (...asked: Parameters<PolicedGateway['answer']>) => Promise<void>): void {
  const { answer } = PolicedGateway.prototype;
  PolicedGateway.prototype.answer = async function (...asked) {
    await work(...asked);
    return answer.apply(this, asked);
  };
}
