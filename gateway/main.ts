import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { openAuthority } from '../certs/authority.js';
import { openJudge } from '../certs/judge.js';
import { rooms as declaredRooms } from '../subgraphs/index.js';
import type { DoorName, RoomClient } from '../subgraphs/runtime/neighbours.js';
import type { Room } from '../subgraphs/runtime/room.js';
import { composeRooms } from './composed.js';
import { counted } from './telemetry/counted.js';
import { HubMetrics } from './telemetry/metrics.js';
import { Demand } from './demand/demand.js';
import { TrustedDocuments } from './demand/trusted.js';
import { openTraces } from './telemetry/traces.js';
import type { OuterDoor } from './doors.js';
import { Followed } from './followed.js';
import { FollowedLimits } from './followed-limits.js';
import { Identity } from './identity/identify.js';
import { RefusedCertificates } from './identity/refused.js';
import { Housekeeping } from './housekeeping.js';
import { clientOf, type HubOptions, openRooms } from './hosting.js';
import { grantKeys, signerOf } from './keys.js';
import { ledgerSubgraph } from './ledger/subgraph.js';
import { logFault } from './log.js';
import { operationsServer } from './operations.js';
import { PolicedGateway } from './plan/executor.js';
import { nodesSubgraph } from './plan/nodes.js';
import { STAGES } from './policy/grant.js';
import { Requests } from './requests.js';
import { publicServer } from './servers.js';
import { openStages } from './stages.js';

export interface Hub {
  /** `https://localhost:8443` */
  url: string;
  operationsUrl: string;
  /** Resolves when the gateway knows what the registries of tenants, certificates, scopes and consents say now. */
  catchUp(): Promise<void>;
  /** Reads anew what may change while it runs: limits, certificates, revocation lists. What cannot be read is logged. */
  reload(): Promise<void>;
  /** Is not ready any more, answers what is under way, then ends. */
  stop(): Promise<void>;
}

const CRL_CHECK_MS = 6 * 3_600_000;

/** Starts the gateway and every room that does not run elsewhere, in this process. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { config, log } = options;
  const fault = (error: unknown, where: string): string => logFault(log, error, where);
  const closing: (() => unknown)[] = [];
  await openTraces(config, 'hub gateway', closing);
  const authority = await openAuthority(config.home);
  const certificate = await Followed.open(
    {
      name: 'server',
      issue: () => authority.serverCredentials(config.serverNames),
      everyMs: config.housekeepingMs,
      log,
      fault,
    },
    closing,
  );
  const limits = await FollowedLimits.open({ config, log, fault }, closing);
  const keys = await grantKeys(config.home);
  const sign = signerOf(await authority.signingCredentials());
  const stages = await openStages(
    { home: config.home, urls: options.databases, sign, fault, checkpointEveryMs: config.housekeepingMs },
    closing,
  );
  const clients = await openRooms(options, keys.publicKey, fault, closing);
  const { rooms, nodes, supergraph, planner, executions } = await composeRooms();
  const readings = { FORMAL: stages.FORMAL.reading, TEST: stages.TEST.reading };
  const own = [
    nodesSubgraph(nodes, (name) => clientOf(clients, name), fault),
    ledgerSubgraph({ readings, grantKey: keys.publicKey, fault }),
  ];
  const refused = new RefusedCertificates(
    { FORMAL: stages.FORMAL.ledger, TEST: stages.TEST.ledger },
    fault,
  ).open();
  closing.push(() => refused.close());
  const registries = { FORMAL: stages.FORMAL.registry, TEST: stages.TEST.registry };
  const metrics = new HubMetrics();
  metrics.cache('plans', () => executions.kept);
  metrics.ledgers({ FORMAL: () => stages.FORMAL.ledger.lag, TEST: () => stages.TEST.ledger.lag });
  const requests = new Requests({
    metrics,
    identity: new Identity(openJudge(config.home), registries, (sighting) => refused.note(sighting)),
    stages,
    keys,
    fault,
  });
  const demand = new Demand({ settings: config.demand, stages, fault });
  closing.push(() => demand.close());
  const gateway = new PolicedGateway({
    supergraph,
    planner,
    executions,
    clients: new Map([...clients.values(), ...own].map((client) => [client.name, counted(client, metrics)])),
    limits: limits.current,
    demand,
    seal: requests.seal,
  });
  const ending = new AbortController();
  const server = await publicServer({
    ending: ending.signal,
    config,
    certificate,
    authorities: await readFile(authority.bundlePath, 'utf8'),
    gateway,
    demand,
    trusted: new TrustedDocuments({ pool: stages.FORMAL.pool, fault }),
    doors: outerDoors(rooms, (name) => counted(clientOf(clients, name), metrics)),
    requests,
    log,
    fault,
  });
  const housekeeping = new Housekeeping({
    rooms: declaredRooms,
    clientOf: (name) => clientOf(clients, name),
    services: requests.services,
    log,
    everyMs: config.housekeepingMs,
  });
  const operations = operationsServer({
    metrics,
    ending: ending.signal,
    canDecide: () => registries.FORMAL.facts(''),
    rooms: [...clients.values()],
    housekeeping: housekeeping.metrics,
    home: config.home,
    serverCertificate: certificate,
  });
  await server.listen({ host: config.host, port: config.port });
  await operations.listen({ host: '127.0.0.1', port: config.opsPort });
  await housekeeping.open();
  const crlTimer = setInterval(
    () => void authority.crls().catch((error: unknown) => fault(error, 'revocation lists')),
    CRL_CHECK_MS,
  );
  return {
    url: `https://localhost:${portOf(server)}`,
    operationsUrl: `http://localhost:${portOf(operations)}`,
    catchUp: async () => {
      await Promise.all(STAGES.map((stage) => registries[stage].catchUp()));
    },
    reload: async () => {
      await Promise.all([
        limits.look(),
        certificate.look(),
        authority.crls().catch((error: unknown) => fault(error, 'revocation lists')),
        ...STAGES.map((stage) =>
          registries[stage].catchUp().catch((error: unknown) => fault(error, `registry of ${stage}`)),
        ),
      ]);
    },
    stop: async () => {
      clearInterval(crlTimer);
      ending.abort();
      // Whoever balances has to see first that nothing more is to come here.
      await pause(config.drainMs);
      await housekeeping.close();
      await server.close();
      await operations.close();
      for (const close of closing.reverse()) await close();
    },
  };
}

function outerDoors(rooms: Room[], clientOf: (name: string) => RoomClient): OuterDoor[] {
  return rooms.flatMap(({ name: room, doors }) =>
    Object.entries(doors ?? {})
      .filter(([, door]) => door.audience === 'outer')
      .map(([name, door]) => ({ name: name as DoorName, door, client: clientOf(room) })),
  );
}

function portOf(server: FastifyInstance): number {
  return (server.server.address() as AddressInfo).port;
}
