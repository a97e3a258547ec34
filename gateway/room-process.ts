import { readFile } from 'node:fs/promises';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { openAuthority } from '../certs/authority.js';
import { openJudge } from '../certs/judge.js';
import { rooms as declaredRooms } from '../subgraphs/index.js';
import { RoomHost } from '../subgraphs/runtime/host.js';
import type { RoomClient } from '../subgraphs/runtime/neighbours.js';
import { roomServer, type RoomTls } from '../subgraphs/runtime/serve.js';
import { certifying } from './certifying.js';
import { Followed } from './followed.js';
import { clientOf, databaseOpener, followGateway, type HubOptions, remoteOpener } from './hosting.js';
import { grantKeys, signerOf } from './keys.js';
import { logFault } from './log.js';
import { openTraces } from './telemetry/traces.js';

/**
 * Starts one room as a process of its own. It answers the gateway's client certificate and nobody else, and needs a
 * valid grant even then; its neighbours are where HUB_ROOMS says.
 */
export async function startRoom(
  options: HubOptions & { name: string },
): Promise<{ url: string; reload(): Promise<void>; stop(): Promise<void> }> {
  const { name, config, databases, log } = options;
  const declared = declaredRooms.find((room) => room.name === name);
  if (!declared)
    throw new Error(
      `There is no room ${name}; rooms are ${declaredRooms.map((room) => room.name).join(', ')}.`,
    );
  const fault = (error: unknown, where: string): string => logFault(log, error, where);
  const closing: (() => unknown)[] = [];
  await openTraces(config, `hub ${name}`, closing);
  const authority = await openAuthority(config.home);
  const following = { everyMs: config.housekeepingMs, log, fault };
  const gateway = await followGateway(authority, following, closing);
  const ca = await readFile(authority.bundlePath, 'utf8');
  const clients = new Map<string, RoomClient>();
  const remoteOf = remoteOpener(() => ({ ca, ...gateway.current }), { config, log }, closing);
  for (const [neighbour, origin] of Object.entries(config.rooms)) {
    clients.set(neighbour, remoteOf(neighbour, origin));
  }
  const { publicKey: grantKey } = await grantKeys(config.home);
  const sign = signerOf(await authority.signingCredentials());
  const { periods, disclosureRules } = config;
  const services = { sign, fault, periods, disclosureRules, ...certifying(authority) };
  const databaseOf = databaseOpener(databases, config.databasePool, closing, options.onStatement);
  const roomOf = (wanted: string): RoomClient => clientOf(clients, wanted);
  const room = await declared.build();
  const host = new RoomHost(room, { databaseOf, grantKey, services, roomOf });
  clients.set(name, host);
  const own = await Followed.open(
    { name: 'server', issue: () => authority.serverCredentials(config.serverNames), ...following },
    closing,
  );
  const tls = (): RoomTls => ({
    key: own.current.key,
    cert: own.current.certificate,
    ca,
    minVersion: 'TLSv1.2',
  });
  const judge = openJudge(config.home);
  const server = await roomServer({
    room,
    host,
    tls: tls(),
    isGateway: ({ raw: { socket } }) =>
      socket instanceof TLSSocket && judge.isGateway(socket.getPeerX509Certificate()),
    fault,
  });
  own.onRenewed(() => (server.server as HttpsServer).setSecureContext(tls()));
  await server.listen({ host: config.host, port: config.roomPort });
  return {
    url: `https://localhost:${(server.server.address() as AddressInfo).port}`,
    reload: async () => {
      await Promise.all([own.look(), gateway.look()]);
    },
    stop: async () => {
      const cut = setTimeout(() => server.server.closeAllConnections(), config.endMs);
      await server.close();
      clearTimeout(cut);
      for (const close of closing.reverse()) await close();
    },
  };
}
