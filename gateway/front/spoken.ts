import type { FastifyRequest } from 'fastify';
import { Refusal } from '../errors.js';
import { type Form, formOf } from './accept.js';

/**
 * What the headers say, before anything is read or runs: a mutation must not be done for a caller who cannot read what
 * came of it.
 *
 * @throws Refusal UNSUPPORTED_MEDIA_TYPE, NOT_ACCEPTABLE, BAD_REQUEST
 */
export function formSpoken({ method, headers }: FastifyRequest): Form {
  const { accept, 'content-encoding': encoding, 'content-type': type } = headers;
  if (encoding && encoding !== 'identity') throw new Refusal('UNSUPPORTED_MEDIA_TYPE');
  const form = formOf(accept);
  if (method === 'GET') {
    if (type !== undefined && mediaTypeOf(type) !== 'application/json')
      throw new Refusal('UNSUPPORTED_MEDIA_TYPE');
    if (type === undefined && !UNSENT_BY_PAGES.some((name) => headers[name]))
      throw new Refusal('BAD_REQUEST', FORGED);
  }
  return form;
}

/** Browsers ask first before they let a page of another site send these; a body of JSON likewise. */
const UNSENT_BY_PAGES = ['x-hub-purpose', 'x-apollo-operation-name', 'apollo-require-preflight'];

const FORGED = {
  message: 'A web page of another site could have sent this.',
  remedy: 'Send content-type: application/json or x-hub-purpose with a GET, too.',
};

function mediaTypeOf(header: string): string {
  return header.split(';')[0]!.trim().toLowerCase();
}
