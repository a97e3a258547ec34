import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../errors.js';
import type { Caller } from '../policy/grant.js';
import type { TrustedDocuments } from './trusted.js';

/** Whether documents are accepted beside those that the operator published. */
export const TRUSTED_MODES = ['also', 'only'] as const;
export type TrustedMode = (typeof TRUSTED_MODES)[number];

/** How a request names its document; at least one is there. */
export interface NamedSource {
  query: string | null;
  /** `documentId`, of GraphQL over HTTP, appendix on persisted documents. */
  documentId: string | null;
  /** `extensions.persistedQuery.sha256Hash`. */
  sha256: string | null;
}

/** Texts that clients have sent with their hash. Each counts twice its length, as memory does. */
const MOST_BYTES = 8 * 1024 * 1024;
const LONGEST = 64 * 1024;
const OF_HASH = /^(?:sha256:)?([0-9a-f]{64})$/;

/**
 * The text of the document that a request names. What one tenant has sent with its hash no other can find: the answer
 * would tell what others ask.
 */
export class Sources {
  readonly #mode: TrustedMode;
  readonly #trusted: Pick<TrustedDocuments, 'get'> | undefined;
  readonly #sent = new LRUCache<string, string>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ length }, key) => 2 * (length + key.length),
  });

  constructor(mode: TrustedMode, trusted?: Pick<TrustedDocuments, 'get'>) {
    this.#mode = mode;
    this.#trusted = trusted;
  }

  /** @throws Refusal BAD_REQUEST, DOCUMENT_UNKNOWN, DOCUMENT_NOT_TRUSTED, PERSISTED_QUERY_NOT_FOUND */
  of({ query, documentId, sha256 }: NamedSource, caller: Caller): string {
    if (documentId !== null) {
      if (query !== null || sha256 !== null) throw refused('documentId stands alone, without a document.');
      const [, hash = ''] = OF_HASH.exec(documentId) ?? [];
      return this.#trusted?.get(hash) ?? fail(new Refusal('DOCUMENT_UNKNOWN'));
    }
    if (sha256 === null) return query === null ? fail(refused(NO_DOCUMENT)) : this.#allowed(query);
    return this.#persisted(query, sha256, `${caller.stage} ${caller.tenant} ${sha256}`);
  }

  /** Automatic persisted queries: by its hash alone, or, where that is not known, by both. */
  #persisted(query: string | null, sha256: string, key: string): string {
    if (!OF_HASH.test(sha256)) throw refused('The hash of a persisted query is no SHA-256 in hexadecimal.');
    if (query === null) {
      const known = this.#trusted?.get(sha256) ?? this.#sent.get(key);
      return known ?? fail(new Refusal('PERSISTED_QUERY_NOT_FOUND'));
    }
    if (hashOf(query) !== sha256) throw refused('The hash is not that of the document.');
    const allowed = this.#allowed(query);
    if (this.#mode === 'also' && query.length <= LONGEST) this.#sent.set(key, query);
    return allowed;
  }

  #allowed(query: string): string {
    if (this.#mode === 'only' && !this.#trusted?.get(hashOf(query)))
      throw new Refusal('DOCUMENT_NOT_TRUSTED');
    return query;
  }
}

const NO_DOCUMENT = 'There is no query: a text with one GraphQL document.';

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function refused(message: string): Refusal {
  return new Refusal('BAD_REQUEST', { message });
}

function fail(refusal: Refusal): never {
  throw refusal;
}
