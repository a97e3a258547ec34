import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Answer } from '../plan/answer.js';
import type { Prepared } from '../plan/prepared.js';

/** What a request says of an answer that it may have already (RFC 9110, 13.1.2), and what its own answer is to say. */
export interface Conditions {
  /** Whether the client has this answer. */
  isMet: (answer: Answer) => boolean;
  headersOf: (answer: Answer) => Record<string, string>;
}

/**
 * Published statistics stay the same until a revision is published, so clients may keep them, if they ask each time
 * whether they still hold. Whatever else is answered is nothing to keep. It is answered under the policy of the moment in
 * any case, and compared then.
 */
export function conditionsOf({ method, headers }: FastifyRequest, prepared: Prepared): Conditions {
  if (method !== 'GET' || !isOfPublished(prepared)) return UNCONDITIONAL;
  const held = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return {
    isMet: (answer) => held.includes(tagOf(answer) ?? ''),
    headersOf: (answer) => {
      const tag = tagOf(answer);
      // Weak, because the same answer leaves in several codings.
      return tag ? { etag: `W/${tag}`, 'cache-control': 'private, no-cache', vary: VARY } : UNKEPT;
    },
  };
}

const VARY = 'accept, accept-encoding, x-hub-purpose';
const UNKEPT = { 'cache-control': 'no-store' };
const UNCONDITIONAL: Conditions = { isMet: () => false, headersOf: () => UNKEPT };

function isOfPublished({ recorded, asked, used }: Prepared): boolean {
  if (recorded.kind !== 'QUERY' || used.size > 0 || asked.size === 0) return false;
  return [...asked].every((permission) => permission === 'statistics:read');
}

/** None for an answer with errors: what failed may succeed the next time. */
function tagOf({ data, errors = [], extensions }: Answer): string | undefined {
  if (!data || errors.length > 0 || extensions) return undefined;
  return `"${createHash('sha256').update(data).digest('base64url')}"`;
}
