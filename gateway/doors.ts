import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Door } from '../subgraphs/runtime/door.js';
import type { DoorName, RoomClient } from '../subgraphs/runtime/neighbours.js';
import { sendAnswer } from '../subgraphs/runtime/serve.js';
import { cutOffWhenRevoked } from './cut-off.js';
import type { Disclosed } from '../subgraphs/runtime/disclosures.js';
import type { Demand } from './demand/demand.js';
import { appendDisclosures } from './disclosing.js';
import type { Disclosure } from './ledger/entry.js';
import { refuseOtherMethods } from './methods.js';
import type { RequestContext } from './plan/request.js';
import { authorise, refusalOf } from './policy/authorise.js';
import { roomHeaders, type Requests } from './requests.js';
import { mustBeText } from './texts.js';
import { wholeBody } from './whole-body.js';

export interface OuterDoor {
  name: DoorName;
  door: Door;
  client: RoomClient;
}

/** The rooms' bulk doors: the same identity, policy and ledger as a query, then the room with the same grant. */
export async function addDoors(
  server: FastifyInstance,
  doors: OuterDoor[],
  requests: Requests,
  demand: Demand,
): Promise<void> {
  demand.limitTransfers(server);
  // Bodies of any type go to the room as they come, unread.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  for (const outer of doors) {
    const [method = 'GET', url = '/'] = outer.name.split(' ');
    server.route({
      method: method as 'GET' | 'POST',
      url,
      handler: (request, reply) => answerDoor(outer, request, reply, requests),
    });
  }
  for (const [url, allowed] of methodsByUrl(doors)) refuseOtherMethods(server, url, allowed);
}

function methodsByUrl(doors: OuterDoor[]): Map<string, HTTPMethods[]> {
  const byUrl = Map.groupBy(doors, ({ name }) => name.split(' ')[1] ?? '/');
  return new Map(
    [...byUrl].map(([url, there]) => [url, there.map(({ name }) => name.split(' ')[0] as HTTPMethods)]),
  );
}

async function answerDoor(
  { name, door, client }: OuterDoor,
  request: FastifyRequest,
  reply: FastifyReply,
  requests: Requests,
): Promise<FastifyReply> {
  const caller = request.caller;
  mustBeText(Object.values(request.params as Record<string, string>));
  const context = await requests.context(caller, request.headers);
  request.hub = context;
  await context.mustStand([isReading(name) ? 'DOWNLOAD' : 'UPLOAD'], { kind: 'DOOR', name });
  const { reach, refused } = authorise(caller, context.purpose, context.facts, door.requires, new Date());
  const record = (release: Disclosure | null, disclosed: readonly Disclosed[] = []): Promise<void> =>
    context.record({
      operation: { kind: 'DOOR', name },
      permissions: door.requires,
      refusals: [...refused].map(([permission, { rule, code }]) => ({ permission, rule, code })),
      release,
      disclosed,
    });
  const [refusal] = refused.values();
  // What changes something is recorded before it is done; what only reads, in one row with what it was told.
  if (refusal || !isReading(name)) await record(null);
  if (refusal) throw refusalOf(refusal);
  cutOffWhenRevoked({ request, reply }, context, { permissions: door.requires, reach }, requests);
  const asked = {
    params: request.params as Record<string, string>,
    query: request.query as Record<string, string>,
    headers: roomHeaders(request.headers),
    body: wholeBody(request),
  };
  const sealed = await requests.seal(context.grantOf(reach));
  const {
    release,
    disclosed = [],
    ...outward
  } = await client.door(name, asked, sealed).catch(async (error: unknown) => {
    if (isReading(name)) await record(null);
    throw error;
  });
  const disclosure = release ? { ...release, bytes: null } : null;
  if (isReading(name)) await record(disclosure, disclosed);
  else if (disclosure) await recordRelease(name, context, { release: disclosure, disclosed }, requests);
  return sendAnswer(reply, outward);
}

function isReading(name: DoorName): boolean {
  return name.startsWith('GET ');
}

/** Committed before the first byte leaves. */
async function recordRelease(
  name: DoorName,
  context: RequestContext,
  { release, disclosed }: { release: Disclosure; disclosed: readonly Disclosed[] },
  requests: Requests,
): Promise<void> {
  const { request, caller, purpose } = context;
  const { stages, metrics } = requests.services;
  const { ledger } = stages[caller.stage];
  await Promise.all([
    ledger.append({ event: 'RELEASE', request, tenant: caller.tenant, purpose, release }),
    appendDisclosures(ledger, context, { operation: name, object: release.object }, disclosed),
  ]);
  metrics.released(caller, release);
}
