import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CertificateError } from '../certs/certificate-error.js';
import { ISSUERS } from '../certs/names.js';
import { readPublishedLists, type PublishedLists } from '../certs/published.js';

/**
 * The revocation lists for whoever verifies certificates beside the hub: all three as PEM, or each as DER (RFC 5280;
 * RFC 2585 has its content type). They are read anew on every request, so they are as current as the hub's own judge.
 */
export function addRevocationLists(server: FastifyInstance, home: string): void {
  const answer =
    (type: string, body: (lists: PublishedLists) => Buffer, since: (lists: PublishedLists) => Date) =>
    (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      const lists = orUndefined(() => readPublishedLists(home));
      // Damaged or out of date: no list at all is what makes a verifier refuse.
      if (!lists) return reply.code(503).send({ error: 'The revocation lists cannot be read now.' });
      return sendUnlessKnown(request, reply, { type, body: body(lists), modified: since(lists) });
    };
  const newest = ({ each }: PublishedLists): Date =>
    new Date(Math.max(...ISSUERS.map((id) => each[id].thisUpdate.getTime())));
  server.get(
    '/crl',
    answer('application/x-pem-file', ({ bundle }) => Buffer.from(bundle), newest),
  );
  for (const id of ISSUERS) {
    const url = `/crl/${id.toLowerCase()}.crl`;
    server.get(
      url,
      answer(
        'application/pkix-crl',
        ({ each }) => each[id].der,
        ({ each }) => each[id].thisUpdate,
      ),
    );
  }
}

function sendUnlessKnown(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { type, body, modified }: { type: string; body: Buffer; modified: Date },
): FastifyReply {
  const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
  reply.headers({ etag, 'last-modified': modified.toUTCString(), 'cache-control': 'no-cache' });
  const known = headers['if-none-match'];
  const since = headers['if-modified-since'];
  // The tag says more than the second, so the time counts only where no tag was sent (RFC 9110, 13.2.2).
  const isKnown = known ? known.includes(etag) : Boolean(since && modified.getTime() <= Date.parse(since));
  return isKnown ? reply.code(304).send() : reply.type(type).send(body);
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}
