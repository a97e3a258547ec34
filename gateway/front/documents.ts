import { type DocumentNode, getOperationAST, type GraphQLError, Kind } from 'graphql';
import { LRUCache } from 'lru-cache';
import { checkShapes, type Limits } from '../demand/limits.js';
import { type ErrorCode, Refusal } from '../errors.js';
import { type Prepared, prepared } from '../plan/prepared.js';
import type { Supergraph } from '../plan/supergraph.js';
import type { Kept } from '../telemetry/metrics.js';
import { refusedWith } from './outward.js';
import type { Reading } from './reading.js';

export interface DocumentOptions {
  supergraph: Supergraph;
  /** Reads what is not known yet. */
  reading: Pick<Reading, 'parse' | 'read'>;
  limits: Limits;
}

/** A document that GraphQL refuses, or that is built larger than the limits: in the same words for everybody. */
export interface RefusedDocument {
  refused: Buffer | Refusal;
}

/** Is told of a text that is not known once it is parsed, and may throw before it is validated, which takes longest. */
export type MayRead = (document: DocumentNode) => Promise<void>;

/** The operations of a valid document, each prepared when it is first asked for. */
export interface KnownDocument {
  /** Of its operations, in their order. */
  names: readonly (string | null)[];
  /** @throws Refusal BAD_REQUEST, GRAPHQL_VALIDATION_FAILED */
  operation(name: string | null): Prepared;
}

/** Documents in memory. Published and refused ones have room of their own, so that whoever sends many others displaces no published one, nor with refused ones a valid one. */
const MOST_BYTES = { known: 32 * 1024 * 1024, refused: 4 * 1024 * 1024 };
/** What a token takes of memory once parsed, measured; and in each operation that is prepared, with what it spreads. */
const BYTES_A_TOKEN = { parsed: 400, prepared: 100 };
const BYTES_A_DOCUMENT = 2_000;
const BYTES_AN_OPERATION = 2_500;
/** Operations of one document that are kept prepared; beyond it, what was prepared first is prepared again. */
const MOST_OPERATIONS = 16;

/**
 * Documents by their exact text: read, validated and measured once. Whether a caller may have any of it is no part of
 * this, and variables are not either.
 */
export class Documents {
  readonly #options: DocumentOptions;
  readonly #known = new LRUCache<string, KnownDocument>({ maxSize: MOST_BYTES.known });
  readonly #published = new LRUCache<string, KnownDocument>({ maxSize: MOST_BYTES.known });
  readonly #refused = new LRUCache<string, RefusedDocument>({ maxSize: MOST_BYTES.refused });
  #hits = 0;
  #misses = 0;

  constructor(options: DocumentOptions) {
    this.#options = options;
  }

  get kept(): Kept {
    const all = [this.#known, this.#published, this.#refused];
    const entries = all.reduce((sum, { size }) => sum + size, 0);
    const bytes = all.reduce((sum, { calculatedSize }) => sum + calculatedSize, 0);
    return { entries, bytes, hits: this.#hits, misses: this.#misses };
  }

  /** What is known of a text already. */
  known(source: string): KnownDocument | RefusedDocument | undefined {
    const known = this.#published.get(source) ?? this.#known.get(source) ?? this.#refused.get(source);
    if (known) this.#hits += 1;
    return known;
  }

  /** Reads a text that is not known. */
  read(source: string, mayRead?: MayRead): Promise<KnownDocument | RefusedDocument> {
    return this.#read(source, this.#known, mayRead);
  }

  /** Reads what is published, and keeps it beside all that is not. */
  publish(source: string): Promise<KnownDocument | RefusedDocument> {
    return this.#read(source, this.#published);
  }

  async #read(
    source: string,
    into: LRUCache<string, KnownDocument>,
    mayRead?: MayRead,
  ): Promise<KnownDocument | RefusedDocument> {
    this.#misses += 1;
    const { reading } = this.#options;
    const parsed = reading.parse(source);
    if (parsed) await mayRead?.(parsed);
    const tooLarge = parsed && this.#tooLarge(parsed);
    if (tooLarge) return this.#refuse(source, tooLarge, JSON.stringify(tooLarge).length);
    const read = await reading.read(source);
    if ('kind' in read) return this.#keep(source, read, into);
    const refused = Buffer.from(JSON.stringify({ errors: refusedWith(codeOf(read), read) }));
    return this.#refuse(source, refused, refused.length);
  }

  #tooLarge(document: DocumentNode): Refusal | undefined {
    const { supergraph, limits } = this.#options;
    try {
      checkShapes(supergraph.schema, document, limits);
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  #keep(source: string, document: DocumentNode, into: LRUCache<string, KnownDocument>): KnownDocument {
    const made = knownDocument(this.#options.supergraph, source, document);
    const { tokenCount = 0 } = document;
    const size =
      2 * source.length +
      tokenCount * BYTES_A_TOKEN.parsed +
      BYTES_A_DOCUMENT +
      Math.min(made.names.length, MOST_OPERATIONS) *
        (tokenCount * BYTES_A_TOKEN.prepared + BYTES_AN_OPERATION);
    if (size <= MOST_BYTES.known) into.set(source, made, { size });
    return made;
  }

  #refuse(source: string, said: Buffer | Refusal, bytes: number): RefusedDocument {
    const refused = { refused: said };
    const size = 2 * source.length + bytes + BYTES_A_DOCUMENT;
    if (size <= MOST_BYTES.refused) this.#refused.set(source, refused, { size });
    return refused;
  }
}

function codeOf(errors: readonly GraphQLError[]): ErrorCode {
  if (errors[0]?.message.startsWith(TOO_LONG)) return 'QUERY_TOO_LONG';
  return errors.some(({ extensions }) => extensions['code'] === 'GRAPHQL_PARSE_FAILED')
    ? 'GRAPHQL_PARSE_FAILED'
    : 'GRAPHQL_VALIDATION_FAILED';
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
      const [oldest] = operations.keys();
      if (operations.size >= MOST_OPERATIONS && oldest !== undefined) operations.delete(oldest);
      operations.set(name, made);
      return made;
    },
  };
}
