import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { devNull } from 'node:os';
import fastify, { type FastifyInstance } from 'fastify';
import { openAuthority } from '../../../certs/authority.js';
import { openJudge } from '../../../certs/judge.js';
import { type Config, readConfig } from '../../../gateway/config.js';
import { prepareDatabases } from '../../../gateway/databases.js';
import { Demand } from '../../../gateway/demand/demand.js';
import { Held } from '../../../gateway/front/held.js';
import { Followed } from '../../../gateway/followed.js';
import { addGraphql } from '../../../gateway/graphql.js';
import { followGateway } from '../../../gateway/hosting.js';
import { Identity } from '../../../gateway/identity/identify.js';
import { grantKeys, rolePasswords, signerOf } from '../../../gateway/keys.js';
import { openLog } from '../../../gateway/log.js';
import { Executions } from '../../../gateway/plan/executions.js';
import { PolicedGateway } from '../../../gateway/plan/executor.js';
import { Planner } from '../../../gateway/plan/planner.js';
import { composeSupergraph } from '../../../gateway/plan/supergraph.js';
import { Requests, type RequestServices } from '../../../gateway/requests.js';
import { publicServer } from '../../../gateway/servers.js';
import { openStages } from '../../../gateway/stages.js';
import { RemoteRoom } from '../../../subgraphs/runtime/remote.js';
import { attachDatabase } from '../../database/open.js';
import { openServices } from './nothing-asked.js';
import { NAMES, sdlOf } from './subgraphs.js';
import type { Places } from './surroundings.js';
import { counted } from '../../../gateway/telemetry/counted.js';
import { HubMetrics } from '../../../gateway/telemetry/metrics.js';

/**
 * Our gateway before the subgraphs of the bench, in a process of its own. `plain` answers anybody over HTTP, its policy
 * has nothing to decide and nothing is recorded; `TLS` is the same with certificates on both sides; `everything` is
 * what a hub starts: certificates, identity, registry, policy, sealed grants and the ledger on PostgreSQL.
 */
export type Variant = 'plain' | 'TLS' | 'everything';

export interface HubOptions {
  home: string;
  variant: Variant;
  places: Places;
}

const { home, variant, places } = JSON.parse(process.argv[2] ?? '{}') as HubOptions;
const config = readConfig({ HUB_HOME: home, HUB_PORT: '0', HUB_OPS_PORT: '0' });
// As a hub logs unless told otherwise; what is written goes nowhere.
const log = variant === 'everything' ? openLog(config.log, devNull) : openLog('error');
const fault = (error: unknown, where: string): string => {
  console.error(where, error);
  return 'bench';
};
const authority = await openAuthority(home);
const following = { everyMs: config.housekeepingMs, log, fault };

const WITHOUT_END = { ...config.demand.budgets, attended: 0, unattended: 0, night: 0 };

async function policedGateway(seal: Requests['seal'] | null): Promise<PolicedGateway> {
  const dialect = variant === 'everything' ? 'with categories' : 'without policy';
  const supergraph = composeSupergraph(NAMES.map((name) => ({ name, sdl: sdlOf(name, dialect) })));
  const planner = await Planner.open(supergraph.plannedSdl);
  const ca = (await authority.authorities()).join('\n');
  const gateway = await followGateway(authority, following, []);
  const clients = NAMES.map((name) => {
    const origin = places[name][variant === 'plain' ? 'http' : 'https'];
    const room = new RemoteRoom(name, origin, () => ({ ca, ...gateway.current }));
    return [name, variant === 'everything' ? counted(room, requests.services.metrics) : room] as const;
  });
  return new PolicedGateway({
    supergraph,
    planner,
    executions: new Executions(planner, supergraph),
    clients: new Map(clients),
    limits: config.limits,
    demand,
    seal: seal ?? (async () => ''),
  });
}

async function hubServices(): Promise<RequestServices> {
  const { url } = await attachDatabase({ home, log: () => undefined });
  const urls = await prepareDatabases(url, await rolePasswords(home));
  const sign = signerOf(await authority.signingCredentials());
  const stages = await openStages({ home, urls, sign, fault, checkpointEveryMs: config.housekeepingMs }, []);
  const registries = { FORMAL: stages.FORMAL.registry, TEST: stages.TEST.registry };
  const identity = new Identity(openJudge(home), registries);
  return { identity, stages, keys: await grantKeys(home), metrics: new HubMetrics(), fault };
}

async function plainServer(options: Parameters<typeof addGraphql>[1]): Promise<FastifyInstance> {
  const server = fastify({ exposeHeadRoutes: false });
  server.addHook('onRequest', async (request) => {
    request.caller = await options.requests.caller(request.raw.socket);
  });
  await server.register((graphql) => addGraphql(graphql, options));
  return server;
}

async function tlsServer(
  options: Parameters<typeof addGraphql>[1] & { config: Config },
): Promise<FastifyInstance> {
  const issue = (): ReturnType<typeof authority.serverCredentials> => authority.serverCredentials([]);
  const certificate = await Followed.open({ name: 'server', issue, ...following }, []);
  const authorities = await readFile(authority.bundlePath, 'utf8');
  return publicServer({
    ...options,
    certificate,
    authorities,
    doors: [],
    log,
    ending: new AbortController().signal,
  });
}

const requests = new Requests(variant === 'everything' ? await hubServices() : openServices(fault));
const budgets = variant === 'everything' ? config.demand.budgets : WITHOUT_END;
const demand = new Demand({
  settings: { ...config.demand, budgets },
  stages: requests.services.stages,
  fault,
});
const gateway = await policedGateway(variant === 'everything' ? requests.seal : null);
const options = { config, gateway, demand, requests, held: new Held(config), fault };
const server = variant === 'plain' ? await plainServer(options) : await tlsServer(options);
await server.listen({ host: '127.0.0.1', port: 0 });

process.on('message', () => process.send?.({ cpu: process.cpuUsage(), resident: process.memoryUsage().rss }));
process.once('disconnect', () => process.exit());
const scheme = variant === 'plain' ? 'http' : 'https';
process.send?.({ url: `${scheme}://localhost:${(server.server.address() as AddressInfo).port}/graphql` });
