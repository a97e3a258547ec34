import { readConfig } from '../../gateway/config.js';
import { grantKeys } from '../../gateway/keys.js';
import { actsAsked } from '../../gateway/plan/asked.js';
import { PolicedGateway } from '../../gateway/plan/executor.js';
import { type Incoming, policed } from '../../gateway/plan/policed.js';
import { composeSupergraph, type Supergraph } from '../../gateway/plan/supergraph.js';
import { openGrant, sealGrant } from '../../gateway/policy/seal.js';
import { Requests } from '../../gateway/requests.js';
import { RoomHost } from '../../subgraphs/runtime/host.js';
import { schemaFiles } from '../checks/schema-files.js';

/**
 * Makes the hubs of this process do twice what they do to decide about a request: whose certificate it is and how it
 * stands, the purpose, the limits of the document, a decision on each permission, pruning. The second time decides
 * nothing. So what policy costs is measured on a hub that leaves none of it out.
 */
export async function policeTwice(): Promise<void> {
  const options = { supergraph: await supergraphOfRooms(), limits: readConfig({}).limits };
  const { caller, context } = Requests.prototype;
  Requests.prototype.caller = async function (...given) {
    await caller.apply(this, given);
    return caller.apply(this, given);
  };
  Requests.prototype.context = async function (...given) {
    await context.apply(this, given);
    return context.apply(this, given);
  };
  beforeEach(async (incoming) => {
    const { document, operation, context: asking, request } = incoming;
    await asking.mustStand(actsAsked(document, operation), { kind: 'QUERY', name: null, sha256: '' });
    policed(options, incoming, { document, operation, variables: request.variables ?? {} });
  });
}

/** The same for the grant that carries the decision to the rooms: it is sealed and opened twice. */
export async function grantTwice(home: string): Promise<void> {
  const { privateKey, publicKey } = await grantKeys(home);
  beforeEach(async ({ context }) => void (await sealGrant(context.grantOf({}), privateKey)));
  const { graphql } = RoomHost.prototype;
  RoomHost.prototype.graphql = async function (request, sealedGrant) {
    await openGrant(sealedGrant, publicKey);
    return graphql.call(this, request, sealedGrant);
  };
}

function beforeEach(work: (incoming: Incoming) => Promise<void>): void {
  const { load } = PolicedGateway.prototype;
  PolicedGateway.prototype.load = async function (...given) {
    const { executor } = await load.apply(this, given);
    return {
      executor: async (incoming) => {
        await work(incoming as unknown as Incoming);
        return executor!(incoming);
      },
    };
  };
}

async function supergraphOfRooms(): Promise<Supergraph> {
  const files = [...(await schemaFiles())].map(([file, sdl]) => ({
    name: file.replace('.graphql', ''),
    sdl,
  }));
  return composeSupergraph(files.filter(({ name }) => !['supergraph', 'api'].includes(name)));
}
