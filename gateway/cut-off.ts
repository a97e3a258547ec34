import { isDeepStrictEqual } from 'node:util';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { connectionOf, reset } from './connections.js';
import { Refusal } from './errors.js';
import { authorise } from './policy/authorise.js';
import type { Permission } from './policy/categories.js';
import type { Grant } from './policy/grant.js';
import type { RequestContext } from './plan/request.js';
import type { Requests } from './requests.js';

/** With the registry's fifth of a second, half of the second that a revocation may take. */
const LOOK_MS = 250;
/** A registry that cannot be asked for a moment cuts nobody off: what is asked anew is refused meanwhile. */
const PATIENCE_MS = 10_000;

/**
 * A body may be hours on its way, in or out. Who loses the certificate, the scope or the consent meanwhile is cut off
 * within a second: the connection is reset, with all that HTTP/2 has on it, and what had come until then stands as that of any broken connection.
 */
export function cutOffWhenRevoked(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { purpose }: RequestContext,
  granted: { permissions: readonly Permission[]; reach: Grant['reach'] },
  requests: Requests,
): void {
  // Kept from the start: once its body is read, a request no longer knows its connection.
  const connection = connectionOf(request);
  let confirmedAt = Date.now();
  const stands = async (): Promise<boolean> => {
    const caller = await requests.caller(connection);
    const facts = await requests.services.stages[caller.stage].registry.facts(caller.tenant);
    confirmedAt = Date.now();
    const { reach } = authorise(caller, purpose, facts, granted.permissions, new Date());
    return isDeepStrictEqual(reach, granted.reach);
  };
  const isLost = (error: unknown): boolean =>
    (error instanceof Refusal && error.code !== 'REGISTRY_STALE') || Date.now() - confirmedAt > PATIENCE_MS;
  const look = async (): Promise<void> => {
    const isGood = await stands().catch((error: unknown) => !isLost(error));
    if (!isGood) reset(connection);
  };
  const looking = setInterval(() => void look(), LOOK_MS);
  looking.unref();
  reply.raw.once('close', () => clearInterval(looking));
}
