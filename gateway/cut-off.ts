import { isDeepStrictEqual } from 'node:util';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authorise } from './policy/authorise.js';
import type { Permission } from './policy/categories.js';
import type { Grant } from './policy/grant.js';
import type { RequestContext } from './plan/request.js';
import type { Requests } from './requests.js';

const LOOK_MS = 400;

/**
 * A body may be hours on its way, in or out. Who loses the certificate, the scope or the consent meanwhile is cut off
 * within a second: the connection ends, and what had come until then stands as that of any broken connection.
 */
export function cutOffWhenRevoked(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { purpose }: RequestContext,
  granted: { permissions: readonly Permission[]; reach: Grant['reach'] },
  requests: Requests,
): void {
  const mustStand = async (): Promise<void> => {
    const caller = await requests.caller(request);
    const facts = await requests.services.stages[caller.stage].registry.facts(caller.tenant);
    const { reach } = authorise(caller, purpose, facts, granted.permissions, new Date());
    if (!isDeepStrictEqual(reach, granted.reach)) throw new Error('the reach is another by now');
  };
  const { socket } = request.raw;
  const looking = setInterval(() => void mustStand().catch(() => socket.destroy()), LOOK_MS);
  looking.unref();
  reply.raw.once('close', () => clearInterval(looking));
}
