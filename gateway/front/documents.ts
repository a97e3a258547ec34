import { type DocumentNode, getOperationAST, type GraphQLError, Kind } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Prepared, prepared } from '../plan/prepared.js';
import type { Supergraph } from '../plan/supergraph.js';
import type { Kept } from '../telemetry/metrics.js';
import { refusedWith } from './outward.js';
import type { Reading } from './reading.js';

export interface DocumentOptions {
  supergraph: Supergraph;
  /** Reads what is not known yet. */
  reading: Pick<Reading, 'read'>;
}

/** A document that GraphQL refuses: in the same words for everybody. */
export interface RefusedDocument {
  refused: Buffer;
}

/** The operations of a valid document, each prepared when it is first asked for. */
export interface KnownDocument {
  /** Of its operations, in their order. */
  names: readonly (string | null)[];
  /** @throws Refusal BAD_REQUEST, GRAPHQL_VALIDATION_FAILED */
  operation(name: string | null): Prepared;
}

/** Documents in memory. Refused ones have room of their own, so that whoever sends many displaces no valid one. */
const MOST_BYTES = { known: 32 * 1024 * 1024, refused: 4 * 1024 * 1024 };
/** What a token takes of memory once parsed, measured; and of an operation what is known beside it. */
const BYTES_A_TOKEN = 400;
const BYTES_A_DOCUMENT = 2_000;

/**
 * Documents by their exact text: read, validated and measured once. Whether a caller may have any of it is no part of
 * this, and variables are not either.
 */
export class Documents {
  readonly #options: DocumentOptions;
  readonly #known = new LRUCache<string, KnownDocument>({ maxSize: MOST_BYTES.known });
  readonly #refused = new LRUCache<string, RefusedDocument>({ maxSize: MOST_BYTES.refused });
  #hits = 0;
  #misses = 0;

  constructor(options: DocumentOptions) {
    this.#options = options;
  }

  get kept(): Kept {
    const bytes = this.#known.calculatedSize + this.#refused.calculatedSize;
    return { entries: this.#known.size + this.#refused.size, bytes, hits: this.#hits, misses: this.#misses };
  }

  of(source: string): KnownDocument | RefusedDocument | Promise<KnownDocument | RefusedDocument> {
    const known = this.#known.get(source) ?? this.#refused.get(source);
    if (known) this.#hits += 1;
    else this.#misses += 1;
    return known ?? this.#read(source);
  }

  async #read(source: string): Promise<KnownDocument | RefusedDocument> {
    const read = await this.#options.reading.read(source);
    return 'kind' in read ? this.#keep(source, read) : this.#refuse(source, read);
  }

  #keep(source: string, document: DocumentNode): KnownDocument {
    const made = knownDocument(this.#options.supergraph, source, document);
    const size = source.length + (document.tokenCount ?? 0) * BYTES_A_TOKEN + BYTES_A_DOCUMENT;
    if (size <= MOST_BYTES.known) this.#known.set(source, made, { size });
    return made;
  }

  #refuse(source: string, errors: readonly GraphQLError[]): RefusedDocument {
    const said = errors.some(({ extensions }) => extensions['code'] === 'GRAPHQL_PARSE_FAILED')
      ? 'GRAPHQL_PARSE_FAILED'
      : 'GRAPHQL_VALIDATION_FAILED';
    const code = errors[0]?.message.startsWith(TOO_LONG) ? 'QUERY_TOO_LONG' : said;
    const refused = { refused: Buffer.from(JSON.stringify({ errors: refusedWith(code, errors) })) };
    const size = source.length + refused.refused.length;
    if (size <= MOST_BYTES.refused) this.#refused.set(source, refused, { size });
    return refused;
  }
}

/** How graphql-js says that there are more tokens than allowed; it has no code for that. */
const TOO_LONG = 'Syntax Error: Document contains more';

function knownDocument(supergraph: Supergraph, source: string, document: DocumentNode): KnownDocument {
  const operations = new Map<string | null, Prepared>();
  return {
    names: document.definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION ? [node.name?.value ?? null] : [],
    ),
    operation: (name) => {
      const known = operations.get(name);
      if (known) return known;
      const made = prepared(supergraph, { source, document }, getOperationAST(document, name));
      operations.set(name, made);
      return made;
    },
  };
}
